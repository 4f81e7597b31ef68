package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/passportphotogenie/passportphotogenie/"

// pkg is what `go list` tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
	CgoFiles   []string
}

func list(t *testing.T, args ...string) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Imports,Standard,CgoFiles"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := map[string]pkg{}
	for dec := json.NewDecoder(out); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(p.ImportPath, module)] = p
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("go list: %v", err)
	}
	return found
}

// layers, from the top: a package may import what stands in a lower layer, and
// in its own layer only where the layer says so.
var layers = []struct {
	name     string
	packages []string
	friends  bool // packages of this layer may import each other
}{
	{"commands", []string{"cmd/api", "cmd/worker", "cmd/scheduler", "cmd/studio", "tools/bench", "tools/calibrate", "tools/gallery", "tools/matting-reference", "tools/load", "tools/simcluster", "tools/stubstudio"}, false},
	{"what the tools share", []string{"tools/rig"}, false},
	{"what the commands share", []string{"storage", "command", "traced"}, true},
	{"services", []string{"httpapi", "webui", "worker", "scheduler"}, true},
	{"what happens to a photo or a request", []string{"intake", "erasure", "orphan", "postman", "privacydesk", "childdesk", "complaintdesk", "archivist", "courier"}, false},
	{"adapters", []string{"sqlstore", "blobstore", "keyring", "tasks", "queuepages", "progress", "preview", "ratelimit", "mail", "dlib", "vips", "onnx", "studio", "outbound"}, false},
	{"what a process is made of", []string{"config", "keyfile", "logging", "metrics", "ops", "sqldb", "tracing", "redisurl"}, true},
	{"the pipeline", []string{"pipeline", "vault"}, false},
	{"nouns", []string{"accesslog", "archive", "attest", "audit", "backlog", "breach", "check", "childreport", "clientaddr", "complaint", "contest", "crop", "disclosure", "docket", "docspec", "email", "edit", "evidence", "face", "density", "installation", "letter", "matte", "matting", "operator", "photo", "plaintext", "policy", "printsheet", "proof", "raster", "register", "retention", "secret", "statistics", "subjectrequest", "tone", "walltime", "apiclient", "webhook"}, true},
	{"type and pages", []string{"typeset"}, false},
	{"geometry", []string{"geom"}, false},
}

// outside stands beside the layers: data, and what only tests use.
var outside = []string{"models", "testdata/portraits", "internal/archtest", "internal/endtoend", "internal/testapp", "internal/testservers", "internal/testpictures", "internal/testmattes", "internal/testnetworks", "internal/testpdf"}

func layerOf(path string) int {
	short := strings.TrimPrefix(path, "internal/")
	return slices.IndexFunc(layers, func(l struct {
		name     string
		packages []string
		friends  bool
	}) bool {
		return slices.Contains(l.packages, short)
	})
}

func TestImportsPointDownwards(t *testing.T) {
	for path, p := range list(t, "./...") {
		if slices.Contains(outside, path) {
			continue
		}
		from := layerOf(path)
		if from < 0 {
			t.Errorf("%s stands in no layer: give it its place in this test", path)
			continue
		}
		for _, imported := range p.Imports {
			short, ours := strings.CutPrefix(imported, module)
			if !ours || short == "models" && path == "internal/onnx" || short == "internal/testpictures" && path == "tools/bench" || short == "testdata/portraits" && (path == "tools/gallery" || path == "tools/calibrate" || path == "tools/load") ||
				short == "internal/testmattes" && (path == "tools/matting-reference" || path == "tools/bench") {
				continue
			}
			to := layerOf(short)
			switch {
			case to < 0:
				t.Errorf("%s imports %s, which is for tests or data", path, short)
			case to < from, to == from && !layers[from].friends:
				t.Errorf("%s (%s) imports %s (%s)", path, layers[from].name, short, layers[to].name)
			}
		}
	}
}

