package scheduler

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// register holds things with their anchors.
type register struct {
	things []time.Time
	calls  int
	fails  error
}

func (r *register) Purge(_ context.Context, cutoff time.Time, limit int) (n int, err error) {
	r.calls++
	var left []time.Time
	for _, at := range r.things {
		if n < limit && !at.After(cutoff) {
			n++
			continue
		}
		left = append(left, at)
	}
	r.things = left
	return n, r.fails
}

// purged counts by class.
type purged map[string]int

func (p purged) Purged(class string, n int) { p[class] += n }

func TestFortyDaysOfAThousandThingsADayAreKeptForTheirPeriodToTheHour(t *testing.T) {
	kept, m := standard(t, retention.AccessLog), purged{}
	r := &register{}
	job := Purge(r, kept, m)
	var oldest time.Duration
	for now := midnight; now.Before(midnight.Add(40 * retention.Day)); now = now.Add(time.Hour) {
		for i := range 42 {
			r.things = append(r.things, now.Add(time.Duration(i)*time.Minute))
		}
		before := len(r.things)
		ok(t, job.Run(t.Context(), now))
		if now.Before(midnight.Add(kept.Length())) && len(r.things) < before {
			t.Fatalf("something was deleted at %v", now)
		}
		oldest = max(oldest, now.Sub(r.things[0]))
	}
	if oldest >= kept.Length()+time.Hour || oldest < kept.Length()-time.Hour {
		t.Errorf("the oldest thing was %v old", oldest)
	}
	if n := m["access_log"]; n == 0 || n+len(r.things) != 40*24*42 {
		t.Errorf("%d counted as purged, %d left", n, len(r.things))
	}
}

func TestAPurgeGoesOnUntilABatchIsNotFull(t *testing.T) {
	r := &register{things: make([]time.Time, 2*purgeBatch+1)}
	ok(t, Purge(r, standard(t, retention.Contests), purged{}).Run(t.Context(), midnight))
	if r.calls != 3 || len(r.things) != 0 {
		t.Errorf("%d calls, %d left", r.calls, len(r.things))
	}
}

func TestAPurgeThatFailsSaysSoAndStops(t *testing.T) {
	r := &register{things: make([]time.Time, 2*purgeBatch), fails: errors.New("no database")}
	if err := Purge(r, standard(t, retention.Contests), purged{}).Run(t.Context(), midnight); !errors.Is(err, r.fails) || r.calls != 1 {
		t.Errorf("after %d calls: %v", r.calls, err)
	}
}
