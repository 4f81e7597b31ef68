package traced

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/postman"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/internal/worker"
)

// Worker returns the options of a worker with spans around what takes time.
func Worker(o worker.Options, t *tracing.Tracer) worker.Options {
	if t == nil {
		return o
	}
	o.Claims, o.Outcomes, o.Vault, o.Studio = claims{o.Claims, t}, outcomes{o.Outcomes, t}, workerVault{o.Vault, t}, Studio(o.Studio, t)
	o.Tracer = t
	return o
}

type claims struct {
	worker.Claims
	tracer *tracing.Tracer
}

func (c claims) Claim(ctx context.Context, want photo.Claim, now time.Time) (p photo.Photo, err error) {
	ctx, span := c.tracer.Begin(ctx, "claim")
	p, err = c.Claims.Claim(ctx, want, now)
	if err == nil {
		span.Note(tracing.Attempt(p.Attempt))
	}
	span.End(fault(err))
	return p, err
}

// fault leaves out that a claim was lost, which is nobody's fault.
func fault(err error) error {
	if errors.Is(err, photo.ErrClaimLost) {
		return nil
	}
	return err
}

type outcomes struct {
	worker.Outcomes
	tracer *tracing.Tracer
}

func (o outcomes) Finish(ctx context.Context, held photo.Claim, end photo.Outcome) error {
	ctx, span := o.tracer.Begin(ctx, "finish", tracing.Outcome(end.Status, end.Reason)...)
	err := o.Outcomes.Finish(ctx, held, end)
	span.End(fault(err))
	return err
}

func (o outcomes) Strike(ctx context.Context, held photo.Claim, now time.Time) (photo.Status, error) {
	ctx, span := o.tracer.Begin(ctx, "strike")
	s, err := o.Outcomes.Strike(ctx, held, now)
	span.End(fault(err))
	return s, err
}

type workerVault struct {
	worker.Vault
	tracer *tracing.Tracer
}

func (v workerVault) Open(ctx context.Context, item vault.Item) (_ io.ReadCloser, err error) {
	ctx, span := v.tracer.Begin(ctx, "open a blob", tracing.Kind(item.Kind))
	defer func() { span.End(err) }()
	return v.Vault.Open(ctx, item)
}

func (v workerVault) Put(ctx context.Context, item vault.Item, r io.Reader) (int64, error) {
	return put(ctx, v.tracer, item, func(ctx context.Context) (int64, error) { return v.Vault.Put(ctx, item, r) })
}

// Letters returns a carrier with a span around each letter that is sent.
func Letters(c postman.Carrier, t *tracing.Tracer) postman.Carrier { return carrier{c, t} }

type carrier struct {
	postman.Carrier
	tracer *tracing.Tracer
}

func (c carrier) Send(ctx context.Context, l letter.Letter) (err error) {
	ctx, span := c.tracer.Begin(ctx, "send a letter", tracing.LetterKind(l.Kind))
	defer func() { span.End(err) }()
	return c.Carrier.Send(ctx, l)
}
