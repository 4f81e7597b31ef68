package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// image is the Dockerfile as BuildKit reads it; its linter's warnings are failures.
func image(t *testing.T) []instructions.Stage {
	t.Helper()
	ast, err := parser.Parse(strings.NewReader(read(t, "Dockerfile")))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ast.Warnings {
		t.Errorf("Dockerfile: %s", w.Short)
	}
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, _ []parser.Range) { t.Errorf("Dockerfile: %s: %s", rule, message) }})
	stages, _, err := instructions.Parse(ast.AST, lint)
	if err != nil {
		t.Fatal(err)
	}
	return stages
}

func commands[C instructions.Command](s instructions.Stage) (all []C) {
	for _, c := range s.Commands {
		if c, ok := c.(C); ok {
			all = append(all, c)
		}
	}
	return all
}

// imageSettings are the variables that a container starts with.
func imageSettings(t *testing.T) map[string]string {
	t.Helper()
	stages := image(t)
	set := map[string]string{}
	for _, env := range commands[*instructions.EnvCommand](stages[len(stages)-1]) {
		for _, pair := range env.Env {
			set[pair.Key] = pair.Value
		}
	}
	return set
}

// ignored tells what does not reach the builder.
func ignored(t *testing.T) *patternmatcher.PatternMatcher {
	t.Helper()
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, ".dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheImageIsMadeOfFilesThatThereAre(t *testing.T) {
	stages, ignore := image(t), ignored(t)
	stageNames := map[string]bool{}
	for _, s := range stages {
		for _, c := range commands[*instructions.CopyCommand](s) {
			if c.From != "" {
				if !stageNames[c.From] {
					t.Errorf("COPY --from=%s, which is no stage before", c.From)
				}
				continue
			}
			for _, path := range c.SourcePaths {
				if _, err := os.Stat(filepath.Join(root, path)); err != nil {
					t.Errorf("COPY: %v", err)
				}
				if out, err := ignore.MatchesOrParentMatches(path); err != nil || out {
					t.Errorf("COPY %s, which .dockerignore keeps out (%v)", path, err)
				}
			}
		}
		stageNames[s.Name] = true
	}
}

func TestAllThatTheBinariesAreBuiltFromReachesTheBuilder(t *testing.T) {
	ignore, stages := ignored(t), image(t)
	var copied []string
	for _, c := range commands[*instructions.CopyCommand](stages[0]) {
		copied = append(copied, c.SourcePaths...)
	}
	format := `{{if .Module}}{{if .Module.Main}}{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}
{{end}}{{range .CgoFiles}}{{$d}}/{{.}}
{{end}}{{range .CXXFiles}}{{$d}}/{{.}}
{{end}}{{range .HFiles}}{{$d}}/{{.}}
{{end}}{{range .EmbedFiles}}{{$d}}/{{.}}
{{end}}{{end}}{{end}}`
	list := exec.Command("go", "list", "-deps", "-f", format, "./cmd/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	if len(files) < 300 {
		t.Fatalf("only %d files", len(files))
	}
	for _, f := range files {
		path, err := filepath.Rel(dir, f)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := ignore.MatchesOrParentMatches(path); err != nil || out {
			t.Errorf(".dockerignore keeps %s out (%v)", path, err)
		}
		if top, _, _ := strings.Cut(path, "/"); !slices.Contains(copied, top) {
			t.Errorf("the Dockerfile does not copy %s", path)
		}
	}
	for _, private := range []string{".data/master.key", ".git/config", "deploy/production.env", "deploy/.env", "bin/api"} {
		if out, err := ignore.MatchesOrParentMatches(private); err != nil || !out {
			t.Errorf("%s reaches the builder (%v)", private, err)
		}
	}
}

