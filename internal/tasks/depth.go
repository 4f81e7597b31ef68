package tasks

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
)

// Depths looks at all queues, and at who serves them. It returns when ctx ends, whether or not Redis
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
	servers, err := q.inspector.Servers()
	if err != nil {
		return nil, fmt.Errorf("look at who serves the queues: %w", err)
	}
	for _, name := range Queues() {
		info, err := q.inspector.GetQueueInfo(name)
		if err != nil {
			return nil, fmt.Errorf("look at the queues: %w", err)
		}
		d := metrics.Depth{
			Queue: name, Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled,
			Retry: info.Retry, Archived: info.Archived, Oldest: info.Latency,
			Tries: info.ProcessedTotal, Failures: info.FailedTotal,
		}
		for _, s := range servers {
			if _, serves := s.Queues[name]; serves && s.Status == "active" {
				d.Processes++
				d.Slots += s.Concurrency
			}
		}
		all = append(all, d)
	}
	return all, nil
}
