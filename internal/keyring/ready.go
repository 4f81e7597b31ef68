package keyring

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Meter counts keys that could not be made or opened, by cause: "store", "wrap" or
// "unwrap".
type Meter interface{ KeyError(cause string) }

// The causes.
const (
	byStore      = "store"
	byWrapping   = "wrap"
	byUnwrapping = "unwrap"
)

// unwatched is the meter of a keyring that nobody watches.
type unwatched struct{}

func (unwatched) KeyError(string) {}

// Watch has failures counted. It is called before the keyring is used.
func (k *Keyring) Watch(m Meter) { k.meter = m }

// failed counts a failure, unless whoever asked has gone, and passes it on.
func (k *Keyring) failed(ctx context.Context, cause string, err error) error {
	if !errors.Is(ctx.Err(), context.Canceled) {
		k.meter.KeyError(cause)
	}
	return err
}

// probe is when the master key was last seen to work.
type probe struct {
	mu sync.Mutex
	at time.Time
}

// probeLife is for how long one success stands: key services take their time, and
// money, for each question.
const probeLife = time.Minute

// probeLabel stands where a photo's ID does, which it can't be.
const probeLabel photo.ID = "readiness"

// Ready reports why the master key can't wrap and unwrap.
func (k *Keyring) Ready(ctx context.Context) error {
	k.probe.mu.Lock()
	defer k.probe.mu.Unlock()
	if time.Since(k.probe.at) < probeLife {
		return nil
	}
	w, err := k.master.wrap(ctx, probeLabel, dataKey{})
	if err == nil {
		_, err = k.master.unwrap(ctx, probeLabel, w)
	}
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	k.probe.at = time.Now()
	return nil
}
