package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Stranded finds photos that should have a task and may have none.
type Stranded interface {
	Stranded(ctx context.Context, now time.Time, limit int) ([]photo.Claim, error)
	Enqueued(ctx context.Context, c photo.Claim, now time.Time) error
	GiveUp(ctx context.Context, now time.Time) (int, error)
}

// Photos takes a photo's task.
type Photos interface {
	EnqueuePhoto(ctx context.Context, c photo.Claim) error
}

// requeueBatch is how many photos one run gives a task, at most.
const requeueBatch = 1000

// Requeue gives a task to photos that lost theirs: the upload could not reach
// Redis, Redis lost its memory, or a worker died with the photo in its hands.
// It also fails the photos whose attempts are used up.
func Requeue(s Stranded, q Photos) Job {
	return Job{Name: "requeue", Every: 10 * time.Second, Run: func(ctx context.Context, now time.Time) error {
		_, gaveUp := s.GiveUp(ctx, now)
		return errors.Join(gaveUp, requeue(ctx, s, q, now))
	}}
}

func requeue(ctx context.Context, s Stranded, q Photos, now time.Time) error {
	claims, err := s.Stranded(ctx, now, requeueBatch)
	if err != nil {
		return err
	}
	return untilOneFails("photos", claims, func(c photo.Claim) error {
		if err := q.EnqueuePhoto(ctx, c); err != nil {
			return err
		}
		return s.Enqueued(ctx, c, now)
	})
}

// untilOneFails gives each of what is due its task. A queue that fails once fails for all.
func untilOneFails[T any](what string, due []T, give func(T) error) error {
	for i, one := range due {
		if err := give(one); err != nil {
			return fmt.Errorf("after %d of %d %s: %w", i, len(due), what, err)
		}
	}
	return nil
}
