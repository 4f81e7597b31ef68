package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// HeldPhotos knows whose blobs belong where a bucket's rules delete nothing.
type HeldPhotos interface {
	RenewOlder(ctx context.Context, than, now time.Time) (int, error)
	Held(ctx context.Context, after photo.ID, limit int) ([]photo.Photo, error)
	Released(ctx context.Context, id photo.ID) error
}

// Shelves move a photo's blobs there and back.
type Shelves interface {
	Hold(ctx context.Context, id photo.ID) error
	Release(ctx context.Context, id photo.ID) error
}

// holdBatch is how many photos are looked up at a time.
const holdBatch = 200

// Hold keeps the bucket's net for orphans from catching what is no orphan: blobs of
// restricted photos are brought out of its reach, those of others back, and those
// of photos that are edited for days away and back, which makes them young. What a
// run does not finish the next one does.
func Hold(p HeldPhotos, s Shelves) Job {
	return Job{Name: "hold", Every: 5 * time.Minute, Run: func(ctx context.Context, now time.Time) error {
		_, err := p.RenewOlder(ctx, now.Add(-retention.RenewAfter), now)
		return errors.Join(err, holdAll(ctx, p, s))
	}}
}

func holdAll(ctx context.Context, p HeldPhotos, s Shelves) (failed error) {
	for after := photo.ID(""); ; {
		held, err := p.Held(ctx, after, holdBatch)
		if err != nil || len(held) == 0 {
			return errors.Join(failed, err)
		}
		for _, one := range held {
			if err := hold(ctx, p, s, one); err != nil {
				failed = err // of many that resist, the last is enough to know
			}
		}
		after = held[len(held)-1].ID
	}
}

func hold(ctx context.Context, p HeldPhotos, s Shelves, one photo.Photo) error {
	err := s.Hold(ctx, one.ID)
	if err != nil || one.Restricted() {
		return err
	}
	if err := s.Release(ctx, one.ID); err != nil {
		return err
	}
	return p.Released(ctx, one.ID)
}
