// Command load plays a crowd that uploads pictures, waits for the photos and deletes
// them, and judges how the service bore it by the service's own figures. It starts
// the real binaries with a Redis and a database of their own, has k6 send what
// script.js says, and writes what it measured into docs/performance.md. Its exit code
// is 1 if a promise was not kept.
//
// A stub studio of fixed cost stands in for the real one where the question is what
// the API, the queue and the databases bear; -real asks what the whole machine does
// at its limit. Nothing else should run on the machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// settings are the flags.
type settings struct {
	real      bool
	rate      float64
	sizeMB    float64
	length    time.Duration
	grace     time.Duration
	databases string
	workers   int
	slots     int
	stub      time.Duration
	k6        string
	document  string
}

func main() {
	var s settings
	flag.BoolVar(&s.real, "real", false, "with the real studios, at the machine's limit")
	flag.Float64Var(&s.rate, "rate", 20, "uploads a second; with -real 0 means a little more than the machine can do")
	flag.Float64Var(&s.sizeMB, "size", 1, "MB of an upload; with -real the portrait is sent as it is")
	flag.DurationVar(&s.length, "duration", 2*time.Minute, "how long uploads come")
	flag.DurationVar(&s.grace, "grace", 2*time.Minute, "how long photos may take when the last upload is in")
	flag.StringVar(&s.databases, "databases", "postgres", "what keeps the records, one run each: postgres, sqlite or both with a comma between")
	flag.IntVar(&s.workers, "workers", 2, "worker processes")
	flag.IntVar(&s.slots, "slots", 4, "photos that a worker makes at a time")
	flag.DurationVar(&s.stub, "stub", 200*time.Millisecond, "what a photo takes in the stub studio")
	flag.StringVar(&s.k6, "k6", ".deps/bin/k6", "the program k6")
	flag.StringVar(&s.document, "document", "docs/performance.md", "where the figures are written to; empty for nowhere")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// errBroken says that a run did not show what it should.
var errBroken = errors.New("a promise was not kept")

func run(ctx context.Context, s settings) error {
	var failed error
	for _, database := range strings.Split(s.databases, ",") {
		p, err := s.plan(database)
		if err != nil {
			return err
		}
		r, err := p.run(ctx, os.Stderr)
		if err != nil {
			return err
		}
		text := r.report() + "\nMachine: " + rig.Machine(ctx) + ".\n"
		fmt.Println(text)
		if !r.kept() {
			failed = errBroken
		}
		if s.document != "" {
			if err := rig.WritePart(s.document, s.part(database), text); err != nil {
				return err
			}
		}
	}
	return failed
}

// part is the name of the document's part that a run writes.
func (s settings) part(database string) string {
	if s.real {
		return "load-real"
	}
	return fmt.Sprintf("load-%s-%gx%gMB", database, s.rate, s.sizeMB)
}

func (s settings) plan(database string) (plan, error) {
	checkout, err := filepath.Abs(".")
	if err != nil {
		return plan{}, err
	}
	k6, err := filepath.Abs(s.k6)
	if err != nil {
		return plan{}, err
	}
	if database != "postgres" && database != "sqlite" {
		return plan{}, fmt.Errorf("there is no database %q: postgres or sqlite", database)
	}
	p := plan{
		Checkout: checkout, K6: k6, Postgres: database == "postgres", Stub: s.stub, Workers: s.workers, Slots: s.slots,
		Rate: s.rate, Bytes: int(s.sizeMB * 1e6), Length: s.length, Idle: 4 * time.Second, Grace: s.grace,
	}
	if s.real {
		p.Stub, p.Bytes = -1, 0
		// With everybody who waits the API holds a stream of events. So that their number,
		// and with it the memory, is level for most of the run, the wait is kept short.
		p.Env = []string{"MAX_WAIT=20s"}
	}
	return p, nil
}
