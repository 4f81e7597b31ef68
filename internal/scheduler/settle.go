package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// AnsweredRequests are the part of the register of data subjects' requests that has
// its answers.
type AnsweredRequests interface {
	AnsweredBy(ctx context.Context, last civil.Date, limit int) ([]subjectrequest.Request, error)
	Save(ctx context.Context, c subjectrequest.Change) error
	ForgetRequesters(ctx context.Context, before int) error
}

// Settling is what SettleRequests works with; all are needed.
type Settling struct {
	Requests AnsweredRequests
	Clock    ExpiryClock
	Calendar subjectrequest.Calendar // the controller's
	Log      *slog.Logger
}

// settleBatch is how many requests are looked up at a time.
const settleBatch = 200

// SettleRequests closes requests whose answers could be read for
// subjectrequest.AnswerDays, which forgets the people, and forgets who asked for Shine
// the Light in years that are over. One that resists does not stop the rest. It looks
// hourly, because days end at other hours elsewhere, and not by a clock that can't be
// believed: an answer that is gone too early nothing brings back.
func SettleRequests(s Settling) Job {
	return Job{Name: "settle_requests", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		if _, doubt := s.Clock.Expiry(ctx); doubt != nil {
			return doubt
		}
		x := &settlement{requests: s.Requests, by: subjectrequest.By{Actor: audit.Service, Now: now, Calendar: s.Calendar}}
		err := errors.Join(x.run(ctx), s.Requests.ForgetRequesters(ctx, s.Calendar.Day(now).Year))
		if x.closed > 0 {
			s.Log.Info("closed answered requests", "job", "settle_requests", "count", x.closed)
		}
		if x.failed > 0 {
			err = errors.Join(err, fmt.Errorf("%d answered requests could not be closed, the last because: %w", x.failed, x.last))
		}
		return err
	}}
}

// settlement is one run.
type settlement struct {
	requests AnsweredRequests
	by       subjectrequest.By

	closed, changed, failed int
	last                    error // failure
}

// run goes on until a batch brings nothing new: those that stay answered are found
// again each time, before those that were answered later.
func (x *settlement) run(ctx context.Context) error {
	last := x.by.Calendar.Day(x.by.Now).AddDays(-subjectrequest.AnswerDays)
	tried := map[subjectrequest.ID]bool{}
	for {
		answered, err := x.requests.AnsweredBy(ctx, last, settleBatch+x.changed+x.failed)
		if err != nil {
			return err
		}
		fresh := 0
		for _, r := range answered {
			if err := ctx.Err(); err != nil {
				return err
			}
			if tried[r.ID] {
				continue
			}
			tried[r.ID] = true
			fresh++
			x.settle(ctx, r)
		}
		if fresh == 0 {
			return nil
		}
	}
}

func (x *settlement) settle(ctx context.Context, r subjectrequest.Request) {
	c, err := r.Close(subjectrequest.Answered, x.by)
	if err == nil {
		err = x.requests.Save(ctx, c)
	}
	switch {
	case err == nil:
		x.closed++
	case errors.Is(err, subjectrequest.ErrChanged):
		x.changed++ // somebody else acts on it; what is left then the next run finds
	default:
		x.failed++
		x.last = err
	}
}
