package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// tally counts what the checks said.
type tally struct {
	cleanValues map[check.Name][]float64
	cleanSaid   map[check.Name]map[check.Outcome]int
	bySitter    map[string]map[check.Name]int // clean copies that were warned about or failed
	ofSitter    map[string]map[check.Name][]float64
	cleanCount  map[string]int
	order       []check.Name
	faults      []*graded
}

// graded is one fault of one sitter.
type graded struct {
	sitter   string
	fault    fault
	values   []string // by grade: the first check's value and outcome
	bad, hit int      // clearly bad copies, and those that a check failed
	warned   int      // those that a check warned about only
}

func newTally() *tally {
	return &tally{map[check.Name][]float64{}, map[check.Name]map[check.Outcome]int{}, map[string]map[check.Name]int{}, map[string]map[check.Name][]float64{}, map[string]int{}, nil, nil}
}

func (t *tally) clean(s *sitter, r check.Report) {
	t.cleanCount[s.name]++
	if t.bySitter[s.name] == nil {
		t.bySitter[s.name] = map[check.Name]int{}
		t.ofSitter[s.name] = map[check.Name][]float64{}
	}
	for _, c := range r.Checks {
		if t.cleanSaid[c.Name] == nil {
			t.cleanSaid[c.Name] = map[check.Outcome]int{}
			t.order = append(t.order, c.Name)
		}
		t.cleanSaid[c.Name][c.Outcome]++
		if c.Value != nil {
			t.cleanValues[c.Name] = append(t.cleanValues[c.Name], *c.Value)
			t.ofSitter[s.name][c.Name] = append(t.ofSitter[s.name][c.Name], *c.Value)
		}
		if c.Outcome == check.Warn || c.Outcome == check.Fail {
			t.bySitter[s.name][c.Name]++
		}
	}
}

func (t *tally) graded(s *sitter, f fault, level int, r check.Report, reason photo.Reason) {
	g := t.entry(s, f)
	outcome, value := check.NotAssessed, "rejected"
	if reason != "" {
		outcome = check.Fail
	}
	for _, c := range r.Checks {
		at := slices.Index(f.found, c.Name)
		if at == 0 {
			value = "-"
			if c.Value != nil {
				value = fmt.Sprintf("%.3g", *c.Value)
			}
			value += map[check.Outcome]string{check.Pass: "", check.Warn: "?", check.Fail: "!", check.NotAssessed: "~"}[c.Outcome]
		}
		if at >= 0 && (c.Outcome == check.Fail || c.Outcome == check.Warn && outcome != check.Fail) {
			outcome = c.Outcome
		}
	}
	g.values = append(g.values, value)
	if level >= f.bad {
		g.bad++
		switch outcome {
		case check.Fail:
			g.hit++
		case check.Warn:
			g.warned++
		}
	}
}

func (t *tally) entry(s *sitter, f fault) *graded {
	for _, g := range t.faults {
		if g.sitter == s.name && g.fault.name == f.name {
			return g
		}
	}
	g := &graded{sitter: s.name, fault: f}
	t.faults = append(t.faults, g)
	return g
}

// String is all tables as Markdown.
func (t *tally) String() string {
	w := new(strings.Builder)
	fmt.Fprintln(w, "| check | clean: least | median | most | passed | warned | failed | not assessed |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, n := range t.order {
		v, said := slices.Sorted(slices.Values(t.cleanValues[n])), t.cleanSaid[n]
		if len(v) == 0 {
			continue
		}
		fmt.Fprintf(w, "| %s | %.3g | %.3g | %.3g | %d | %d | %d | %d |\n", n, v[0], v[len(v)/2], v[len(v)-1],
			said[check.Pass], said[check.Warn], said[check.Fail], said[check.NotAssessed])
	}
	fmt.Fprintln(w, "\n| fault | portrait | by grade (? warned, ! failed) | clearly bad | failed | warned |")
	fmt.Fprintln(w, "|---|---|---|---:|---:|---:|")
	slices.SortStableFunc(t.faults, func(a, b *graded) int { return strings.Compare(a.fault.name, b.fault.name) })
	var bad, hit, warned int
	for _, g := range t.faults {
		bad, hit, warned = bad+g.bad, hit+g.hit, warned+g.warned
		fmt.Fprintf(w, "| %s | %s | %s | %d | %d | %d |\n", g.fault.name, g.sitter, strings.Join(g.values, ", "), g.bad, g.hit, g.warned)
	}
	fmt.Fprintf(w, "\nOf %d clearly bad copies %d failed and %d were warned about.\n\n", bad, hit, warned)
	t.writeBySitter(w)
	return w.String()
}

// writeBySitter tells whether a check misjudges a person: each one's median of the clean
// copies, and how many of them were warned about or failed.
func (t *tally) writeBySitter(w *strings.Builder) {
	sitters := slices.Sorted(maps.Keys(t.bySitter))
	fmt.Fprintf(w, "| check | %s |\n|---|%s\n", strings.Join(sitters, " | "), strings.Repeat("---:|", len(sitters)))
	for _, n := range t.order {
		row := string(n)
		for _, name := range sitters {
			v := slices.Sorted(slices.Values(t.ofSitter[name][n]))
			if len(v) == 0 {
				row += " | -"
				continue
			}
			row += fmt.Sprintf(" | %.3g", v[len(v)/2])
			if k := t.bySitter[name][n]; k > 0 {
				row += fmt.Sprintf(" (%d of %d)", k, t.cleanCount[name])
			}
		}
		fmt.Fprintf(w, "| %s |\n", row)
	}
}
