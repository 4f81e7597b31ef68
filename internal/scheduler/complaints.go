package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// SettledComplaints are the part of the register of complaints that the people have
// their answers of.
type SettledComplaints interface {
	Lapsed(ctx context.Context, until time.Time, limit int) ([]complaint.Complaint, error)
	Save(ctx context.Context, c complaint.Change, letters ...letter.Letter) error
}

// ForgetComplaints makes complaints forget the person once the answer could be read for
// complaint.AnswerDays, and closes those that were only answered. One that resists does
// not stop the rest. Like SettleRequests it does not go by a clock that can't be
// believed.
func ForgetComplaints(register SettledComplaints, clock ExpiryClock, log *slog.Logger) Job {
	return Job{Name: "forget_complaints", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		if _, doubt := clock.Expiry(ctx); doubt != nil {
			return doubt
		}
		by, forgot := complaint.By{Actor: audit.Service, Now: now}, 0
		failed, err := rounds[complaint.Complaint, complaint.ID]{
			batch: settleBatch,
			find: func(ctx context.Context, limit int) ([]complaint.Complaint, error) {
				return register.Lapsed(ctx, now.Add(-complaint.AnswerDays*24*time.Hour), limit)
			},
			key: func(c complaint.Complaint) complaint.ID { return c.ID },
			do: func(ctx context.Context, c complaint.Complaint) error {
				lapsed, err := c.Lapse(by)
				if err == nil {
					err = register.Save(ctx, lapsed)
				}
				if errors.Is(err, complaint.ErrChanged) {
					return errLeft // somebody else acts on it; what is left then the next run finds
				}
				if err == nil {
					forgot++
				}
				return err
			},
		}.run(ctx)
		if forgot > 0 {
			log.Info("forgot who had complained", "job", "forget_complaints", "count", forgot)
		}
		if failed.count > 0 {
			err = errors.Join(err, fmt.Errorf("%d complaints could not be forgotten, the last because: %w", failed.count, failed.last))
		}
		return err
	}}
}
