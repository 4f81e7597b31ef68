package proof

import (
	"context"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// State is how a class stands.
type State string

// The states.
const (
	Within    State = "within"    // nothing is older than it may be
	Late      State = "late"      // the purger does not keep up, but nothing is too old yet
	Over      State = "over"      // something is older than was promised
	Unseen    State = "unseen"    // the store did not answer
	Elsewhere State = "elsewhere" // the service has no part in it
)

// Class is the evidence for one class.
type Class struct {
	Kept     retention.Period
	State    State
	Any      bool          // there is something of it
	Oldest   time.Duration // age of the oldest item
	Greatest time.Duration // the greatest age that was seen in the last week
	Deleted  int           // in the last week
	PurgedAt time.Time     // when what deletes it last succeeded; zero if never, or not known
}

// Evidence is how things stand at a moment.
type Evidence struct {
	At      time.Time
	Since   time.Time // of what was summed: midnight, a week ago
	Classes []Class
	Jobs    []Run
	Erased  Erased
	Orphans map[string]int // by kind

	Pending        int // erasures that are not finished
	PendingSince   time.Time
	Restricted     map[photo.Ground]int
	ReviewsOverdue int
}

// Kept reports whether all is as promised and every job does its work.
func (e Evidence) Kept() bool {
	for _, c := range e.Classes {
		if c.State == Late || c.State == Over || c.State == Unseen {
			return false
		}
	}
	for _, r := range e.Jobs {
		if r.Overdue(e.At) {
			return false
		}
	}
	return true
}

// Gather looks at everything. It fails when what was noted can't be read; a class
// whose store does not answer is Unseen.
func (g *Gatherer) Gather(ctx context.Context, now time.Time) (e Evidence, err error) {
	today := now.UTC().Truncate(retention.Day)
	e = Evidence{At: now, Since: today.AddDate(0, 0, -6)}
	until := today.AddDate(0, 0, 1)
	if e.Jobs, err = g.Ledger.Runs(ctx); err != nil {
		return Evidence{}, err
	}
	sums, err := g.sums(ctx, e.Since, until)
	if err != nil {
		return Evidence{}, err
	}
	e.Erased, e.Orphans = sums.erased, sums.orphans
	if e.Pending, e.PendingSince, err = g.Erasures.Pending(ctx); err != nil {
		return Evidence{}, err
	}
	if e.Restricted, e.ReviewsOverdue, err = g.Restrictions.Counts(ctx, now); err != nil {
		return Evidence{}, err
	}
	for _, w := range g.Classes {
		c := w.stand(ctx, now)
		name := w.Kept.Class().Name
		c.Deleted, c.Greatest = sums.deleted[name], max(sums.seen[string(name)].Oldest, c.Oldest)
		for _, r := range e.Jobs {
			if r.Job == w.Kept.Class().Purger {
				c.PurgedAt = r.SucceededAt
			}
		}
		e.Classes = append(e.Classes, c)
	}
	return e, nil
}

// stand is the state of a class, without what was noted.
func (w Watched) stand(ctx context.Context, now time.Time) Class {
	c := Class{Kept: w.Kept, State: Elsewhere}
	if w.Oldest == nil {
		return c
	}
	var err error
	c.Oldest, c.Any, err = w.age(ctx, now)
	switch {
	case err != nil:
		c.State = Unseen
	case c.Oldest > w.Kept.Class().Ceiling:
		c.State = Over
	case c.Oldest > w.Kept.Alert():
		c.State = Late
	default:
		c.State = Within
	}
	return c
}

// sums is what was noted in some days.
type sums struct {
	seen    map[string]Sum
	deleted map[retention.Name]int
	orphans map[string]int
	erased  Erased
}

func (g *Gatherer) sums(ctx context.Context, from, until time.Time) (s sums, err error) {
	if s.seen, err = g.Ledger.Sums(ctx, from, until); err != nil {
		return s, err
	}
	if s.erased, err = g.Erasures.Erased(ctx, from, until); err != nil {
		return s, err
	}
	s.deleted, s.orphans = map[retention.Name]int{}, map[string]int{}
	for name, sum := range s.seen {
		if kind, ok := strings.CutPrefix(name, OrphanPrefix); ok {
			s.orphans[kind] = sum.Deleted
		} else {
			s.deleted[retention.Name(name)] = sum.Deleted
		}
	}
	// What ends with a photo is counted by the receipts.
	for class, traces := range map[retention.Name][]photo.Trace{
		retention.Original:      {photo.OriginalTrace},
		retention.Result:        {photo.ResultTrace, photo.ReportTrace},
		retention.AnalysisCache: {photo.AnalysisTrace},
		retention.PhotoRecord:   {photo.RecordTrace},
		retention.QueueEntries:  {photo.QueueTrace},
	} {
		for _, t := range traces {
			s.deleted[class] += s.erased.Traces[t]
		}
	}
	return s, nil
}
