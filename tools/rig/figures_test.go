package rig

import (
	"math"
	"strings"
	"testing"
)

const text = `# HELP seconds How long.
# TYPE seconds histogram
seconds_bucket{route="/v1/photos",method="POST",le="0.05"} 90
seconds_bucket{route="/v1/photos",method="POST",le="0.1"} 98
seconds_bucket{route="/v1/photos",method="POST",le="+Inf"} 100
seconds_sum{route="/v1/photos",method="POST"} 4
seconds_count{route="/v1/photos",method="POST"} 100
seconds_bucket{route="/other",method="POST",le="0.05"} 0
seconds_bucket{route="/other",method="POST",le="0.1"} 0
seconds_bucket{route="/other",method="POST",le="+Inf"} 7
seconds_count{route="/other",method="POST"} 7
up 1
`

func read(t *testing.T, text string) Figures {
	t.Helper()
	f := Figures{}
	if err := f.read(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFiguresAreAddedUpByTheirLabels(t *testing.T) {
	f := read(t, text)
	if got := f.Sum("seconds_count", `method="POST"`); got != 107 {
		t.Errorf("of both routes %g", got)
	}
	if got := f.Sum("seconds_count", `route="/v1/photos"`); got != 100 {
		t.Errorf("of one route %g", got)
	}
	if got := f.Plus(f).Since(f).Sum("up"); got != 1 {
		t.Errorf("twice less once is %g", got)
	}
}

func TestAHistogramTellsSharesAndQuantilesOfTheSeriesThatWereAskedFor(t *testing.T) {
	h := read(t, text).Histogram("seconds", `route="/v1/photos"`)
	if got := h.Share(.1); got != .98 {
		t.Errorf("%g are within 0.1", got)
	}
	if got := h.Quantile(.94); math.Abs(got-.075) > 1e-9 { // in the middle of its bucket
		t.Errorf("the 94th percentile is %g", got)
	}
	if got := h.Quantile(.999); got != .1 { // beyond: no more is known than the last bound
		t.Errorf("the 99.9th percentile is %g", got)
	}
	if !math.IsNaN(h.Share(.07)) {
		t.Error("a share is told for a bound that no bucket has")
	}
	if h.Mean() != .04 {
		t.Errorf("the mean is %g", h.Mean())
	}
}

func TestAFigureThatIsNoNumberIsAnError(t *testing.T) {
	if err := (Figures{}).read(strings.NewReader("up yes\n")); err == nil {
		t.Error("no error")
	}
}
