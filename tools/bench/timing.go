package main

import (
	"fmt"
	"slices"
	"time"
)

// warmUp runs come first and are not counted.
const warmUp = 3

// timed is the median time that f takes.
func timed(runs int, f func() error) (time.Duration, error) {
	var took []time.Duration
	for i := range warmUp + runs {
		began := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		if i >= warmUp {
			took = append(took, time.Since(began))
		}
	}
	return median(took), nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}
