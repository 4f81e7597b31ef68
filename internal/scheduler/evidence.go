package scheduler

import (
	"context"
	"time"
)

// Looker notes how old the oldest things are; see proof.Gatherer.
type Looker interface {
	Look(ctx context.Context, now time.Time) error
}

// Look notes hourly how old the oldest thing of each class is, from which weeks are
// stated later.
func Look(l Looker) Job {
	return Job{Name: "look_at_ages", Every: time.Hour, Run: l.Look}
}

// Stater states the last whole week unless that was done; see proof.Stater.
type Stater interface {
	State(ctx context.Context, now time.Time) error
}

// State states a week when it is over. It asks each day, so that a Monday without a
// scheduler is made up for.
func State(s Stater) Job {
	return Job{Name: "state_retention", Every: 24 * time.Hour, Run: s.State}
}
