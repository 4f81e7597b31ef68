package metrics

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// API counts what the API answers.
type API struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	bytes    prometheus.Histogram
	refused  *prometheus.CounterVec
	previews *prometheus.HistogramVec
}

// NewAPI returns the API's meter; once per Metrics.
func (m *Metrics) NewAPI() *API {
	a := &API{
		requests: m.counter(httpRequests, "Answered requests by route, method and class of the status.", "route", "method", "class"),
		seconds: m.seconds(httpSeconds, "Time from a request's header to the end of its answer.",
			[]float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}, "route", "method"),
		bytes: m.make.NewHistogram(histogram(uploadBytes, "Size of accepted pictures.",
			[]float64{100e3, 300e3, 1e6, 3e6, 5e6, 10e6, 15e6, 20e6, 25 << 20})),
		refused: m.counter(uploadsRefused, "Uploads that were not accepted, by the problem's code.", "code"),
		previews: m.seconds(previewSeconds, "Time from a preview's header to its answer, by how it ended: checked, no_photo, busy, limited, refused or failed.",
			[]float64{.025, .05, .1, .15, .2, .3, .4, .6, 1, 2, 4}, "outcome"),
	}
	for _, route := range []string{"/v1/photos", "/photos"} {
		for _, class := range []string{"2xx", "5xx"} {
			a.requests.WithLabelValues(route, http.MethodPost, class) // from 0 on: see counter
		}
	}
	return a
}

// Request counts an answer. route is the template of the route, never the
// address that was asked for.
func (a *API) Request(ctx context.Context, method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	// A client may send any word as its method.
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut,
		http.MethodDelete, http.MethodOptions}, method) {
		method = "other"
	}
	a.requests.WithLabelValues(route, method, strconv.Itoa(status/100)+"xx").Inc()
	observe(ctx, a.seconds.WithLabelValues(route, method), took)
}

// Upload counts an accepted picture.
func (a *API) Upload(bytes int64) { a.bytes.Observe(float64(bytes)) }

// Refused counts an upload that was not accepted. code is one of our problems'
// codes.
func (a *API) Refused(code string) { a.refused.WithLabelValues(code).Inc() }

// Preview counts a preview by how it ended, and how long that took.
func (a *API) Preview(outcome string, took time.Duration) {
	a.previews.WithLabelValues(outcome).Observe(took.Seconds())
}
