package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// board is a dashboard, as Grafana reads it.
type board struct {
	Title  string
	Panels []*panel
}

type panel struct {
	Type, Title string
	GridPos     struct{ X, Y, W, H int }
	Targets     []struct{ Expr, LegendFormat string }
	FieldConfig struct {
		Defaults struct {
			Unit       string
			Thresholds struct{ Steps []threshold }
		}
	}

	lines []line // the answers
}

// threshold colours a number from Value on; the first has none.
type threshold struct {
	Color string
	Value *float64
}

// line is one answer: values by time, with gaps where there was nothing.
type line struct {
	name   string
	values []model.SamplePair
}

// span is the time that is shown.
type span struct {
	end            time.Time
	length, scrape time.Duration
}

// points is how many values a line has at most.
const points = 150

// step is the time between two values.
func (s span) step() time.Duration { return max(s.scrape, (s.length / points).Round(time.Second)) }

// rate is Grafana's $__rate_interval.
func (s span) rate() string {
	return model.Duration(max(4*s.scrape, s.step()+s.scrape)).String()
}

// source is the one question that Prometheus is asked.
type source interface {
	QueryRange(ctx context.Context, query string, r prometheus.Range, opts ...prometheus.Option) (model.Value, prometheus.Warnings, prometheus.Infos, error)
}

func newSource(address string) (source, error) {
	c, err := api.NewClient(api.Config{Address: address})
	if err != nil {
		return nil, err
	}
	return prometheus.NewAPI(c), nil
}

func readBoard(file string) (*board, error) {
	text, err := os.ReadFile(file) // #nosec G304 -- a dashboard
	if err != nil {
		return nil, err
	}
	var b board
	return &b, json.Unmarshal(text, &b)
}

// ask has every panel's questions answered.
func (b *board) ask(ctx context.Context, from source, s span) error {
	during := prometheus.Range{Start: s.end.Add(-s.length), End: s.end, Step: s.step()}
	for _, p := range b.Panels {
		for _, t := range p.Targets {
			answer, _, _, err := from.QueryRange(ctx, strings.ReplaceAll(t.Expr, "$__rate_interval", s.rate()), during)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Title, err)
			}
			matrix, is := answer.(model.Matrix)
			if !is {
				return fmt.Errorf("%s: the answer is a %s", p.Title, answer.Type())
			}
			for _, stream := range matrix {
				p.lines = append(p.lines, line{named(t.LegendFormat, stream.Metric), known(stream.Values)})
			}
		}
		p.lines = slices.DeleteFunc(p.lines, func(l line) bool { return len(l.values) == 0 })
	}
	return nil
}

var label = regexp.MustCompile(`{{ *(\w+) *}}`)

// named fills the labels into a legend.
func named(legend string, of model.Metric) string {
	return label.ReplaceAllStringFunc(legend, func(m string) string {
		return string(of[model.LabelName(label.FindStringSubmatch(m)[1])])
	})
}

// known leaves out what is not a number: a share of nothing.
func known(all []model.SamplePair) (some []model.SamplePair) {
	for _, v := range all {
		if f := float64(v.Value); f == f && f < 1e300 && f > -1e300 {
			some = append(some, v)
		}
	}
	return some
}
