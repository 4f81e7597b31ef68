package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report is a run as Markdown.
func (r result) report() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	size := "the portrait as it is"
	if r.plan.Bytes > 0 {
		size = fmt.Sprintf("%.1f MB each", float64(r.plan.Bytes)/1e6)
	}
	line("%.1f uploads a second, %s, for %s; %s. %s.\n", r.plan.Rate, size, r.plan.Length, r.plan.where(), time.Now().UTC().Format(time.DateOnly))
	line("| promise | measured | kept |\n| --- | ---: | --- |")
	for _, p := range r.promises() {
		line("| %s | %s | %s |", p.what, p.measured, map[bool]string{true: "yes", false: "**no**"}[p.kept])
	}
	line("\n| as clients saw it | median | p95 | p99 | longest |\n| --- | ---: | ---: | ---: | ---: |")
	line("| upload sent to accepted | %s |", r.seen.AcceptedTime)
	line("| accepted to ready | %s |", r.seen.ReadyTime)
	n := r.work.Sum(outcomes, `outcome="ready"`)
	r.reportCosts(line, n)
	if r.plan.Postgres {
		r.reportRows(line, n)
	}
	if r.plan.Stub < 0 {
		r.reportStretches(line)
	}
	return b.String()
}

// String is the middle, two tails and the end.
func (s spread) String() string {
	cells := make([]string, 0, 4)
	for _, ms := range []float64{s.Median, s.P95, s.P99, s.Max} {
		if ms >= 10_000 {
			cells = append(cells, fmt.Sprintf("%.1f s", ms/1000))
		} else {
			cells = append(cells, fmt.Sprintf("%.0f ms", ms))
		}
	}
	return strings.Join(cells, " | ")
}

// reportCosts says what a photo takes, from its upload to its deletion, beyond what
// the same time costs when nothing is to be done.
func (r result) reportCosts(line func(string, ...any), n float64) {
	spent := r.spent.Beyond(r.idle)
	line("\n| one photo, from upload to deletion, takes | |\n| --- | ---: |")
	programs := make([]string, 0, len(spent.CPU))
	for program := range spent.CPU {
		programs = append(programs, program)
	}
	slices.Sort(programs)
	for _, program := range programs {
		line("| CPU of %s | %.2f ms |", program, 1000*spent.CPU[program]/n)
	}
	if r.plan.Stub >= 0 { // else workers are too busy to look for work, and all of Redis' use is for photos
		line("| requests to Redis | %.1f |", spent.Redis.Trips()/n)
		line("| bytes to and from Redis | %.0f and %.0f |", spent.Redis.In/n, spent.Redis.Out/n)
	}
	if r.plan.Postgres {
		line("| statements in PostgreSQL | %.1f |", spent.Statements/n)
		line("| transactions in PostgreSQL | %.1f |", spent.Commits/n)
	}
	seconds := r.idle.Took.Seconds()
	line("\nWhile nothing is to be done Redis answers %.0f requests a second, for %.1f %% of a core.",
		r.idle.Redis.Trips()/seconds, 100*r.idle.CPU["redis"]/seconds)
}

// reportRows says what stays in PostgreSQL of a photo that is gone.
func (r result) reportRows(line func(string, ...any), n float64) {
	line("\n| of a photo that is deleted there stay in | rows | bytes, indexes included |\n| --- | ---: | ---: |")
	for _, t := range r.rows {
		if perPhoto := t.Rows / n; perPhoto >= .5 {
			line("| %s | %.1f | %.0f |", t.Name, perPhoto, t.Bytes/n)
		}
	}
}

func (r result) reportStretches(line func(string, ...any)) {
	line("\n| after | accepted | refused | ready | waiting | oldest in the queue, s | waited, s | worker and studios, MB | api, MB | scheduler, MB | Redis, MB |")
	line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, s := range stretches(r.looks, r.plan.Length) {
		line("| %s | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f |", s.to.Round(time.Second), s.accepted, s.refused, s.ready,
			s.waiting, s.oldest, s.waited, s.memory["worker"]/1e6, s.memory["api"]/1e6, s.memory["scheduler"]/1e6, s.memory["redis"]/1e6)
	}
}
