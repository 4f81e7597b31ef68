package backlog

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Queue shows the lanes.
type Queue interface {
	LookAt(ctx context.Context, lane photo.Lane) (Look, error)
}

// Limits are the longest waits with which photos are still taken; 0 for no limit.
type Limits map[photo.Lane]time.Duration

// Options are what a Watch works with.
type Options struct {
	Queue  Queue
	Limits Limits
	Now    func() time.Time
	Every  time.Duration // between two looks; a second if zero
}

// Watch looks at the lanes and remembers what it saw.
type Watch struct {
	Options
	mu    sync.Mutex
	lanes map[photo.Lane]*lane
}

// NewWatch returns a watch that has not looked yet and holds nobody back.
func NewWatch(o Options) *Watch {
	if o.Every == 0 {
		o.Every = time.Second
	}
	return &Watch{Options: o, lanes: map[photo.Lane]*lane{"": {}, photo.Bulk: {}}}
}

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	next := time.NewTicker(w.Every)
	defer next.Stop()
	for {
		for name := range w.lanes {
			w.look(ctx, name)
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// look sees nothing where the queue does not answer.
func (w *Watch) look(ctx context.Context, name photo.Lane) {
	seen, err := w.Queue.LookAt(ctx, name)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lanes[name].saw(seen, w.Now())
}

// trust is for how many looks the last one that succeeded counts.
const trust = 5

// Wait is how long a photo that comes now is expected to wait in a lane; 0 when that is
// not known, because the queue does not answer.
func (w *Watch) Wait(name photo.Lane) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.lanes[name]
	if l.at.IsZero() || w.Now().Sub(l.at) > trust*w.Every {
		return 0
	}
	return l.wait()
}

// How soon those who were sent away are asked to come again.
const (
	soonest = 5 * time.Second
	latest  = 5 * time.Minute
)

// Over is 0 while the lane's wait is within its limit. Else it is for how long the wait
// will be over it if nobody comes, and somewhat more by chance, so that those who were
// sent away don't come all at once.
func (w *Watch) Over(name photo.Lane) time.Duration {
	limit, wait := w.Limits[name], w.Wait(name)
	if limit == 0 || wait <= limit {
		return 0
	}
	over := min(max(wait-limit, soonest), latest)
	return over + rand.N(over/2) // #nosec G404 -- it only spreads them
}
