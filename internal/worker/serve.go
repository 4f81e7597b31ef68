package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// poll is how often an idle worker looks into the queue. Asynq does not wait to
// be told; at its own default of a second, waiting would be most of the time
// that a photo takes.
const poll = 20 * time.Millisecond

// Serve has the handler take turns with the photos in both lanes, as many at a
// time as there are slots, until ctx ends. Then it stops within the handler's grace:
// turns are finished or handed back.
func Serve(ctx context.Context, r tasks.Redis, slots int, h *Handler, log *slog.Logger) error {
	return tasks.Serve(ctx, r, tasks.ServeOptions{Queue: tasks.Photos, Aside: tasks.Bulk, Concurrency: slots, Poll: poll, Log: log, Tracer: h.Tracer, Grace: h.Grace}, h)
}
