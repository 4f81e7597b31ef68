// Package proof gathers what shows that nothing is kept longer than promised: how
// old the oldest thing of each retention class is, when what deletes it last
// succeeded, how much it deleted, what is kept because somebody asked for that, and
// what went wrong. Evidence is looked at now; a statement says the same of a whole
// week, signed, so that it can be shown to whoever asks years later.
//
// Nothing in it belongs to a person: there are classes, counts and ages.
package proof

import (
	"context"
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Watched is a retention class and how to look at it.
type Watched struct {
	Kept retention.Period
	// Oldest tells the anchor of the class's oldest item that has one, false if there
	// is none; nil for a class that the service can't look at.
	Oldest func(ctx context.Context) (time.Time, bool, error)
}

// Run is what is known of a job of the timetable.
type Run struct {
	Job         string
	Every       time.Duration
	KnownAt     time.Time // when it first ran
	RanAt       time.Time
	SucceededAt time.Time // zero if it never did
	Failures    int       // since it last succeeded
}

// Silent is for how long the job has not succeeded: since it first ran if it never
// did.
func (r Run) Silent(now time.Time) time.Duration {
	if r.SucceededAt.IsZero() {
		return now.Sub(r.KnownAt)
	}
	return now.Sub(r.SucceededAt)
}

// Overdue reports whether two of its periods went by without success.
func (r Run) Overdue(now time.Time) bool { return r.Silent(now) > 2*r.Every }

// Sum is what was noted of one class in some days.
type Sum struct {
	Deleted int
	Looks   int           // at its oldest item
	Oldest  time.Duration // the greatest age that was seen
}

// Erased is what erasures did in some time.
type Erased struct {
	Photos map[photo.ErasureReason]int
	Traces photo.Traces
}

// Ledger tells what was noted; from is included, until is not. Only whole days, in
// UTC, are summed.
type Ledger interface {
	Runs(ctx context.Context) ([]Run, error)
	Sums(ctx context.Context, from, until time.Time) (map[string]Sum, error)
	Notes
}

// Notes takes what was seen.
type Notes interface {
	NoteLook(ctx context.Context, class string, now time.Time, age time.Duration) error
}

// Erasures tells of the receipts that were finished in some time, and how many are
// not, with the time that the first of these was begun at.
type Erasures interface {
	Erased(ctx context.Context, from, until time.Time) (Erased, error)
	Pending(ctx context.Context) (count int, since time.Time, err error)
}

// Restrictions tells how many photos are restricted on each ground, and how many
// of these an officer should have looked at by now.
type Restrictions interface {
	Counts(ctx context.Context, now time.Time) (by map[photo.Ground]int, overdue int, err error)
}

// Sources are where a Gatherer looks; all are needed.
type Sources struct {
	Classes      []Watched
	Ledger       Ledger
	Erasures     Erasures
	Restrictions Restrictions
}

// Gatherer looks.
type Gatherer struct{ Sources }

// New returns a gatherer.
func New(s Sources) *Gatherer { return &Gatherer{s} }

// OrphanPrefix stands before a kind of orphans where these are noted beside the
// classes.
const OrphanPrefix = "orphan_"

// Look notes the age of each class's oldest item. One that can't be looked at does
// not keep it from the others.
func (g *Gatherer) Look(ctx context.Context, now time.Time) error {
	var failed error
	for _, w := range g.Classes {
		if w.Oldest == nil {
			continue
		}
		age, _, err := w.age(ctx, now)
		if err == nil {
			err = g.Ledger.NoteLook(ctx, string(w.Kept.Class().Name), now, age)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// age of the oldest item, 0 if there is none.
func (w Watched) age(ctx context.Context, now time.Time) (age time.Duration, some bool, err error) {
	at, some, err := w.Oldest(ctx)
	if err != nil || !some {
		return 0, false, err
	}
	return max(now.Sub(at), 0), true, nil
}