func TestEachTechnologyStaysInItsPackages(t *testing.T) {
	homes := []struct {
		technology string // a prefix of import paths
		packages   []string
	}{
		{"github.com/gin-gonic/gin", []string{"internal/httpapi", "internal/webui"}},
		{"github.com/danielgtaylor/huma", []string{"internal/httpapi"}},
		{"code.dny.dev/ssrf", []string{"internal/outbound"}},
		{"github.com/standard-webhooks/standard-webhooks", []string{"internal/outbound"}},
		{"github.com/rs/cors", []string{"internal/httpapi"}},
		{"github.com/hibiken/asynqmon", []string{"internal/queuepages"}},
		{"github.com/hibiken/asynq", []string{"internal/tasks", "internal/queuepages", "internal/worker", "internal/scheduler", "cmd/api", "cmd/worker", "cmd/scheduler", "tools/simcluster"}},
		{"github.com/redis/go-redis", []string{"internal/preview", "internal/progress", "internal/ratelimit", "internal/tasks", "internal/testservers", "cmd/api", "cmd/worker", "cmd/scheduler", "tools/bench", "tools/rig"}},
		{"github.com/go-redis/redis_rate", []string{"internal/ratelimit"}},
		{"github.com/prometheus", []string{"internal/metrics", "internal/ops"}},
		{"gocloud.dev/blob", []string{"internal/blobstore"}},
		{"github.com/aws", []string{"internal/blobstore"}},
		{"gocloud.dev/secrets", []string{"internal/keyring"}},
		{"github.com/hashicorp/vault", []string{"internal/keyring"}},
		{"github.com/tink-crypto", []string{"internal/keyring"}},
		{"database/sql", []string{"internal/sqldb", "internal/sqlstore", "internal/keyring"}},
		{"github.com/jackc/pgx", []string{"internal/sqldb", "internal/testservers"}},
		{"codeberg.org/go-pdf/fpdf", []string{"internal/typeset"}},
		{"github.com/yuin/goldmark", []string{"internal/webui"}},
		{"github.com/Kagami/go-face", []string{"internal/dlib"}},
		{"github.com/h2non/bimg", []string{"internal/vips"}},
		{"github.com/yalue/onnxruntime_go", []string{"internal/onnx"}},
		{"github.com/wneessen/go-mail", []string{"internal/mail"}},
		{"github.com/emersion", []string{"internal/testservers"}},
		{"github.com/lucasb-eyer/go-colorful", []string{"internal/check"}},
		{"golang.org/x/crypto/argon2", []string{"internal/operator"}},
		{"github.com/pquerna/otp", []string{"internal/operator"}},
		{"rsc.io/qr", []string{"internal/webui"}},
		{"github.com/mileusna/useragent", []string{"internal/accesslog"}},
		{"github.com/rickar/cal", []string{"internal/subjectrequest"}},
		{"cloud.google.com/go/civil", []string{"internal/subjectrequest", "internal/privacydesk", "internal/httpapi", "internal/webui", "internal/sqlstore", "internal/scheduler"}},
		{"go.opentelemetry.io/otel", []string{"internal/tracing"}},
		{"go.opentelemetry.io/proto", []string{"internal/testservers"}},
		{"github.com/elastic/go-seccomp-bpf", []string{"internal/studio"}},
	}
	for path, p := range list(t, "./...") {
		for _, imported := range p.Imports {
			for _, h := range homes {
				if (imported == h.technology || strings.HasPrefix(imported, h.technology+"/")) && !slices.Contains(h.packages, path) {
					t.Errorf("%s imports %s, whose place is %v", path, imported, h.packages)
				}
			}
		}
	}
}

// The API, the scheduler and the worker hold credentials and keys: no C code may
// run beside them.
func TestNoCIsReachedFromWhereCredentialsAre(t *testing.T) {
	for _, root := range []string{"./cmd/api", "./cmd/worker", "./cmd/scheduler"} {
		for path, p := range list(t, "-deps", root) {
			if !p.Standard && len(p.CgoFiles) > 0 {
				t.Errorf("%s reaches %s, which has C in it", root, path)
			}
		}
	}
}
