package httpapi_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// errorsPage is written from this package's calls of problem, and never by hand.
const errorsPage = "../../docs/errors.md"

const aboutErrors = `# Errors

Every code that a problem may have, and what its answer says to do. The status and the
code stay; the words may change, and … stands for what differs from case to case. This
page is generated. [What a client does](api.md#when-something-goes-wrong) follows from
the status; the codes are for what you want to treat apart. Those of the pages for
[operators](operators.md) are among them.
`

// explained is a code with what it says.
type explained struct {
	status       int
	code, advice string
}

func TestTheErrorsPageExplainsEveryCode(t *testing.T) {
	all := problemsInSource(t)
	if len(all) < 80 {
		t.Fatalf("only %d codes were found: this test can't see them any more", len(all))
	}
	var b strings.Builder
	b.WriteString(aboutErrors)
	status := 0
	for _, e := range all {
		if e.status != status {
			status = e.status
			fmt.Fprintf(&b, "\n## %d %s\n\n| code | what it says |\n|---|---|\n", status, http.StatusText(status))
		}
		if e.advice == "…" {
			e.advice = "The field that is wrong, and why; each is in the problem's `errors` too."
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", e.code, e.advice)
	}
	b.WriteString("\n## A photo's own problem\n\nIn the photo's `problem`, when it is `rejected` or `failed`; some answer an upload, too.\n\n| code | what it says |\n|---|---|\n")
	for _, r := range []photo.Reason{
		photo.NoFace, photo.SeveralFaces, photo.FaceTooSmall, photo.FaceCutOff, photo.Unreadable,
		photo.TooManyPixels, photo.Animated, photo.Broken, photo.KillsChild, photo.Lost,
	} {
		fmt.Fprintf(&b, "| `%s` | %s |\n", r, r.Advice())
	}
	if *update {
		if err := os.WriteFile(errorsPage, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if page, err := os.ReadFile(errorsPage); err != nil || string(page) != b.String() {
		t.Errorf("the page is not of this code: go test ./internal/httpapi -run ErrorsPage -update (%v)", err)
	}
}

// problemsInSource reads the calls of problem, without those that only tests make.
func problemsInSource(t *testing.T) (all []explained) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				all = append(all, problemsIn(f)...)
			}
		}
	}
	slices.SortFunc(all, func(a, b explained) int {
		return cmp.Or(a.status-b.status, strings.Compare(a.code, b.code), strings.Compare(a.advice, b.advice))
	})
	return slices.Compact(all)
}

func problemsIn(f *ast.FuncDecl) (all []explained) {
	assigned := map[string]ast.Expr{} // what a variable's text first is
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if name, ok := n.Lhs[0].(*ast.Ident); ok && assigned[name.Name] == nil && len(n.Rhs) == 1 {
				assigned[name.Name] = n.Rhs[0]
			}
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); !ok || name.Name != "problem" || len(n.Args) != 3 {
				return true
			}
			if code, ok := n.Args[1].(*ast.BasicLit); ok {
				all = append(all, explained{statusOf(n.Args[0]), strings.Trim(code.Value, `"`), wordsOf(n.Args[2], assigned)})
			}
		}
		return true
	})
	return all
}

// statusOf knows the names of net/http; 0 for what is none.
func statusOf(e ast.Expr) int {
	name, ok := e.(*ast.SelectorExpr)
	for status := 400; ok && status < 600; status++ {
		if "Status"+strings.ReplaceAll(http.StatusText(status), " ", "") == name.Sel.Name {
			return status
		}
	}
	return 0
}

var verb = regexp.MustCompile(`%[a-z]`)

// wordsOf are the words of a text that is put together, with … for what is not fixed.
func wordsOf(e ast.Expr, assigned map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return verb.ReplaceAllString(text, "…")
	case *ast.BinaryExpr:
		return wordsOf(e.X, assigned) + wordsOf(e.Y, assigned)
	case *ast.Ident:
		if from := assigned[e.Name]; from != nil {
			delete(assigned, e.Name)
			return wordsOf(from, assigned)
		}
	case *ast.CallExpr:
		if name, ok := e.Fun.(*ast.SelectorExpr); ok && name.Sel.Name == "Sprintf" {
			return wordsOf(e.Args[0], assigned)
		}
	}
	return "…"
}
