// Command picture draws the dashboards beside it as pictures, for docs/monitoring.md: it
// reads the files that Grafana imports, asks a running Prometheus each panel's questions
// over the last minutes, and draws what comes at the panel's place. It knows the two kinds
// of panels that there are, and stands in for Grafana where nobody wants to run one.
//
// A panel that has nothing to show says so, which is how a question that finds nothing
// comes to light.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	address := flag.String("prometheus", "http://127.0.0.1:9090", "address of the Prometheus to ask")
	last := flag.Duration("last", 30*time.Minute, "how long a time to show, until now or -until")
	until := flag.String("until", "", "the end of it, such as 2026-03-01T12:00:00Z")
	scrape := flag.Duration("scrape", 15*time.Second, "how often that Prometheus scrapes")
	to := flag.String("to", "../docs/dashboards", "the folder for the pictures")
	flag.Parse()
	if err := run(*address, *to, *until, span{length: *last, scrape: *scrape}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(address, to, until string, s span) error {
	s.end = time.Now()
	if until != "" {
		var err error
		if s.end, err = time.Parse(time.RFC3339, until); err != nil {
			return err
		}
	}
	prometheus, err := newSource(address)
	if err != nil {
		return err
	}
	files, err := filepath.Glob("*.json")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no dashboards here: start this in dashboards/: %w", err)
	}
	for _, file := range files {
		b, err := readBoard(file)
		if err == nil {
			err = b.ask(context.Background(), prometheus, s)
		}
		if err == nil {
			err = b.write(filepath.Join(to, strings.TrimSuffix(file, ".json")+".png"), s)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}
