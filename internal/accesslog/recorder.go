package accesslog

import (
	"context"
	"log/slog"
	"time"
)

// Store keeps entries: all of them or none.
type Store interface {
	Append(ctx context.Context, entries []Entry) error
}

// Meter counts lines of the log.
type Meter interface {
	Logged(count int)
	LogLost(count int)
}

// Options are what a Recorder works with; all are needed but Every.
type Options struct {
	Store Store
	Meter Meter
	Log   *slog.Logger
	// Every is how long an entry waits for company, and how long a store that
	// failed is left alone; a second if zero.
	Every time.Duration
}

// How much waits, and how much is stored at a time. In memory the queue takes
// some 2 MB when it is full.
const (
	Capacity  = 4096
	BatchSize = 128
)

// How long storing may take, and how long it is tried when the process stops.
const (
	appendLimit = 10 * time.Second
	closeLimit  = time.Second
)

// Recorder takes in what was seen and stores it in batches while it runs.
type Recorder struct {
	Options
	queue chan Seen
}

// NewRecorder returns a recorder. Nothing is stored before Run.
func NewRecorder(o Options) *Recorder {
	if o.Every == 0 {
		o.Every = time.Second
	}
	return &Recorder{o, make(chan Seen, Capacity)}
}

// Record takes a request in, or, when the queue is full, counts it as lost. It
// never waits.
func (r *Recorder) Record(s Seen) {
	select {
	case r.queue <- s:
	default:
		r.Meter.LogLost(1)
	}
}

// Run stores what is recorded until ctx ends; then it stores what still waits, and
// counts as lost what it can't.
func (r *Recorder) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	var batch []Entry
	for {
		// A full batch that could not be stored waits; so does the queue then.
		more := r.queue
		if len(batch) >= BatchSize {
			more = nil
		}
		select {
		case <-ctx.Done():
			r.finish(ctx, batch)
			return
		case s := <-more:
			if batch = append(batch, s.Entry()); len(batch) == BatchSize {
				batch = r.store(ctx, batch)
			}
		case <-tick.C:
			batch = r.store(ctx, batch)
		}
	}
}

// store returns what is still to be stored: nothing, or all of it.
func (r *Recorder) store(ctx context.Context, batch []Entry) []Entry {
	if len(batch) == 0 {
		return batch
	}
	ctx, cancel := context.WithTimeout(ctx, appendLimit)
	defer cancel()
	if err := r.Store.Append(ctx, batch); err != nil {
		r.Log.Warn("lines of the access log wait", "count", len(batch), "error", err)
		return batch
	}
	r.Meter.Logged(len(batch))
	return batch[:0]
}

// finish empties the queue when the process stops.
func (r *Recorder) finish(ctx context.Context, batch []Entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	for {
		for more := true; more && len(batch) < BatchSize; {
			select {
			case s := <-r.queue:
				batch = append(batch, s.Entry())
			default:
				more = false
			}
		}
		if len(batch) == 0 {
			return
		}
		if batch = r.store(ctx, batch); len(batch) > 0 {
			lost := len(batch) + len(r.queue)
			r.Meter.LogLost(lost)
			r.Log.Error("lines of the access log are lost", "count", lost)
			return
		}
	}
}
