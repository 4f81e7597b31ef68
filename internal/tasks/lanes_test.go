package tasks

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// lanes are served by one slot, which tells of each photo whose turn it is and waits
// for leave to end it.
type lanes struct {
	turns chan photo.ID
	leave chan struct{}
}

func serveLanes(t *testing.T, url string) lanes {
	t.Helper()
	l := lanes{make(chan photo.ID), make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, parse(t, url), ServeOptions{Queue: Photos, Aside: Bulk, Concurrency: 1, Poll: time.Millisecond, Log: slog.New(slog.DiscardHandler)},
			asynq.HandlerFunc(func(_ context.Context, task *asynq.Task) error {
				c, err := ParsePhoto(task.Payload())
				l.turns <- c.ID
				<-l.leave
				return err
			}))
	}()
	t.Cleanup(func() {
		close(l.leave)
		cancel()
		for {
			select {
			case <-l.turns:
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
				return
			}
		}
	})
	return l
}

func (l lanes) next() photo.ID {
	id := <-l.turns
	l.leave <- struct{}{}
	return id
}

// fill puts photos into a lane.
func fill(t *testing.T, q *Queue, lane photo.Lane, n int) map[photo.ID]bool {
	t.Helper()
	ids := map[photo.ID]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			id := photo.NewID()
			if err := q.EnqueuePhoto(t.Context(), photo.Claim{ID: id, Revision: 1, Lane: lane}); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[id] = true
		})
	}
	all.Wait()
	return ids
}

func TestWhoSendsHundredsHoldsNobodyElseUp(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	fill(t, q, "", 10) // as many as one client may have in the fast lane
	fill(t, q, photo.Bulk, 290)
	var mine photo.ID
	for mine = range fill(t, q, "", 1) {
	}
	l := serveLanes(t, url)
	for turn := 1; l.next() != mine; turn++ {
		if turn == 30 { // 11 of the fast lane, and one of the other now and then
			t.Fatal("after 30 turns the other client's photo is not among those made")
		}
	}
	if d := depth(t, q, Bulk); d.Pending < 260 {
		t.Errorf("only %d of 290 are left", d.Pending)
	}
}

func TestBulkMovesWhileTheFastLaneIsBusyAndGoesFullSpeedOtherwise(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	fast, bulk := fill(t, q, "", 300), fill(t, q, photo.Bulk, 40)
	l := serveLanes(t, url)
	moved, busy := 0, 0
	for range 250 {
		if bulk[l.next()] {
			moved++
		} else {
			busy++
		}
	}
	// A turn in eleven is 23 of 250; under 5 or over 45 is next to impossible.
	if moved < 5 || moved > 45 {
		t.Errorf("beside %d of the fast lane %d of bulk were made", busy, moved)
	}
	for left := len(fast) + len(bulk) - 250; left > 0; left-- {
		l.next()
	}
	if d := depth(t, q, Bulk); d.Pending != 0 {
		t.Errorf("left: %+v", d)
	}
}

func TestAPhotoIsForgottenInBothLanes(t *testing.T) {
	q := newQueue(t, testservers.Redis(t))
	c := photo.Claim{ID: photo.NewID(), Revision: 1, Lane: photo.Bulk}
	must(t, q.EnqueuePhoto(t.Context(), c))
	must(t, q.EnqueuePhoto(t.Context(), c)) // the sweep
	c.Revision, c.Lane = 2, ""              // an edit
	must(t, q.EnqueuePhoto(t.Context(), c))
	for _, queue := range []string{Photos, Bulk} {
		if diff := cmp.Diff(metrics.Depth{Queue: queue, Pending: 1}, depth(t, q, queue), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Oldest" }, cmp.Ignore())); diff != "" {
			t.Error(diff)
		}
	}
	told := 0
	must(t, q.ForgetPhoto(t.Context(), c.ID, 2, func(n int) error { told = n; return nil }))
	if left := depth(t, q, Photos).Pending + depth(t, q, Bulk).Pending; told != 2 || left != 0 {
		t.Errorf("told of %d, %d are left", told, left)
	}
}
