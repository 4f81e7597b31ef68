package rig

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Figures are what processes tell Prometheus: the value of each series, whose name is
// written as in its text format, labels included. Of several processes they are sums.
type Figures map[string]float64

// ReadFigures asks processes for their figures.
func ReadFigures(ctx context.Context, processes ...*Process) (Figures, error) {
	f := Figures{}
	for _, p := range processes {
		if err := f.add(ctx, "http://"+p.Ops+"/metrics"); err != nil {
			return nil, fmt.Errorf("figures of %s: %w", p.name, err)
		}
	}
	return f, nil
}

func (f Figures) add(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return f.read(resp.Body)
}

func (f Figures) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		series, value, _ := cutLast(line, " ")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("the line %q: %w", line, err)
		}
		f[series] += v
	}
	return lines.Err()
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// Since is what was counted since an earlier look. It is of no use for gauges.
func (f Figures) Since(earlier Figures) Figures {
	d := Figures{}
	for series, v := range f {
		d[series] = v - earlier[series]
	}
	return d
}

// Plus is the sum with the figures of others.
func (f Figures) Plus(others Figures) Figures {
	sum := maps.Clone(f)
	for series, v := range others {
		sum[series] += v
	}
	return sum
}

// Sum adds up the series of a metric that have all of the labels, written name="value".
func (f Figures) Sum(metric string, labels ...string) (sum float64) {
	for series, v := range f {
		if matches(series, metric, labels) {
			sum += v
		}
	}
	return sum
}

// Most is the largest of them.
func (f Figures) Most(metric string, labels ...string) (most float64) {
	for series, v := range f {
		if matches(series, metric, labels) {
			most = max(most, v)
		}
	}
	return most
}

func matches(series, metric string, labels []string) bool {
	name, set, _ := strings.Cut(series, "{")
	if name != metric {
		return false
	}
	set = "," + strings.TrimSuffix(set, "}") + ","
	for _, l := range labels {
		if !strings.Contains(set, ","+l+",") {
			return false
		}
	}
	return true
}
