// Command simcluster shows how far one Redis carries: it runs 1 to 50 worker
// processes, real ones of the operating system with connections of their own, whose
// photos take a fixed time in which nothing is computed, so that the processes don't
// compete for the cores of this machine and the queue is all that they share.
//
// It measures five things and writes them into docs/scaling.md: what workers that wait
// cost, whether twice the workers make twice the photos with Redis alone (`queue`) and
// with the real worker, its database and its blobs (`whole`), how many photos a second
// Redis bears when it does nothing else (`full`), and how many a scheduler removes
// (`expire`).
//
// With the word worker it is one of those processes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// settings are the flags.
type settings struct {
	workers   string
	slots     int
	cost      time.Duration
	wholeCost time.Duration
	measured  time.Duration
	only      string
	document  string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == workerWord {
		end(work(ctx))
	}
	var s settings
	flag.StringVar(&s.workers, "workers", "1,2,5,10,20,35,50", "how many worker processes, one measurement each")
	flag.IntVar(&s.slots, "slots", 2, "photos that a worker makes at a time")
	flag.DurationVar(&s.cost, "cost", 200*time.Millisecond, "what a photo takes, in the mode queue")
	flag.DurationVar(&s.wholeCost, "whole-cost", 2*time.Second, "what a photo takes, in the mode whole: all the real work around it is done on this machine")
	flag.DurationVar(&s.measured, "measure", 10*time.Second, "how long each measurement takes")
	flag.StringVar(&s.only, "only", "", "one `mode` of queue, whole, full and expire")
	flag.StringVar(&s.document, "document", "docs/scaling.md", "where the figures are written to; empty for nowhere")
	flag.Parse()
	end(run(ctx, s))
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "simcluster:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context, s settings) error {
	sim, err := s.simulation()
	if err != nil {
		return err
	}
	modes := []struct {
		name    string
		measure func(context.Context) (string, error)
	}{
		{"queue", func(ctx context.Context) (string, error) { return sim.linear(ctx, "queue", queueMode(sim, s.cost)) }},
		{"whole", func(ctx context.Context) (string, error) {
			return sim.linear(ctx, "whole", wholeMode(sim, s.wholeCost))
		}},
		{"full", sim.full},
		{"expire", sim.expire},
	}
	known := false
	for _, m := range modes {
		if s.only != "" && s.only != m.name {
			continue
		}
		known = true
		text, err := m.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		text = fmt.Sprintf("Machine: %s. %s.\n\n%s", rig.Machine(ctx), time.Now().UTC().Format(time.DateOnly), text)
		fmt.Println(text)
		if s.document == "" {
			continue
		}
		if err := rig.WritePart(s.document, "simulate-"+m.name, text); err != nil {
			return err
		}
	}
	if !known {
		return fmt.Errorf("there is no mode %q: queue, whole, full or expire", s.only)
	}
	return nil
}

func (s settings) simulation() (sim simulation, err error) {
	sim = simulation{slots: s.slots, idle: 3 * time.Second, measured: s.measured, expiring: 3000, say: os.Stderr}
	for _, word := range strings.Split(s.workers, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > 500 {
			return sim, fmt.Errorf("-workers: %q is no number of processes", word)
		}
		sim.workers = append(sim.workers, n)
	}
	if s.slots < 1 || s.measured <= 0 {
		return sim, errors.New("-slots and -measure must be more than nothing")
	}
	if sim.self, err = os.Executable(); err != nil {
		return sim, err
	}
	sim.checkout, err = filepath.Abs(".")
	return sim, err
}
