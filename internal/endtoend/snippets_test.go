package endtoend

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// TestTheJavaScriptOfTheAPIPageWorks runs it in Node against the whole service. The
// page's curl commands have their test in httpapi.
func TestTheJavaScriptOfTheAPIPageWorks(t *testing.T) {
	if version, err := exec.CommandContext(t.Context(), "node", "--version").Output(); err != nil || len(version) < 4 || string(version) < "v20" {
		t.Skipf("there is no Node 20 or newer: %s", version)
	}
	page, err := os.ReadFile(fromCheckout(t, "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	var program strings.Builder
	for _, block := range regexp.MustCompile("(?s)```js\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		program.WriteString(block[1])
	}
	s := newService(t)
	s.startAll()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "snippets.mjs"), []byte(program.String()))
	write(t, filepath.Join(dir, "portrait.jpg"), testpictures.Portrait(t, portraits.Smiling))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", "snippets.mjs")
	node.Dir, node.Env = dir, append(os.Environ(), "HOST=http://"+s.addr)
	out, err := node.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if lines := strings.Split(strings.TrimSpace(string(out)), "\n"); !strings.HasPrefix(lines[0], "take_another") || !regexp.MustCompile(`^2 [a-z2-7]{26}$`).MatchString(lines[len(lines)-1]) {
		t.Errorf("it says:\n%s", out)
	}
	for name, start := range map[string]string{"photo.jpg": "\xff\xd8", "sheet.pdf": "%PDF-"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.HasPrefix(string(b), start) {
			t.Errorf("%s has %d bytes, %v", name, len(b), err)
		}
	}
}
