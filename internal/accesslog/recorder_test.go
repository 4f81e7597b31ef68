package accesslog_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// store keeps entries in memory, or fails.
type store struct {
	mu      sync.Mutex
	entries []accesslog.Entry
	batches []int
	fails   error
	blocks  chan struct{} // nil, or held until closed
	asked   atomic.Int32
}

func (s *store) Append(ctx context.Context, entries []accesslog.Entry) error {
	s.asked.Add(1)
	if s.blocks != nil {
		select {
		case <-s.blocks:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return s.fails
	}
	s.entries = append(s.entries, entries...)
	s.batches = append(s.batches, len(entries))
	return nil
}

func (s *store) becomes(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = err
}

func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.entries)
}

// tally counts what the meter is told.
type tally struct{ logged, lost atomic.Int64 }

func (t *tally) Logged(n int)  { t.logged.Add(int64(n)) }
func (t *tally) LogLost(n int) { t.lost.Add(int64(n)) }

// running is a recorder that runs until stop, which waits for its end.
func running(t *testing.T, s *store) (r *accesslog.Recorder, m *tally, stop func()) {
	t.Helper()
	m = &tally{}
	r = accesslog.NewRecorder(accesslog.Options{Store: s, Meter: m, Log: slog.New(slog.DiscardHandler), Every: 5 * time.Millisecond})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return r, m, stop
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	testapp.Eventually(t, 10*time.Second, what, holds)
}

func TestWhatIsRecordedIsStoredInBatches(t *testing.T) {
	s := &store{}
	r, m, _ := running(t, s)
	for range 2000 {
		r.Record(accesslog.Seen{Route: "/"})
	}
	eventually(t, "all is stored", func() bool { return m.logged.Load() == 2000 })
	if s.count() != 2000 || len(s.batches) > 100 || m.lost.Load() != 0 {
		t.Errorf("%d stored in %d batches, %d lost", s.count(), len(s.batches), m.lost.Load())
	}
	for _, n := range s.batches {
		if n > accesslog.BatchSize {
			t.Errorf("a batch of %d", n)
		}
	}
}

func TestRecordingNeverWaitsAndCountsWhatDoesNotFit(t *testing.T) {
	s := &store{blocks: make(chan struct{})}
	r, m, stop := running(t, s)
	const sent = accesslog.Capacity + 3*accesslog.BatchSize
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range sent / 8 {
				r.Record(accesslog.Seen{Route: "/"})
			}
		})
	}
	senders.Wait() // returns although the store stands still
	if lost := m.lost.Load(); lost < sent-accesslog.Capacity-accesslog.BatchSize-1 || lost > sent-accesslog.Capacity {
		t.Errorf("%d of %d are counted as lost", lost, sent)
	}
	close(s.blocks)
	stop()
	if stored := int64(s.count()); stored+m.lost.Load() != sent {
		t.Errorf("%d stored and %d lost of %d", stored, m.lost.Load(), sent)
	}
}

func TestWhileTheDatabaseIsDownTheQueueWaitsAndThenNothingIsMissing(t *testing.T) {
	s := &store{fails: errors.New("no database")}
	r, m, _ := running(t, s)
	for range accesslog.Capacity / 2 {
		r.Record(accesslog.Seen{Route: "/"})
	}
	eventually(t, "storing was tried again", func() bool { return s.asked.Load() > 3 })
	if m.lost.Load() != 0 {
		t.Errorf("%d lost", m.lost.Load())
	}
	s.becomes(nil)
	eventually(t, "all is stored", func() bool { return s.count() == accesslog.Capacity/2 })
	names := map[string]bool{}
	for _, e := range s.entries {
		names[e.Name] = true
	}
	if len(names) != accesslog.Capacity/2 {
		t.Errorf("%d different entries", len(names))
	}
}

func TestARestartStoresWhatWaitsAndLosesAtMostTheQueue(t *testing.T) {
	s := &store{}
	r, m, stop := running(t, s)
	for range 1000 {
		r.Record(accesslog.Seen{Route: "/"})
	}
	stop()
	if s.count() != 1000 || m.lost.Load() != 0 {
		t.Errorf("%d stored, %d lost", s.count(), m.lost.Load())
	}

	down := &store{fails: errors.New("no database")}
	r, m, stop = running(t, down)
	for range 1000 {
		r.Record(accesslog.Seen{Route: "/"})
	}
	stop()
	if m.lost.Load() != 1000 {
		t.Errorf("%d of 1000 are counted as lost", m.lost.Load())
	}
}
