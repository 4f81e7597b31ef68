package tasks

import (
	"context"
	"errors"
	"fmt"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

type letterPayload struct {
	ID    letter.ID `json:"id"`
	Tries int       `json:"tries"`
}

// EnqueueLetter asks for a try at sending a letter. c names the tries before it. An
// entry that already waits or runs is enough; the try after it has another ID.
func (q *Queue) EnqueueLetter(ctx context.Context, c letter.Claim) (err error) {
	ctx, span, headers := q.tracer.Send(ctx, "enqueue "+LetterType, tracing.Queue(Mail))
	defer func() { span.End(err) }()
	b, err := pack(letterPayload{c.ID, c.Try})
	if err != nil {
		return fmt.Errorf("enqueue letter: %w", err)
	}
	// The outbox says when the next try is due, so the queue has none of its own.
	task := asynq.NewTaskWithHeaders(LetterType, b, headers, asynq.MaxRetry(giveBack), asynq.Timeout(letter.Lease))
	if err := q.enqueueOnce(ctx, task, Mail, fmt.Sprintf("letter:%s:%d", c.ID, c.Try)); err != nil {
		return fmt.Errorf("enqueue letter: %w", err)
	}
	return nil
}

// ParseLetter reads the payload of a letter's task.
func ParseLetter(b []byte) (letter.Claim, error) {
	var p letterPayload
	if err := unpack(b, &p); err != nil {
		return letter.Claim{}, fmt.Errorf("payload of a letter task: %w", err)
	}
	id, ok := letter.ParseID(string(p.ID))
	if !ok || p.Tries < 0 {
		return letter.Claim{}, errors.New("payload of a letter task names no letter")
	}
	return letter.Claim{ID: id, Try: p.Tries}, nil
}
