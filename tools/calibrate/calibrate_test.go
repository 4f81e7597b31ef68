package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// The portrait that is nearest to a document's: a calm face with a closed mouth. What
// it really shows is no false alarm: a head that is turned a little, and hair near the
// upper edge of the picture.
func shown() []check.Name { return []check.Name{check.HeadPoseYaw, check.SpaceAbove} }

func TestClearlyBadCopiesAreFoundAndCleanOnesAreLeftAlone(t *testing.T) {
	models := os.Getenv("MODELS_DIR")
	if models == "" {
		models = filepath.Join("..", "..", ".deps", "models")
	}
	l, err := openLab(models)
	if err != nil {
		t.Fatal(err)
	}
	file, err := portraits.Tilted.Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.sitter(t.Context(), string(portraits.Tilted), file)
	if err != nil {
		t.Fatal(err)
	}
	counted := newTally()
	if err := l.clean(t.Context(), s, counted); err != nil {
		t.Fatal(err)
	}
	for _, n := range shown() {
		delete(counted.bySitter[s.name], n)
	}
	for n, alarms := range counted.bySitter[s.name] {
		t.Errorf("%s is alarmed by %d of %d clean copies", n, alarms, counted.cleanCount[s.name])
	}
	for _, f := range faults() {
		f.levels, f.bad = f.levels[f.bad:], 0
		if err := l.grade(t.Context(), s, f, counted, ""); err != nil {
			t.Fatal(err)
		}
	}
	bad, found := 0, 0
	for _, g := range counted.faults {
		bad, found = bad+g.bad, found+g.hit+g.warned
		if g.hit+g.warned < g.bad {
			t.Logf("%s: %d of %d were not found: %v", g.fault.name, g.bad-g.hit-g.warned, g.bad, g.values)
		}
	}
	if bad == 0 || float64(found) < 0.95*float64(bad) {
		t.Errorf("of %d clearly bad copies %d were found", bad, found)
	}
}
