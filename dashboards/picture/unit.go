package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// scale is one way to write a figure: divided by of, with the sign after it.
type scale struct {
	of   float64
	sign string
}

// scales are those of a unit of Grafana, the finest first.
var scales = map[string][]scale{
	"none":        {{1, ""}},
	"percentunit": {{.01, " %"}},
	"s":           {{.001, " ms"}, {1, " s"}, {60, " min"}, {3600, " h"}, {86400, " d"}},
	"h":           {{1, " h"}, {24, " d"}},
	"reqps":       {{1, " req/s"}},
	"ops":         {{1, " /s"}},
	"short":       {{1, ""}},
	"bytes":       {{1, " B"}, {1 << 10, " KiB"}, {1 << 20, " MiB"}, {1 << 30, " GiB"}},
	"Bps":         {{1, " B/s"}, {1e3, " kB/s"}, {1e6, " MB/s"}},
}

// scaleOf is how figures of about this size are written in the unit.
func scaleOf(unit string, about float64) (scale, error) {
	all, is := scales[unit]
	if !is {
		return scale{}, fmt.Errorf("the unit %q can't be drawn", unit)
	}
	best := all[0]
	for _, s := range all {
		if math.Abs(about) >= s.of || about == 0 && s.of <= 1 {
			best = s
		}
	}
	return best, nil
}

// write is a figure with three digits that count, and two more behind 99 %.
func (s scale) write(v float64) string {
	if v /= s.of; v == 0 {
		v = 0 // not -0
	}
	digits := 0
	if v != math.Trunc(v) && math.Abs(v) < 100 {
		digits = min(6, max(0, 2-int(math.Floor(math.Log10(math.Abs(v))))))
		if s.of == .01 {
			digits = max(digits, 2)
		}
	}
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + s.sign
}

// even is a distance between ticks that makes at most five of them up to the top.
func (s scale) even(top float64) float64 {
	distance := top / s.of / 4
	power := math.Pow(10, math.Floor(math.Log10(distance)))
	for _, nice := range []float64{1, 2, 2.5, 5, 10} {
		if nice*power >= distance*.999 {
			return nice * power * s.of
		}
	}
	return 10 * power * s.of
}
