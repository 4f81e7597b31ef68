package tasks

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/backlog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// LookAt looks at one lane. It may take as long as Redis takes for an answer, which the
// connection bounds.
func (q *Queue) LookAt(ctx context.Context, lane photo.Lane) (backlog.Look, error) {
	if err := q.announce(ctx); err != nil {
		return backlog.Look{}, err
	}
	info, err := q.inspector.GetQueueInfo(lane.String())
	if err != nil {
		return backlog.Look{}, fmt.Errorf("look at a lane: %w", err)
	}
	return backlog.Look{Waiting: info.Pending, Oldest: info.Latency, Done: info.ProcessedTotal}, nil
}
