package operator

import (
	"hash/maphash"
	"maps"
	"sync"
	"time"
)

// How often a password may be wrong within a window. One client is stopped soon;
// a name only much later, so that a stranger who knows it can't keep its owner out
// with a few requests.
const (
	window    = 15 * time.Minute
	perClient = 10 // for one name from one client
	perName   = 50 // for one name from anywhere
)

// mostCounters bounds the memory, to some 4 MB. Each wrong password takes two
// counters and the work of a hash, so a window has hardly time for as many.
const mostCounters = 1 << 16

// attempts counts wrong passwords. It keeps hashes, not names: nothing that a
// stranger sends is remembered.
type attempts struct {
	mu       sync.Mutex
	seed     maphash.Seed
	counters map[uint64]counter
}

type counter struct {
	wrong int
	since time.Time
}

func newAttempts() *attempts {
	return &attempts{seed: maphash.MakeSeed(), counters: map[uint64]counter{}}
}

// wait says how long the knock has to wait; 0 if not at all.
func (a *attempts) wait(k Knock, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.counters) >= mostCounters {
		maps.DeleteFunc(a.counters, func(_ uint64, c counter) bool { return c.over(now) })
	}
	if len(a.counters) >= mostCounters {
		return window // what can't be counted is not tried
	}
	name, client := a.keys(k)
	return max(a.counters[name].wait(perName, now), a.counters[client].wait(perClient, now))
}

// failed counts a wrong password.
func (a *attempts) failed(k Knock, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	name, client := a.keys(k)
	for _, key := range []uint64{name, client} {
		c := a.counters[key]
		if c.over(now) {
			c = counter{since: now}
		}
		c.wrong++
		a.counters[key] = c
	}
}

func (a *attempts) keys(k Knock) (name, client uint64) {
	return maphash.Comparable(a.seed, k.Name), maphash.Comparable(a.seed, [2]string{k.Name, k.Client})
}

func (c counter) over(now time.Time) bool { return now.Sub(c.since) >= window }

func (c counter) wait(limit int, now time.Time) time.Duration {
	if c.wrong < limit || c.over(now) {
		return 0
	}
	return c.since.Add(window).Sub(now)
}
