package main

import (
	"context"
	_ "embed" // the script
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed script.js
var script string

// clients is the crowd that k6 plays.
type clients struct {
	k6      string // the program
	dir     string // for its files
	base    string // where the service is
	picture string // the file that is uploaded
	rate    float64
	people  int // who can wait at a time without k6 having to bring in more, which takes it a while
	length  time.Duration
	grace   time.Duration // for photos that wait when the last upload is in
}

// view is what the clients saw.
type view struct {
	Accepted, Refused, Ready, Erased, Errors float64
	Dropped                                  float64 // uploads that k6 could not begin when it should have
	AcceptedTime, ReadyTime                  spread
}

// spread is how long something took, in milliseconds.
type spread struct {
	Median, P95, P99, Max float64
}

// mostPeople bounds k6's memory; each of them has a copy of the picture.
const mostPeople = 3000

// play returns when all uploads are in and all photos are gone, or given up.
func (c clients) play(ctx context.Context) (view, error) {
	summary := filepath.Join(c.dir, "summary.json")
	// Nothing is told to k6's makers, no extension is fetched, no port is opened.
	cmd := exec.CommandContext(ctx, c.k6, "run", "--quiet", "--no-usage-report", "--address", "", "-") // #nosec G204 -- the pinned program
	cmd.Stdin, cmd.Dir = strings.NewReader(script), c.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "K6_NO_USAGE_REPORT=true", "K6_AUTO_EXTENSION_RESOLUTION=false",
		"BASE=" + c.base, "PICTURE=" + c.picture, "SUMMARY=" + summary, fmt.Sprintf("RATE=%g", c.rate), "DURATION=" + c.length.String(),
		fmt.Sprintf("GRACE_SECONDS=%.0f", c.grace.Seconds()), fmt.Sprintf("PEOPLE=%d", c.people), fmt.Sprintf("MOST_PEOPLE=%d", max(c.people, mostPeople)),
	}
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err := cmd.Run()
	if missed := new(exec.ExitError); errors.As(err, &missed) && missed.ExitCode() == thresholdsMissed {
		err = nil // which, the summary tells
	}
	if err != nil {
		return view{}, fmt.Errorf("k6: %w", err)
	}
	return readSummary(summary)
}

// thresholdsMissed is k6's exit code for it.
const thresholdsMissed = 99

func readSummary(path string) (view, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return view{}, err
	}
	var s struct {
		Metrics map[string]struct {
			Values map[string]float64 `json:"values"`
		} `json:"metrics"`
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return view{}, fmt.Errorf("k6's summary: %w", err)
	}
	count := func(name string) float64 { return s.Metrics[name].Values["count"] } // absent: nothing was counted
	times := func(name string) spread {
		v := s.Metrics[name].Values
		return spread{v["med"], v["p(95)"], v["p(99)"], v["max"]}
	}
	return view{
		count("accepted"), count("refused"), count("ready"), count("erased"), count("errors"), count("dropped_iterations"),
		times("accepted_time"), times("ready_time"),
	}, nil
}
