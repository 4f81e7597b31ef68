package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// checkout is the root, from this package.
const checkout = "../.."

// small is a run of some seconds.
func small(t *testing.T) plan {
	t.Helper()
	_ = testapp.Binary(t, "worker") // or the test says what is missing
	root, err := filepath.Abs(checkout)
	if err != nil {
		t.Fatal(err)
	}
	return plan{
		Checkout: root, K6: filepath.Join(root, ".deps", "bin", "k6"), Stub: 20 * time.Millisecond, Workers: 1, Slots: 2,
		Rate: 5, Bytes: 400_000, Length: 3 * time.Second, Idle: 200 * time.Millisecond, Grace: 30 * time.Second,
	}
}

func env(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set", name)
	}
	return v
}

func TestASmallCrowdUploadsWaitsAndDeletesAndNothingIsLeft(t *testing.T) {
	r, err := small(t).run(t.Context(), testapp.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, promise := range r.promises() {
		// How long an upload takes is nothing for a machine that does other things.
		if !promise.kept && promise.what != acceptedInTime {
			t.Errorf("%s: %s", promise.what, promise.measured)
		}
	}
	if r.seen.Accepted < 10 {
		t.Errorf("%.0f uploads were accepted", r.seen.Accepted)
	}
	if path := filepath.Join(t.TempDir(), "performance.md"); rig.WritePart(path, "load", r.report()) != nil {
		t.Error("the report can't be written")
	} else if b, _ := os.ReadFile(path); len(b) < 500 {
		t.Errorf("the report is\n%s", b)
	}
}

// grows is a run in which a queue grows: 10 photos come each second, 8 are made.
func grows(age func(waited float64) float64, mb func(second int) float64) result {
	r := result{plan: plan{Stub: -1, Length: 10 * time.Minute}}
	waits, turns := 0.0, 0.0
	for second := range 601 {
		waited := float64(second) * .2
		waits += 8 * (waited + .25)
		turns += 8
		r.looks = append(r.looks, look{
			at: time.Duration(second) * time.Second, oldest: age(waited), ready: turns, waits: rig.Histogram{Count: turns, Sum: waits},
			steps: turns * .25, turns: turns, memory: map[string]float64{"worker": mb(second) * 1e6},
		})
	}
	return r
}

func TestTheAgeOfTheOldestEntryIsHonestIfItIsWhatWasWaited(t *testing.T) {
	flat := func(int) float64 { return 400 }
	if p := grows(func(waited float64) float64 { return waited }, flat).honestAge(); !p.kept {
		t.Errorf("the true age is taken for a lie: %s", p.measured)
	}
	if p := grows(func(waited float64) float64 { return waited / 2 }, flat).honestAge(); p.kept {
		t.Errorf("half of the age is taken for the truth: %s", p.measured)
	}
}

func TestMemoryIsFlatUnlessItGrows(t *testing.T) {
	age := func(waited float64) float64 { return waited }
	saw := func(second int) float64 { return 400 + float64(second%60) } // studios are replaced now and then
	if p := grows(age, saw).flatMemory(); !p.kept {
		t.Errorf("memory that comes and goes is taken for growth: %s", p.measured)
	}
	leak := func(second int) float64 { return 400 + float64(second)/6 }
	if p := grows(age, leak).flatMemory(); p.kept {
		t.Errorf("a leak is taken for flat: %s", p.measured)
	}
}
