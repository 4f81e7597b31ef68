package operator

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"
)

// How often a password or a code may be wrong within a window. One client is stopped
// soon; a name only much later, so that a stranger who knows it can't keep its owner
// out with a few requests.
const (
	window    = 15 * time.Minute
	perClient = 10 // for one name from one client
	perName   = 50 // for one name from anywhere
)

// mostCounters bounds the memory, to some 10 MB. Each wrong try takes two counters
// and the work of a hash, so a window has hardly time for as many.
const mostCounters = 1 << 16

// Tally counts where all processes see it.
type Tally interface {
	// Counted says how often the name was counted since the window began.
	Counted(ctx context.Context, name string) (times int, since time.Time, err error)
	// Count counts once more, in a new window if the last has passed.
	Count(ctx context.Context, name string, now time.Time, window time.Duration) error
}

// attempts counts wrong tries: here, and in a tally where the other processes count
// theirs. While the tally is away each process goes by its own figures.
//
// Counters are named by keyed hashes, so that nothing that a stranger sends is
// remembered. The key is made of the list, which all processes have and nobody else.
type attempts struct {
	tally Tally
	key   [sha256.Size]byte

	mu       sync.Mutex
	counters map[string]counter
}

type counter struct {
	wrong int
	since time.Time
}

func newAttempts(l List, t Tally) *attempts {
	a := &attempts{tally: t, counters: map[string]counter{}}
	h := sha256.New()
	for _, e := range l.entries {
		h.Write([]byte(e.String() + "\n"))
	}
	h.Sum(a.key[:0])
	if len(l.entries) == 0 {
		rand.Read(a.key[:]) // never fails: crypto/rand ends the program instead
	}
	return a
}

// wait says how long the knock has to wait by what this process has counted; 0 if not
// at all.
func (a *attempts) wait(k Knock, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.counters) >= mostCounters {
		maps.DeleteFunc(a.counters, func(_ string, c counter) bool { return c.over(now) })
	}
	if len(a.counters) >= mostCounters {
		return window // what can't be counted is not tried
	}
	name, client := a.names(k)
	return max(a.counters[name].wait(perName, now), a.counters[client].wait(perClient, now))
}

// failed counts a wrong try in this process.
func (a *attempts) failed(k Knock, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	name, client := a.names(k)
	for _, key := range []string{name, client} {
		c := a.counters[key]
		if c.over(now) {
			c = counter{since: now}
		}
		c.wrong++
		a.counters[key] = c
	}
}

// waitForAll is wait by what all processes have counted. Beside an error it is 0.
func (a *attempts) waitForAll(ctx context.Context, k Knock, now time.Time) (wait time.Duration, err error) {
	name, client := a.names(k)
	for key, limit := range map[string]int{name: perName, client: perClient} {
		var c counter
		if c.wrong, c.since, err = a.tally.Counted(ctx, key); err != nil {
			return 0, err
		}
		wait = max(wait, c.wait(limit, now))
	}
	return wait, nil
}

// tellAll counts a wrong try for all processes.
func (a *attempts) tellAll(ctx context.Context, k Knock, now time.Time) error {
	name, client := a.names(k)
	for _, key := range []string{name, client} {
		if err := a.tally.Count(ctx, key, now, window); err != nil {
			return err
		}
	}
	return nil
}

// names are of the counters: the operator's, and that of the operator and client.
func (a *attempts) names(k Knock) (name, client string) {
	pseudonym := func(s string) string {
		h := hmac.New(sha256.New, a.key[:])
		h.Write([]byte(s))
		return hex.EncodeToString(h.Sum(nil)[:16])
	}
	return pseudonym("name\x00" + k.Name), pseudonym("client\x00" + k.Client + "\x00" + k.Name)
}

func (c counter) over(now time.Time) bool { return now.Sub(c.since) >= window }

func (c counter) wait(limit int, now time.Time) time.Duration {
	if c.wrong < limit || c.over(now) {
		return 0
	}
	return c.since.Add(window).Sub(now)
}
