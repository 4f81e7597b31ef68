package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
)

// OpenNotes are the support notes that nobody has closed.
type OpenNotes interface {
	Forgotten(ctx context.Context, until time.Time, limit int) ([]complaint.SupportNote, error)
	Close(ctx context.Context, n complaint.SupportNote, e audit.Event) error
}

// CloseNotes closes the support notes that have been open for complaint.OpenDays: from
// then on their period counts. One that resists does not stop the rest.
func CloseNotes(notes OpenNotes) Job {
	return Job{Name: "close_support_notes", Every: 24 * time.Hour, Run: func(ctx context.Context, now time.Time) error {
		by := complaint.By{Actor: audit.Service, Now: now}
		failed, err := rounds[complaint.SupportNote, complaint.NoteID]{
			batch: settleBatch,
			find: func(ctx context.Context, limit int) ([]complaint.SupportNote, error) {
				return notes.Forgotten(ctx, now.AddDate(0, 0, -complaint.OpenDays), limit)
			},
			key: func(n complaint.SupportNote) complaint.NoteID { return n.ID },
			do: func(ctx context.Context, n complaint.SupportNote) error {
				closed, e, err := n.Close(by)
				if err == nil {
					err = notes.Close(ctx, closed, e)
				}
				if errors.Is(err, complaint.ErrNotNow) {
					return nil // an officer was quicker
				}
				return err
			},
		}.run(ctx)
		if err == nil && failed.count > 0 {
			err = fmt.Errorf("%d support notes could not be closed, the last because: %w", failed.count, failed.last)
		}
		return err
	}}
}
