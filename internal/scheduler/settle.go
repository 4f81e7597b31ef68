package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// AnsweredRequests are the part of the register of data subjects' requests that has
// its answers.
type AnsweredRequests interface {
	AnsweredBy(ctx context.Context, last civil.Date, limit int) ([]subjectrequest.Request, error)
	Save(ctx context.Context, c subjectrequest.Change, letters ...letter.Letter) error
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
		by := subjectrequest.By{Actor: audit.Service, Now: now, Calendar: s.Calendar}
		closed := 0
		failed, err := rounds[subjectrequest.Request, subjectrequest.ID]{
			batch: settleBatch,
			find: func(ctx context.Context, limit int) ([]subjectrequest.Request, error) {
				return s.Requests.AnsweredBy(ctx, s.Calendar.Day(now).AddDays(-subjectrequest.AnswerDays), limit)
			},
			key: func(r subjectrequest.Request) subjectrequest.ID { return r.ID },
			do: func(ctx context.Context, r subjectrequest.Request) error {
				err := s.settle(ctx, r, by)
				if err == nil {
					closed++
				}
				return err
			},
		}.run(ctx)
		err = errors.Join(err, s.Requests.ForgetRequesters(ctx, s.Calendar.Day(now).Year))
		if closed > 0 {
			s.Log.Info("closed answered requests", "job", "settle_requests", "count", closed)
		}
		if failed.count > 0 {
			err = errors.Join(err, fmt.Errorf("%d answered requests could not be closed, the last because: %w", failed.count, failed.last))
		}
		return err
	}}
}

// settle closes one request.
func (s Settling) settle(ctx context.Context, r subjectrequest.Request, by subjectrequest.By) error {
	c, err := r.Close(subjectrequest.Answered, by)
	if err == nil {
		err = s.Requests.Save(ctx, c)
	}
	if errors.Is(err, subjectrequest.ErrChanged) {
		return errLeft // somebody else acts on it; what is left then the next run finds
	}
	return err
}
