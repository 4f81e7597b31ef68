package httpapi_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "release the API: write docs/openapi.json anew")

// released is the OpenAPI document that clients were last promised.
const released = "../../docs/openapi.json"

// TestTheAPIBreaksNoClientOfItsLastRelease holds the document of this build against the
// released one. What breaks clients needs another version of the API, see docs/api.md.
func TestTheAPIBreaksNoClientOfItsLastRelease(t *testing.T) {
	now := documentOf(t, newService(t))
	if out, err := breaking(t, now); err != nil {
		t.Fatalf("this breaks clients: %v\n%s", err, out)
	}
	if *update {
		if err := os.WriteFile(released, now, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatBreaksClientsIsFound(t *testing.T) {
	document := string(documentOf(t, newService(t)))
	for what, change := range map[string][2]string{
		"a path that is gone":              {`"/v1/keys": {`, `"/v1/key-list": {`},
		"a method that is gone":            {`"delete": {`, `"put": {`},
		"a field that an answer lacks":     {`"links": {`, `"addresses": {`},
		"a field that must be sent":        {"\"required\": [\n          \"words\"\n        ]", "\"required\": [\n          \"words\",\n          \"email\"\n        ]"},
		"a word that is not taken":         {`"portability",`, ``},
		"a number that is taken no longer": {`"maximum": 160`, `"maximum": 150`},
	} {
		changed := strings.ReplaceAll(document, change[0], change[1])
		if changed == document {
			t.Errorf("%s: nothing was changed", what)
			continue
		}
		if out, err := breaking(t, []byte(changed)); err == nil {
			t.Errorf("%s is not found: %s", what, out)
		}
	}
}

// documentOf is the service's document, indented and without the build's version.
func documentOf(t *testing.T, s *service) []byte {
	t.Helper()
	var document map[string]any
	s.get("/openapi.json").decode(t, &document)
	document["info"].(map[string]any)["version"] = "1" //nolint:forcetypeassert // OpenAPI wants it so
	b, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// breaking returns an error, and what oasdiff says, if clients of the released API would
// not get on with the given one.
func breaking(t *testing.T, now []byte) (string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, now, 0o600); err != nil {
		t.Fatal(err)
	}
	tool := "../../.deps/bin/oasdiff"
	if _, err := os.Stat(tool); err != nil {
		t.Fatalf("oasdiff is missing, run `make test-deps`: %v", err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "breaking", released, file, "--fail-on", "WARN").CombinedOutput()
	return string(out), err
}
