// Command dashboards writes Grafana's dashboards of the service beside itself: run it as
// `go run .` after a change here. A test holds every query against Prometheus' own parser
// and against the names in internal/metrics.
//
// It is a module of its own, because that parser brings much along that the service
// has no use for.
package main

import (
	"fmt"
	"os"
)

func main() {
	for _, d := range dashboards() {
		out, err := d.render()
		if err == nil {
			err = os.WriteFile(d.file, out, 0o644) // #nosec G306 -- to be read by anybody
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func dashboards() []dashboard { return []dashboard{service(), workers(), privacy()} }
