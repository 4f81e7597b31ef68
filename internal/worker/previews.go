package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// PreviewTaker fetches a preview and tells who waits for it what look saw;
// preview.ErrNobody if nobody does.
type PreviewTaker interface {
	Take(ctx context.Context, id photo.PreviewID, look func(context.Context, photo.Preview) (preview.Answer, error)) error
}

// PreviewOptions are what Previews work with; all are needed but Tracer.
type PreviewOptions struct {
	Taker     PreviewTaker
	Studio    Studio // of their own: previews don't wait behind photos, nor photos behind them
	Catalogue Catalogue
	Tracer    *tracing.Tracer // nil for none
	Log       *slog.Logger
}

// Previews is asynq's handler of preview tasks. A preview leaves nothing: no
// record, no blob, no task, no line in the log unless we broke.
type Previews struct{ PreviewOptions }

// NewPreviews returns a handler.
func NewPreviews(o PreviewOptions) *Previews { return &Previews{o} }

// previewLimit is for all of a preview. It is longer than anybody waits for one,
// so that on a machine that is late a studio is not killed for it.
const previewLimit = 5 * time.Second

// ProcessTask looks at one preview. Only a task that is not ours is an error:
// asynq keeps those, and what is over is of no use to anyone.
func (h *Previews) ProcessTask(ctx context.Context, task *asynq.Task) error {
	id, err := tasks.ParsePreview(task.Payload())
	if err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	ctx, cancel := context.WithTimeout(ctx, previewLimit)
	defer cancel()
	if err := h.Taker.Take(ctx, id, h.look); err != nil && !errors.Is(err, preview.ErrNobody) {
		h.Log.WarnContext(ctx, "a preview was not looked at", "error", err)
	}
	return nil
}

func (h *Previews) look(ctx context.Context, p photo.Preview) (preview.Answer, error) {
	spec, err := h.Catalogue.Find(p.Order.Document)
	if err != nil {
		return preview.Answer{}, err
	}
	job := pipeline.Job{Spec: spec, AgeBand: p.Order.AgeBand, Format: p.Format, Preview: true}
	r, err := h.Studio.Develop(ctx, job, studio.Given{Original: bytes.NewReader(p.Picture)}, func(photo.Step) {})
	if err != nil {
		return preview.Answer{}, err
	}
	return preview.Answer{Reason: r.Reason, Report: r.Report}, nil
}

// ServePreviews has the handler look at previews, as many at a time as there are
// slots, until ctx ends.
func ServePreviews(ctx context.Context, r tasks.Redis, slots int, h *Previews, log *slog.Logger) error {
	return tasks.Serve(ctx, r, tasks.ServeOptions{Queue: tasks.Critical, Concurrency: slots, Poll: poll, Log: log, Tracer: h.Tracer}, h)
}
