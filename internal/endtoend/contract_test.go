package endtoend

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// schemathesisLimit is far more than a run takes, on busy machines too.
const schemathesisLimit = 4 * time.Minute

// TestTheServiceKeepsWhatItsOpenAPIDocumentPromises lets schemathesis send what the
// document allows and what it forbids, always the same, and holds every answer to it:
// statuses, types, headers and shapes, and that nothing is taken that is to be refused.
func TestTheServiceKeepsWhatItsOpenAPIDocumentPromises(t *testing.T) {
	s := newService(t, "PREVIEW_CONCURRENCY=1", "MAX_PREVIEWS=64",
		"FAST_LANE_PER_CLIENT=0", "BULK_PER_CLIENT=0", "MAX_WAIT=0s", "FORMS_PER_CLIENT=1000000", "FORMS_PER_MINUTE=1000000", "PREVIEWS_PER_CLIENT=1000000", "PREVIEWS_PER_MINUTE=1000000")
	s.startAll()
	dir := t.TempDir()
	portrait := filepath.Join(dir, "portrait.jpg")
	write(t, portrait, smallPortrait(t))
	fixed, err := os.ReadFile("testdata/schemathesis.toml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "schemathesis.toml"), append(fixed, s.things().config()...))

	ctx, cancel := context.WithTimeout(t.Context(), schemathesisLimit)
	defer cancel()
	run := exec.CommandContext(ctx, "python3", "-m", "schemathesis.cli", "run", "http://"+s.addr+"/openapi.json", "--no-color")
	run.Dir = dir
	run.Env = append(os.Environ(), "PYTHONPATH="+fromCheckout(t, ".deps", "schemathesis"), "PORTRAIT="+portrait,
		"SCHEMATHESIS_HOOKS="+fromCheckout(t, "internal", "endtoend", "testdata", "schemathesis_hooks.py"))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v (is the module missing? `make test-deps` fetches it)\n%s", err, out)
	}
	if !regexp.MustCompile(`[1-9]\d{2,} generated, [1-9]\d{2,} passed`).Match(out) {
		t.Errorf("schemathesis does not say that it has tested anything:\n%s", out)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func fromCheckout(t *testing.T, path ...string) string {
	t.Helper()
	name, err := filepath.Abs(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return name
}
