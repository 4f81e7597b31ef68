package httpapi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const apiPage = "../../docs/api.md"

// TestTheExamplesOfTheAPIPageWork runs each curl and openssl command of the page, in
// order, as a reader would.
func TestTheExamplesOfTheAPIPageWork(t *testing.T) {
	s := newService(t)
	page, err := os.ReadFile(apiPage)
	s.must(err)
	commands := regexp.MustCompile(`(?m)^(?:curl|openssl) .*$`).FindAllString(string(page), -1)
	if len(commands) < 7 || !strings.HasPrefix(commands[len(commands)-1], "openssl") {
		t.Fatalf("the page has only %d commands: %q", len(commands), commands)
	}
	dir := t.TempDir()
	s.must(os.WriteFile(filepath.Join(dir, "portrait.jpg"), []byte(portrait(t)), 0o600))
	s.must(os.WriteFile(filepath.Join(dir, "preview.jpg"), []byte(aPreview(t)), 0o600))
	finished := aPhoto(t, 600, 600)
	env := append(os.Environ(), "HOST="+s.url)
	for _, command := range commands {
		if _, err := exec.LookPath("openssl"); err != nil && strings.HasPrefix(command, "openssl") {
			t.Skip("no openssl to verify the receipt with")
		}
		sh := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command, "curl ", "curl -sS --fail-with-body ", 1))
		sh.Dir, sh.Env = dir, env
		out, err := sh.CombinedOutput()
		if err != nil {
			t.Fatalf("%s\n%v: %s", command, err, out)
		}
		if strings.Contains(command, "-F file") && strings.Contains(command, "/v1/photos") {
			var a accepted
			reply{body: out}.decode(t, &a)
			env = append(env, "ID="+a.ID, "KEY="+a.Key)
			s.finish(a, finished) // so that the waiting ends
		}
		if named := regexp.MustCompile(`(?i)\nErasure-Receipt: (\S+)`).FindSubmatch(out); named != nil {
			env = append(env, "RECEIPT="+string(named[1]))
			s.nothingLeft()
		}
		if strings.HasSuffix(command, "/erasures/$RECEIPT\"") {
			var r struct {
				State string
				KeyID string `json:"key_id"`
			}
			reply{body: out}.decode(t, &r)
			if r.State != "finished" {
				t.Errorf("the receipt is %s", r.State)
			}
			env = append(env, "KEY_ID="+r.KeyID)
		}
		if strings.Contains(command, "portability") {
			var r askedReply
			reply{body: out}.decode(t, &r)
			env = append(env, "REQUEST="+r.ID, "REQUEST_KEY="+r.Key)
		}
		if strings.Contains(command, "/contest\"") {
			var f filed
			reply{body: out}.decode(t, &f)
			env = append(env, "CONTEST="+f.ID, "CONTEST_KEY="+f.Key)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "photo.jpg")); err != nil || string(b) != finished {
		t.Errorf("downloaded %d bytes, error %v", len(b), err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "sheet.pdf")); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Errorf("downloaded a sheet of %d bytes, error %v", len(b), err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "report.pdf")); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Errorf("downloaded a report of %d bytes, error %v", len(b), err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "overlay.svg")); err != nil || !strings.HasPrefix(string(b), "<svg ") {
		t.Errorf("downloaded an overlay of %d bytes, error %v", len(b), err)
	}
}

// TestTheAPIPageSaysWhatToDoForEveryStatus holds its table against the document.
func TestTheAPIPageSaysWhatToDoForEveryStatus(t *testing.T) {
	s := newService(t)
	page, err := os.ReadFile(apiPage)
	s.must(err)
	_, section, _ := strings.Cut(string(page), "## When something goes wrong")
	section, _, _ = strings.Cut(section, "\n## ")
	told := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([\d, ]+) \|`).FindAllStringSubmatch(section, -1) {
		for _, status := range strings.Split(row[1], ", ") {
			told[status] = true
		}
	}
	var doc struct {
		Paths map[string]map[string]struct{ Responses map[string]any }
	}
	s.get("/openapi.json").decode(t, &doc)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			for status := range op.Responses {
				if status >= "400" && !told[status] {
					t.Errorf("%s %s may answer %s, and the page does not say what to do then", method, path, status)
				}
			}
		}
	}
}
