package scheduler

import (
	"context"
	"time"
)

// Keys are the photos' keys; see keyring.Keyring.
type Keys interface {
	Scrub(ctx context.Context) error
}

// ScrubKeys removes what erased keys left in the database's files. On SQLite the
// erasure itself does that, and this only makes up for one that could not.
func ScrubKeys(k Keys) Job {
	return Job{Name: "scrub_keys", Every: 5 * time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		return k.Scrub(ctx)
	}}
}
