package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
)

// imported is what the tests read of a file, as Grafana does.
type imported struct {
	UID, Title string
	Panels     []struct {
		ID      int
		Type    string
		Title   string
		GridPos struct{ X, Y, W, H int }
		Targets []struct{ Expr, LegendFormat string }
	}
}

func load(t *testing.T) map[string]imported {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	all := map[string]imported{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var d imported
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		all[f] = d
	}
	return all
}

// names are those of the service's figures, and the few of Prometheus' own library.
func names(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../internal/metrics/names.go")
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"process_resident_memory_bytes"}
	for _, m := range regexp.MustCompile(`"(passportphoto_[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		all = append(all, m[1])
	}
	return all
}

// asked are the names in a query, which must be one that Prometheus understands.
func asked(t *testing.T, expr string) (found []string) {
	t.Helper()
	tree, err := parser.NewParser(parser.Options{}).ParseExpr(strings.ReplaceAll(expr, "$__rate_interval", "5m"))
	if err != nil {
		t.Errorf("%s: %v", expr, err)
		return nil
	}
	parser.Inspect(tree, func(n parser.Node, _ []parser.Node) error {
		if s, is := n.(*parser.VectorSelector); is {
			found = append(found, s.Name)
		}
		return nil
	})
	return found
}

// known reports whether there is such a figure, or a histogram that it is a part of.
func known(all []string, name string) bool {
	if slices.Contains(all, name) {
		return true
	}
	for _, part := range []string{"_bucket", "_sum", "_count"} {
		if whole, is := strings.CutSuffix(name, part); is && slices.Contains(all, whole) && (strings.HasSuffix(whole, "_seconds") || strings.HasSuffix(whole, "_bytes")) {
			return true
		}
	}
	return false
}

func TestEachQueryIsUnderstoodAndAsksForFiguresThatThereAre(t *testing.T) {
	all, shown := names(t), map[string]bool{}
	for file, d := range load(t) {
		for _, p := range d.Panels {
			if p.Type != "row" && len(p.Targets) == 0 {
				t.Errorf("%s: %s shows nothing", file, p.Title)
			}
			for _, target := range p.Targets {
				found := asked(t, target.Expr)
				if len(found) == 0 {
					t.Errorf("%s: %s asks for nothing: %s", file, p.Title, target.Expr)
				}
				for _, name := range found {
					if !known(all, name) {
						t.Errorf("%s: %s asks for %s, which there is not", file, p.Title, name)
					}
					for _, part := range []string{"", "_bucket", "_sum", "_count"} {
						shown[strings.TrimSuffix(name, part)] = true
					}
				}
			}
		}
	}
	for _, name := range all {
		if !shown[name] {
			t.Errorf("%s is on no dashboard", name)
		}
	}
}

func TestThePanelsStandBesideEachOther(t *testing.T) {
	for file, d := range load(t) {
		taken, ids := map[[2]int]string{}, map[int]bool{}
		for _, p := range d.Panels {
			if ids[p.ID] || p.GridPos.X+p.GridPos.W > columns {
				t.Errorf("%s: %s has another's number, or hangs over", file, p.Title)
			}
			ids[p.ID] = true
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					if other := taken[[2]int{x, y}]; other != "" {
						t.Fatalf("%s: %s stands over %s", file, p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}

func TestTheFilesAreWhatIsDescribedHere(t *testing.T) {
	for _, d := range dashboards() {
		want, err := d.render()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(d.file); err != nil || string(got) != string(want) {
			t.Errorf("%s is another: run `go run .`: %v", d.file, err)
		}
	}
}
