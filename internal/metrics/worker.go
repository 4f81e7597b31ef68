package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Worker counts what a worker does with photos.
type Worker struct {
	outcomes *prometheus.CounterVec
	seconds  prometheus.Histogram
	waits    *prometheus.HistogramVec
	steps    *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

// NewWorker returns the worker's meter; once per Metrics.
func (m *Metrics) NewWorker() *Worker {
	buckets := []float64{.01, .025, .05, .1, .2, .4, .8, 1.5, 3, 6, 12, 20}
	w := &Worker{
		outcomes: m.counter(photoOutcomes, "How turns with a photo ended; reason says why there is no photo.", "outcome", "reason"),
		seconds:  m.make.NewHistogram(histogram(photoSeconds, "Time from a worker's claim to the end of its turn.", buckets)),
		waits: m.seconds(photoWaitSeconds, "Time from the upload or the edit to the end of what was asked, by how it ended (ready, rejected or failed) and by lane: the promise is that of default.",
			[]float64{.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120, 300}, "outcome", "lane"),
		steps:    m.seconds(stepSeconds, "Time of each step.", buckets, "step"),
		inFlight: m.gauge(photosInFlight, "Photos that this process holds."),
	}
	for _, s := range []photo.Status{photo.Ready, photo.Rejected, photo.Failed} {
		w.waits.WithLabelValues(string(s), photo.Lane("").String())
	}
	for _, s := range photo.Steps() {
		w.steps.WithLabelValues(string(s))
	}
	return w
}

// Began counts a photo that was claimed.
func (w *Worker) Began() { w.inFlight.Inc() }

// Ended counts the end of a turn that Began.
func (w *Worker) Ended(ctx context.Context, outcome string, reason photo.Reason, took time.Duration) {
	w.inFlight.Dec()
	w.outcomes.WithLabelValues(outcome, string(reason)).Inc()
	observe(ctx, w.seconds, took)
}

// Settled counts a photo that is finished, and how long its owner waited for that.
func (w *Worker) Settled(ctx context.Context, s photo.Status, lane photo.Lane, waited time.Duration) {
	observe(ctx, w.waits.WithLabelValues(string(s), lane.String()), waited)
}

// Step records how long a step took.
func (w *Worker) Step(ctx context.Context, s photo.Step, took time.Duration) {
	observe(ctx, w.steps.WithLabelValues(string(s)), took)
}

// Studios counts the child processes of a worker.
type Studios struct {
	running prometheus.Gauge
	starts  prometheus.Counter
	ends    *prometheus.CounterVec
	peak    prometheus.Gauge
	loads   *prometheus.CounterVec
	loading prometheus.Histogram

	mu   sync.Mutex
	most int64
}

// NewStudios returns the meter of the children; once per Metrics.
func (m *Metrics) NewStudios() *Studios {
	s := &Studios{
		running: m.gauge(studios, "Child processes that run."),
		starts:  m.make.NewCounter(prometheus.CounterOpts{Name: studioStarts, Help: "Child processes started."}),
		ends:    m.counter(studioEnds, "Child processes ended, by cause.", "cause"),
		peak:    m.gauge(studioPeakBytes, "Most memory that any child process has had."),
		loads:   m.counter(modelLoads, "Child processes that loaded libraries and models, by result, ok or failed.", "result"),
		loading: m.make.NewHistogram(histogram(modelLoadSeconds, "Time from a child process's start until it has loaded libraries and models.",
			[]float64{.1, .25, .5, 1, 2, 4, 8, 16, 30})),
	}
	for _, r := range []string{"ok", "failed"} {
		s.loads.WithLabelValues(r)
	}
	return s
}

// ChildStarted counts a child.
func (s *Studios) ChildStarted() {
	s.running.Inc()
	s.starts.Inc()
}

// ChildLoaded counts a child that has loaded its models, or did not manage to.
func (s *Studios) ChildLoaded(took time.Duration, err error) {
	s.loads.WithLabelValues(result(err)).Inc()
	if err == nil {
		s.loading.Observe(took.Seconds())
	}
}

// ChildPeak notes the most memory that one child has had, in bytes.
func (s *Studios) ChildPeak(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most = max(s.most, bytes)
	s.peak.Set(float64(s.most))
}

// ChildEnded counts a child's end.
func (s *Studios) ChildEnded(cause string) {
	s.running.Dec()
	s.ends.WithLabelValues(cause).Inc()
}
