// Package traced puts spans around the parts of a photo's way: what takes it in, what
// develops it, and what sends letters. Each type here stands before a part and does
// nothing else, so that the packages that do the work know nothing of traces.
package traced

import (
	"context"
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Intake returns the parts of an intake with spans around what takes time.
func Intake(p intake.Parts, t *tracing.Tracer) intake.Parts {
	if t == nil {
		return p
	}
	p.Records, p.Revisions = records{p.Records, t}, revisions{p.Revisions, t}
	p.Dispatch, p.Vault = dispatch{p.Dispatch, t}, intakeVault{p.Vault, t}
	return p
}

type records struct {
	intake.Records
	tracer *tracing.Tracer
}

func (r records) Reserve(ctx context.Context, o photo.Reservation) (err error) {
	ctx, span := r.tracer.Begin(ctx, "reserve a record")
	defer func() { span.End(err) }()
	return r.Records.Reserve(ctx, o)
}

func (r records) Queue(ctx context.Context, id photo.ID, got photo.Received) (err error) {
	ctx, span := r.tracer.Begin(ctx, "accept in the records")
	defer func() { span.End(err) }()
	return r.Records.Queue(ctx, id, got)
}

type revisions struct {
	intake.Revisions
	tracer *tracing.Tracer
}

func (r revisions) Revise(ctx context.Context, from photo.Photo, to photo.Revised) (_ photo.Photo, err error) {
	ctx, span := r.tracer.Begin(ctx, "revise the record")
	defer func() { span.End(err) }()
	return r.Revisions.Revise(ctx, from, to)
}

type dispatch struct {
	intake.Dispatch
	tracer *tracing.Tracer
}

func (d dispatch) Enqueued(ctx context.Context, c photo.Claim, now time.Time) (err error) {
	ctx, span := d.tracer.Begin(ctx, "note in the record that it is enqueued")
	defer func() { span.End(err) }()
	return d.Dispatch.Enqueued(ctx, c, now)
}

type intakeVault struct {
	intake.Vault
	tracer *tracing.Tracer
}

func (v intakeVault) Put(ctx context.Context, item vault.Item, r io.Reader) (int64, error) {
	return put(ctx, v.tracer, item, func(ctx context.Context) (int64, error) { return v.Vault.Put(ctx, item, r) })
}

// put is the span of sealing something and storing the blob.
func put(ctx context.Context, t *tracing.Tracer, item vault.Item, do func(context.Context) (int64, error)) (int64, error) {
	ctx, span := t.Begin(ctx, "seal and store a blob", tracing.Kind(item.Kind))
	n, err := do(ctx)
	span.Note(tracing.Size(n))
	span.End(err)
	return n, err
}
