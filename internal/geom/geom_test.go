package geom

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawSimilarity(t *rapid.T, label string) Similarity {
	angle := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, label+" angle")
	scale := rapid.Float64Range(0.01, 100).Draw(t, label+" scale")
	return Turn(drawPoint(t, label+" pivot"), angle, scale)
}

func drawPoint(t *rapid.T, label string) Point {
	c := rapid.Float64Range(-5000, 5000)
	return Point{c.Draw(t, label+" x"), c.Draw(t, label+" y")}
}

func TestASimilarityAndItsInverseLeaveEveryPointWhereItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, p := drawSimilarity(t, "s"), drawPoint(t, "p")
		if back := s.Then(s.Inverse()).Apply(p); back.Sub(p).Length() > 1e-6*(1+p.Length()) {
			t.Fatalf("%v came back as %v", p, back)
		}
	})
}

func TestThenAppliesOneAfterTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, u, p := drawSimilarity(t, "s"), drawSimilarity(t, "u"), drawPoint(t, "p")
		want := u.Apply(s.Apply(p))
		if got := s.Then(u).Apply(p); got.Sub(want).Length() > 1e-6*(1+want.Length()) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestATurnIsClockwiseOnTheScreenAndKeepsItsPivot(t *testing.T) {
	s := Turn(Point{10, 10}, math.Pi/2, 2)
	if got := s.Apply(Point{10, 10}); got.Sub(Point{10, 10}).Length() > 1e-9 {
		t.Errorf("the pivot moved to %v", got)
	}
	// A point right of the pivot goes below it, twice as far away.
	if got := s.Apply(Point{11, 10}); got.Sub(Point{10, 12}).Length() > 1e-9 {
		t.Errorf("the point went to %v", got)
	}
}

func TestThreeHundredDotsPerInchAreElevenPointEightPixelsPerMillimetre(t *testing.T) {
	if got := PixelsPerMM(300); math.Abs(got-11.811) > 0.001 {
		t.Errorf("got %v", got)
	}
}

func TestAFitFindsTheSimilarityThatMovedThePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSimilarity(t, "s")
		points := []Point{drawPoint(t, "a"), drawPoint(t, "b"), drawPoint(t, "c")}
		if points[0].Sub(points[1]).Length() < 1 {
			t.Skip("two points in one place")
		}
		var targets []Point
		for _, p := range points {
			targets = append(targets, s.Apply(p))
		}
		got, ok := Fit(points, targets)
		if !ok {
			t.Fatal("no fit")
		}
		for i, p := range points {
			if d := got.Apply(p).Sub(targets[i]).Length(); d > 1e-6*(1+targets[i].Length()) {
				t.Fatalf("point %d is off by %v", i, d)
			}
		}
	})
}

func TestPointsInOnePlaceHaveNoFit(t *testing.T) {
	same := []Point{{3, 3}, {3, 3}}
	if _, ok := Fit(same, []Point{{0, 0}, {1, 1}}); ok {
		t.Error("a fit was found")
	}
	if _, ok := Fit(nil, nil); ok {
		t.Error("a fit of nothing was found")
	}
}
