package main

import (
	"fmt"
	"math"
	"time"
)

// promise is one thing that a run has to show.
type promise struct {
	what     string
	measured string
	kept     bool
}

// acceptLimit is within what 99 of 100 uploads are to be accepted, by the server's
// histogram, in seconds: one of its bounds.
const acceptLimit = 0.1

const acceptedInTime = "uploads accepted within 100 ms, by the server's histogram"

// promises judges a run.
func (r result) promises() []promise {
	accepted := r.api.Sum(requests, append([]string{`class="2xx"`}, uploads...)...)
	ready := r.work.Sum(outcomes, `outcome="ready"`)
	unavailable := r.api.Sum(requests, append([]string{`class="5xx"`}, uploads...)...)
	all := []promise{
		none("errors that clients saw", r.seen.Errors),
		{"accepted photos that became ready", fmt.Sprintf("%.0f of %.0f", ready, accepted), ready == accepted && accepted > 0 && accepted == r.seen.Accepted},
		{"of these made more than once", fmt.Sprintf("%.0f", r.work.Sum(outcomes)-ready), r.work.Sum(outcomes) == ready},
		{"deleted", fmt.Sprintf("%.0f", r.seen.Erased), r.seen.Erased == accepted},
		none("entries left in the queue", r.left.Tasks),
		none("blobs left", r.left.Blobs),
		none("records left", r.left.Records),
		none("server errors beside refusals", r.api.Sum(requests, `class="5xx"`)-unavailable+math.Max(0, unavailable-r.seen.Refused)),
	}
	if r.plan.Stub >= 0 {
		h := r.api.Histogram(requestSeconds, uploads...)
		return append(all,
			none("uploads refused", r.seen.Refused),
			none("uploads that clients could not begin in time", r.seen.Dropped),
			promise{acceptedInTime, fmt.Sprintf("%.2f %%; p99 %.0f ms", 100*h.Share(acceptLimit), 1000*h.Quantile(.99)), h.Share(acceptLimit) >= .99})
	}
	return append(all, r.overLimit(), r.honestAge(), r.flatMemory())
}

// overLimit says whether more was offered than could be made, or nothing was shown: then
// photos waited, or some were turned away.
func (r result) overLimit() promise {
	offered := r.seen.Accepted + r.seen.Refused + r.seen.Dropped
	inTime, oldest := 0.0, 0.0
	for _, l := range r.looks {
		if oldest = max(oldest, l.oldest); l.at <= r.plan.Length {
			inTime = l.ready - r.looks[0].ready
		}
	}
	return promise{"uploads offered, of them refused, ready in the same time; the longest wait in the queue",
		fmt.Sprintf("%.0f, %.0f, %.0f; %.1f s", offered, r.seen.Refused, inTime, oldest), r.seen.Refused > 0 || oldest > 1}
}

// none is a promise of which there may not be any.
func none(what string, measured float64) promise {
	return promise{what, fmt.Sprintf("%.0f", measured), measured <= 0}
}

// Kept says whether all is as it should be.
func (r result) kept() bool {
	for _, p := range r.promises() {
		if !p.kept {
			return false
		}
	}
	return true
}

// How far the queue's age may be from the waits that were measured: a share of them, or
// what a queue that is nearly empty can't tell better.
const (
	ageShare = .15
	ageSlack = .5 // seconds
)

// honestAge compares the age of the oldest entry, as the queue tells it, with how long
// those waited that were taken from it: what owners waited less what their turn took.
func (r result) honestAge() promise {
	worst, at, honest := 0.0, time.Duration(0), true
	for _, s := range stretches(r.looks, r.plan.Length) {
		if s.ready == 0 {
			continue
		}
		off := math.Abs(s.oldest - s.waited)
		honest = honest && off <= math.Max(ageSlack, ageShare*s.waited)
		if off > worst {
			worst, at = off, s.to
		}
	}
	return promise{"the queue's oldest age and the waits measured differ at most by", fmt.Sprintf("%.2f s (to %s)", worst, at.Round(time.Second)), honest}
}

// flatGrowth is by how much memory may grow from the first half of the run to the
// second, the first minute left out, as a share.
const flatGrowth = .05

// flatMemory looks at the processes that make photos and those that lead them.
func (r result) flatMemory() promise {
	var halves [2][]float64
	end := r.plan.Length
	start := min(time.Minute, end/4)
	for _, l := range r.looks {
		if l.at < start || l.at > end {
			continue
		}
		half := 0
		if l.at > (start+end)/2 {
			half = 1
		}
		halves[half] = append(halves[half], l.memory["worker"]+l.memory["scheduler"]+l.memory["api"])
	}
	first, second := mean(halves[0]), mean(halves[1])
	growth := second/first - 1
	return promise{"memory from the first half of the run to the second", fmt.Sprintf("%.0f to %.0f MB, %+.1f %%; %+.2f MB a minute",
		first/1e6, second/1e6, 100*growth, r.slope(start)), growth <= flatGrowth}
}

// slope is the straight line through the memory of our processes, in MB a minute.
func (r result) slope(from time.Duration) float64 {
	var n, x, y, xx, xy float64
	for _, l := range r.looks {
		if l.at < from || l.at > r.plan.Length {
			continue
		}
		t, m := l.at.Minutes(), (l.memory["worker"]+l.memory["scheduler"]+l.memory["api"])/1e6
		n, x, y, xx, xy = n+1, x+t, y+m, xx+t*t, xy+t*m
	}
	if n*xx == x*x {
		return 0
	}
	return (n*xy - x*y) / (n*xx - x*x)
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// stretch is part of a run.
type stretch struct {
	to                       time.Duration
	accepted, refused, ready float64
	waiting                  float64 // at its end
	oldest                   float64 // mean of the looks
	waited                   float64 // mean of the photos that became ready, without their turns
	memory                   map[string]float64
}

// stretches cuts a run into minutes, or a shorter one into ten parts.
func stretches(looks []look, length time.Duration) (all []stretch) {
	each := min(time.Minute, max(length/10, time.Second))
	for i := 0; i < len(looks)-1; {
		j := i
		var oldest []float64
		for j < len(looks)-1 && looks[j].at-looks[i].at < each {
			oldest = append(oldest, looks[j].oldest)
			j++
		}
		a, b := looks[i], looks[j]
		s := stretch{
			to: b.at, accepted: b.accepted - a.accepted, refused: b.refused - a.refused, ready: b.ready - a.ready,
			waiting: b.waiting, oldest: mean(oldest), memory: b.memory,
		}
		if n := b.waits.Count - a.waits.Count; n > 0 {
			s.waited = max(0, (b.waits.Sum-a.waits.Sum)/n-(b.steps-a.steps)/(b.turns-a.turns))
		}
		all = append(all, s)
		i = j
	}
	return all
}
