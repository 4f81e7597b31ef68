package scheduler

import (
	"context"
	"time"
)

// Files are those of the databases.
type Files interface {
	Rewrite(ctx context.Context) error
}

// Rewrite makes what was deleted unreadable in the databases' files too, where the
// database does not do so by itself.
func Rewrite(f Files) Job {
	return Job{Name: "rewrite_tables", Every: time.Hour, Run: func(ctx context.Context, _ time.Time) error { return f.Rewrite(ctx) }}
}
