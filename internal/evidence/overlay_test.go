package evidence

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// node is an element of the overlay.
type node struct {
	name, id, title string
	attributes      map[string]string
}

// nodes reads an overlay as XML.
func nodes(t *testing.T, svg []byte) []node {
	t.Helper()
	var all []node
	var open []int
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch x := token.(type) {
		case xml.StartElement:
			n := node{name: x.Name.Local, attributes: map[string]string{}}
			for _, a := range x.Attr {
				n.attributes[a.Name.Local] = a.Value
			}
			n.id = n.attributes["id"]
			all, open = append(all, n), append(open, len(all))
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 1 && all[open[len(open)-1]].name == "title" {
				all[open[len(open)-2]].title += string(x)
			}
		}
	}
}

func byID(t *testing.T, all []node, id string) node {
	t.Helper()
	for _, n := range all {
		if n.id == id {
			return n
		}
	}
	t.Fatalf("no element %s", id)
	return node{}
}

func TestTheOverlayShowsTheLinesWhereTheyAre(t *testing.T) {
	all := nodes(t, evidence(t, "gb-passport").Overlay())
	root := all[0].attributes
	if root["viewBox"] != "0 0 35 45" || root["width"] != "413" || root["height"] != "531" {
		t.Errorf("the overlay is %v", root)
	}
	lines := map[string]string{"hair-top": "2", "skull-top": "3.1", "eye-line": "17.7", "chin": "34.4"}
	for id, want := range lines {
		for i, n := range all {
			if n.id == id && all[i+2].attributes["y1"] != want {
				t.Errorf("%s lies at %v, want %s", id, all[i+2].attributes, want)
			}
		}
	}
	for id, want := range map[string]string{
		"hair-top": "Hair: 2 mm from the top", "middle": "Middle of the eyes", "head-height": "Head height: 32.4 ± 0.6 mm, asked: 29 to 34 mm",
		"crown-range": "Crown, asked: 29 to 34 mm above the chin", "eye-range": "Eyes, asked: 22.5 to 31.5 mm", "middle-range": "Middle, asked: −1.75 to 1.75 mm",
		"check-mouth_closed": "Opening of the mouth: Close it.",
	} {
		if got := byID(t, all, id).title; got != want {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
	}
	eyes := byID(t, all, "eye-range").attributes
	if eyes["y"] != "13.5" || eyes["height"] != "9" { // 45 - 31.5
		t.Errorf("the eyes may lie in %v", eyes)
	}
}

func TestEveryCheckWithAPlaceIsDrawnByItsOutcome(t *testing.T) {
	e := evidence(t, "gb-passport")
	all := nodes(t, e.Overlay())
	dashes := map[string]string{}
	for _, c := range e.Report.Checks {
		if c.Place == nil {
			continue
		}
		n := byID(t, all, "check-"+string(c.Name))
		want := "rect"
		if c.Place.Top == c.Place.Bottom {
			want = "line"
		}
		if n.name != want || n.attributes["class"] != "check "+string(c.Outcome) {
			t.Errorf("%s is drawn as %+v", c.Name, n)
		}
		dashes[string(c.Outcome)] = n.attributes["stroke-dasharray"]
	}
	if dashes["fail"] == dashes["warn"] || dashes["warn"] == dashes["pass"] {
		t.Errorf("only colours tell the outcomes apart: %v", dashes)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	const hostile = `</title><script>alert(1)</script>" onload="x' &amp; ]]> ` + "\x00"
	e := evidence(t, "gb-passport")
	e.Spec.Name = hostile
	for i := range e.Report.Checks {
		e.Report.Checks[i].Advice = hostile
	}
	e.Report.Checks[4].Name = hostile
	e.Report.Checks[4].Outcome = hostile
	e.Report.Checks[1].Outcome = check.Fail
	svg := e.Overlay()
	for _, n := range nodes(t, svg) {
		switch n.name {
		case "svg", "g", "title", "line", "rect", "path", "text":
		default:
			t.Errorf("the overlay has an element %s", n.name)
		}
		for name := range n.attributes {
			if strings.HasPrefix(name, "on") || name == "href" || name == "style" {
				t.Errorf("the overlay has an attribute %s", name)
			}
		}
	}
	if got := byID(t, nodes(t, svg), "check-head_height").title; !strings.Contains(got, "<script>alert(1)</script>") {
		t.Errorf("the advice reads %q", got)
	}
}

func TestWhatWasNotJudgedHasNoRange(t *testing.T) {
	e := evidence(t, "gb-passport")
	e.Report.Checks = []check.Check{{Name: check.HeadHeight, Outcome: check.NotAssessed, Advice: "The office crops."}}
	e.Report.Guides.Chin, e.Report.Guides.HairTop = 50, -1
	svg := string(e.Overlay())
	for _, id := range []string{"-range", "head-height", `"chin"`, `"hair-top"`} {
		if strings.Contains(svg, id) {
			t.Errorf("the overlay has %s: %s", id, svg)
		}
	}
}

func TestLabelsStandApartAndInTheOrderOfTheirLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var guides []guide
		for _, at := range rapid.SliceOfN(rapid.Float64Range(0, 45), 1, 8).Draw(t, "lines") {
			guides = append(guides, guide{at: geom.MM(at)})
		}
		got := spread(guides, 2, 45)
		for i, a := range got {
			if a < 0 || a > 45+1e-9 {
				t.Fatalf("label %d stands at %s", i, strconv.FormatFloat(float64(a), 'f', 2, 64))
			}
			for j, b := range got[:i] {
				if math.Abs(float64(a-b)) < 2-1e-9 || (a < b) != (guides[i].at < guides[j].at) && guides[i].at != guides[j].at {
					t.Fatalf("labels %d and %d stand at %g and %g", j, i, float64(b), float64(a))
				}
			}
		}
	})
}