func TestTheImageRunsWithoutRights(t *testing.T) {
	stages := image(t)
	last := stages[len(stages)-1]
	users := commands[*instructions.UserCommand](last)
	if len(users) != 1 || users[0].User != "10001:10001" {
		t.Errorf("the image's users are %v; Kubernetes wants numbers to see that none is root", users)
	}
	for _, c := range last.Commands[slices.Index(last.Commands, instructions.Command(users[0])):] {
		if _, run := c.(*instructions.RunCommand); run {
			t.Errorf("something is run after USER: %v", c)
		}
	}
	checks := commands[*instructions.HealthCheckCommand](last)
	door := imageSettings(t)["OPS_ADDR"]
	if len(checks) != 1 || !slices.Contains(checks[0].Health.Test, "http://"+door+"/healthz") {
		t.Errorf("the health check does not ask at OPS_ADDR, %s: %v", door, checks)
	}
	if start := commands[*instructions.CmdCommand](last); len(start) != 1 || start[0].PrependShell {
		t.Errorf("a shell stands before the process, which would not hear SIGTERM: %v", start)
	}
}

func TestTheImageIsBuiltAsOnAnyMachine(t *testing.T) {
	stages := image(t)
	if len(stages) != 2 {
		t.Fatalf("%d stages", len(stages))
	}
	var runs []string
	for _, r := range commands[*instructions.RunCommand](stages[0]) {
		runs = append(runs, strings.Join(r.CmdLine, " "))
	}
	for _, want := range []string{"make deps", "make build"} {
		if !slices.Contains(runs, want) {
			t.Errorf("the builder does not run %q, which installs the packages, fetches the models by checksum and uses build/cxx: %q", want, runs)
		}
	}
	// The same Go as in go.mod or newer, on the Debian that the run stage has.
	if from := stages[0].BaseName; !strings.HasPrefix(from, "golang:1.26") || !strings.HasSuffix(from, "-bookworm") {
		t.Errorf("built from %s", from)
	}
	if from := stages[1].BaseName; from != "debian:12-slim" {
		t.Errorf("runs on %s, which is not bookworm", from)
	}
	for _, name := range []string{"ENVIRONMENT", "MODELS_DIR", "OPS_ADDR"} {
		if imageSettings(t)[name] == "" {
			t.Errorf("the image does not set %s", name)
		}
	}
}

// On Debian 12, where the image is made, this machine's own packages tell.
func TestTheImageHasTheLibrariesOfTheStudio(t *testing.T) {
	if !strings.Contains(readFile(t, "/etc/os-release"), "VERSION_CODENAME=bookworm") {
		t.Skip("this is not Debian 12, whose packages Aptfile names")
	}
	packages := lines(t, "Aptfile")
	out, err := exec.Command("ldd", filepath.Join(root, "bin/studio")).Output()
	if err != nil {
		t.Fatalf("ldd bin/studio (make build makes it): %v", err)
	}
	brought, checked := closure(t, packages), 0
	for library, owner := range owners(t, string(out)) {
		if !brought[owner] {
			t.Errorf("%s is in %q, which Aptfile does not bring", library, owner)
		}
		checked++
	}
	if checked < 10 {
		t.Errorf("only %d libraries were looked at:\n%s", checked, out)
	}
}

// owners are the packages of the libraries that ldd found, by the library's file.
func owners(t *testing.T, found string) map[string]string {
	t.Helper()
	of := map[string]string{}
	args := []string{"-S"}
	for line := range strings.Lines(found) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != "=>" {
			continue
		}
		file, err := filepath.EvalSymlinks(fields[2])
		if err != nil {
			t.Fatal(err)
		}
		file = strings.TrimPrefix(file, "/usr") // Debian's merged /usr: a package knows either name
		of[file] = ""
		args = append(args, file, "/usr"+file)
	}
	out, _ := exec.Command("dpkg", args...).Output() // fails for the names that there are not
	for line := range strings.Lines(string(out)) {
		if owner, file, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			name, _, _ := strings.Cut(owner, ":")
			of[strings.TrimPrefix(file, "/usr")] = name
		}
	}
	return of
}

// closure is what comes with packages, by what they depend on.
func closure(t *testing.T, packages []string) map[string]bool {
	t.Helper()
	args := append([]string{"depends", "--recurse", "--installed", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"}, packages...)
	out, err := exec.Command("apt-cache", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, " ") {
			all[strings.TrimSpace(line)] = true
		}
	}
	for _, p := range packages {
		if !all[p] {
			t.Errorf("Aptfile names %s, which is not installed here", p)
		}
	}
	return all
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
