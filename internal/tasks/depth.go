package tasks

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
)

// Depths looks at all queues. It returns when ctx ends, whether or not Redis
// has answered.
func (q *Queue) Depths(ctx context.Context) ([]metrics.Depth, error) {
	if err := q.announce(ctx); err != nil {
		return nil, err
	}
	type answer struct {
		depths []metrics.Depth
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		d, err := q.depths()
		got <- answer{d, err}
	}()
	select {
	case a := <-got:
		return a.depths, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("look at the queues: %w", ctx.Err())
	}
}

func (q *Queue) depths() ([]metrics.Depth, error) {
	var all []metrics.Depth
	for _, name := range Queues() {
		info, err := q.inspector.GetQueueInfo(name)
		if err != nil {
			return nil, fmt.Errorf("look at the queues: %w", err)
		}
		all = append(all, metrics.Depth{
			Queue: name, Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled,
			Retry: info.Retry, Archived: info.Archived, Oldest: info.Latency,
		})
	}
	return all, nil
}
