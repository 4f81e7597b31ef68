package tasks

import (
	"context"
	"fmt"
	"time"
)

// Depth is how much waits in one queue.
type Depth struct {
	Queue     string
	Pending   int // ready to run
	Active    int // running
	Scheduled int // waiting for their time
	Retry     int // failed, will be tried again
	Archived  int // failed for good
	// Oldest is how long the longest waiting pending entry has waited; 0 when
	// none waits.
	Oldest time.Duration
}

// Depths looks at all queues. It returns when ctx ends, whether or not Redis
// has answered.
func (q *Queue) Depths(ctx context.Context) ([]Depth, error) {
	if err := q.announce(ctx); err != nil {
		return nil, err
	}
	type answer struct {
		depths []Depth
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

func (q *Queue) depths() ([]Depth, error) {
	var all []Depth
	for _, name := range Queues() {
		info, err := q.inspector.GetQueueInfo(name)
		if err != nil {
			return nil, fmt.Errorf("look at the queues: %w", err)
		}
		all = append(all, Depth{
			Queue: name, Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled,
			Retry: info.Retry, Archived: info.Archived, Oldest: info.Latency,
		})
	}
	return all, nil
}
