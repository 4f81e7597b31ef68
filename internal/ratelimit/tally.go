package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Tally counts one thing, under names, within windows that begin with the first one
// counted. The times are the caller's; Redis forgets a name when its window is over
// by its own clock.
type Tally struct {
	client redis.UniversalClient
	what   string
	count  *redis.Script
}

// NewTally returns a tally of what is named, on a client that the caller closes.
func NewTally(c redis.UniversalClient, what string) *Tally {
	return &Tally{c, what, redis.NewScript(countScript)}
}

// tallied is what lies under a name.
type tallied struct {
	Since int64 `redis:"since"` // milliseconds since 1970
	Times int   `redis:"times"`
}

// Counted says how often the name was counted since its window began.
func (t *Tally) Counted(ctx context.Context, name string) (times int, since time.Time, err error) {
	var got tallied
	err = t.client.HMGet(ctx, t.key(name), "since", "times").Scan(&got)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("tally %s: %w", t.what, err)
	}
	return got.Times, time.UnixMilli(got.Since).UTC(), nil
}

// Count counts once more, in a new window if the last has passed.
func (t *Tally) Count(ctx context.Context, name string, now time.Time, window time.Duration) error {
	err := t.count.Run(ctx, t.client, []string{t.key(name)}, now.UnixMilli(), window.Milliseconds()).Err()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("tally %s: %w", t.what, err)
	}
	return nil
}

// countScript is one step, so that a name is never kept without an end.
const countScript = `
local since = tonumber(redis.call('HGET', KEYS[1], 'since'))
if not since or ARGV[1] - since >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'since', ARGV[1], 'times', 0)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
redis.call('HINCRBY', KEYS[1], 'times', 1)
`

func (t *Tally) key(name string) string { return "tally:" + t.what + ":" + name }
