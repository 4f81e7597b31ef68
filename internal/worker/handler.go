// Package worker makes the photos that wait in the queue. A task is one turn
// with one photo: claim it, have the studio develop the original, store what
// came of it, record the end. Whoever holds a claim may lose it at any moment,
// to another worker because a lease lapsed or to an erasure, so a turn ends in a
// record that only the claim's holder can write, and what a loser stored is
// deleted again.
//
// SQL decides everything. The answer that the queue gets only says whether its
// entry is of further use.
package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Claims say who holds a photo.
type Claims interface {
	Claim(ctx context.Context, want photo.Claim, now time.Time) (photo.Photo, error)
	Renew(ctx context.Context, held photo.Claim, now time.Time) error
	Release(ctx context.Context, held photo.Claim, now time.Time) error
}

// Outcomes record how a turn ended.
type Outcomes interface {
	Finish(ctx context.Context, held photo.Claim, o photo.Outcome) error
	Strike(ctx context.Context, held photo.Claim, now time.Time) (photo.Status, error)
}

// Vault keeps the pictures.
type Vault interface {
	Open(ctx context.Context, item vault.Item) (io.ReadCloser, error)
	Put(ctx context.Context, item vault.Item, r io.Reader) (int64, error)
	Discarder
}

// Discarder deletes what a claim left.
type Discarder interface {
	Discard(ctx context.Context, c photo.Claim) error
	DiscardResult(ctx context.Context, c photo.Claim) error
}

// Studio develops a picture; see studio.Pool.
type Studio interface {
	Develop(ctx context.Context, job pipeline.Job, given studio.Given, at func(photo.Step)) (pipeline.Result, error)
}

// Queue takes a photo's next task.
type Queue interface {
	EnqueuePhoto(ctx context.Context, c photo.Claim) error
}

// Progress tells whoever watches.
type Progress interface {
	Publish(ctx context.Context, id photo.ID, e photo.Event) error
}

// Catalogue knows the documents.
type Catalogue interface {
	Find(id string) (docspec.Spec, error)
}

// Meter counts turns.
type Meter interface {
	Began()
	Ended(ctx context.Context, outcome string, reason photo.Reason, took time.Duration)
	// Settled counts a photo that is finished, and how long its owner waited.
	Settled(ctx context.Context, s photo.Status, lane photo.Lane, waited time.Duration)
	Step(ctx context.Context, s photo.Step, took time.Duration)
}

// Statistics notes how a turn ended, for support; it never fails.
type Statistics interface {
	Settled(ctx context.Context, p photo.Photo, o statistics.Outcome)
}

// Options are what a Handler works with; all are needed but Tracer and the times.
type Options struct {
	Claims     Claims
	Outcomes   Outcomes
	Vault      Vault
	Studio     Studio
	Queue      Queue
	Progress   Progress
	Statistics Statistics
	Catalogue  Catalogue
	Meter      Meter
	Tracer     *tracing.Tracer // nil for none
	Log        *slog.Logger
	Now        func() time.Time

	RenewEvery time.Duration // photo.RenewEvery if zero
	Grace      time.Duration // within which Serve stops; see tasks.ServeOptions
}

// Handler is asynq's handler of photo tasks.
type Handler struct{ Options }

// NewHandler returns a handler.
func NewHandler(o Options) *Handler {
	if o.RenewEvery == 0 {
		o.RenewEvery = photo.RenewEvery
	}
	return &Handler{o}
}

// ProcessTask takes one turn with a photo. An error that is not asynq.SkipRetry
// means that no turn could be had and the task should be tried again.
func (h *Handler) ProcessTask(ctx context.Context, task *asynq.Task) error {
	want, err := tasks.ParsePhoto(task.Payload())
	if err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	p, err := h.Claims.Claim(ctx, want, h.Now())
	if errors.Is(err, photo.ErrClaimLost) {
		return nil // done, taken or erased: the entry is of no more use
	}
	if err != nil {
		return err
	}
	h.Meter.Began()
	began := h.Now()
	t := &turn{
		Handler: h, photo: p, claim: p.Claim(),
		log: h.Log.With("photo", string(p.ID), "revision", p.Revision, "attempt", p.Attempt),
	}
	end := t.take(ctx)
	took := h.Now().Sub(began)
	h.Meter.Ended(ctx, string(end.how), end.reason, took)
	if s := photo.Status(end.how); s.Settled() {
		h.Meter.Settled(ctx, s, p.Lane, h.Now().Sub(p.LastEditedAt))
	}
	t.log.InfoContext(ctx, "turn ended", "status", string(end.how), "reason", string(end.reason), "duration", took)
	if end.err != nil {
		return fmt.Errorf("develop a photo: %w: %w", end.err, asynq.SkipRetry)
	}
	return nil
}
