package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// Outbox knows which letters wait for what.
type Outbox interface {
	Due(ctx context.Context, now time.Time, limit int) ([]letter.Claim, error)
	GiveUp(ctx context.Context, now time.Time) (map[letter.Kind]int, error)
}

// LetterQueue takes a letter's task.
type LetterQueue interface {
	EnqueueLetter(ctx context.Context, c letter.Claim) error
}

// LetterMeter counts letters whose waiting ended here.
type LetterMeter interface {
	GaveUp(k letter.Kind, count int)
}

// Mailing is what SendLetters works with.
type Mailing struct {
	Outbox Outbox
	Meter  LetterMeter
	// Queue is nil where there is no mail server: letters wait until they are given up.
	Queue LetterQueue
}

// letterBatch is how many letters one run gives a task, at most.
const letterBatch = 200

// SendLetters gives letters whose time has come a task, and ends those that have been
// tried for long enough. It does not send: a mail server that hangs would hold up the
// jobs that delete.
func SendLetters(m Mailing) Job {
	return Job{Name: "send_letters", Every: 10 * time.Second, Run: func(ctx context.Context, now time.Time) error {
		over, gaveUp := m.Outbox.GiveUp(ctx, now)
		for kind, n := range over {
			m.Meter.GaveUp(kind, n)
		}
		if m.Queue == nil {
			return gaveUp
		}
		return errors.Join(gaveUp, m.enqueue(ctx, now))
	}}
}

func (m Mailing) enqueue(ctx context.Context, now time.Time) error {
	due, err := m.Outbox.Due(ctx, now, letterBatch)
	if err != nil {
		return err
	}
	return untilOneFails("letters", due, func(c letter.Claim) error { return m.Queue.EnqueueLetter(ctx, c) })
}

// Postman tries to send a letter; see postman.
type Postman interface {
	Deliver(ctx context.Context, want letter.Claim) error
}

// DeliverLetters handles the queue of letters.
func DeliverLetters(p Postman) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, task *asynq.Task) error {
		c, err := tasks.ParseLetter(task.Payload())
		if err != nil {
			return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
		}
		return p.Deliver(ctx, c)
	})
}
