// Package ratelimit says who may do something that costs us now and who has to
// wait: each client has a rate of its own, and all together have one. The counters
// lie in Redis, so that the rates hold however many processes there are.
//
// A client is known by its network address, which Redis must not get to know: a
// counter's name has a keyed hash of it. The key is made when the process starts
// and is kept nowhere, so nobody can tell later, not even we, whose counter it
// was. The price is that each process counts a client for itself; the rate of all
// is shared. A client that has an account, whose name begins with Account, needs no such
// cover: all processes count it together.
package ratelimit

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Rates are how often something may be done, in times a minute. So much may also
// come at once.
type Rates struct {
	Client int
	All    int // 0 for no limit
}

// Limiter limits one thing.
type Limiter struct {
	counters *redis_rate.Limiter
	what     string
	rates    Rates
	secret   [sha256.Size]byte
}

// New returns a limiter of what is named, on a client that the caller closes.
func New(c redis.UniversalClient, what string, r Rates) *Limiter {
	l := &Limiter{counters: redis_rate.NewLimiter(c), what: what, rates: r}
	rand.Read(l.secret[:]) // never fails: crypto/rand ends the program instead
	return l
}

// Allow counts one more time for the client and for all. If that is too often it
// is not counted for all, and wait is how long until the next may come; it is 0
// otherwise.
func (l *Limiter) Allow(ctx context.Context, client string) (wait time.Duration, err error) {
	for _, c := range []struct {
		name string
		rate int
	}{{l.what + ":client:" + l.pseudonym(client), l.rates.Client}, {l.what + ":all", l.rates.All}} {
		if c.rate == 0 {
			continue
		}
		r, err := l.counters.Allow(ctx, c.name, redis_rate.PerMinute(c.rate))
		if err != nil {
			return 0, fmt.Errorf("limit %s: %w", l.what, err)
		}
		if r.Allowed == 0 {
			return max(r.RetryAfter, time.Millisecond), nil
		}
	}
	return 0, nil
}

// Account begins the name of a client that is known by something else than its address.
const Account = "key:"

// clientBits is how much of an IPv6 address tells a client: whoever has one has
// all that share these bits.
const clientBits = 64

func (l *Limiter) pseudonym(client string) string {
	if a, err := netip.ParseAddr(client); err == nil {
		if a = a.Unmap(); a.Is6() {
			p, _ := a.WithZone("").Prefix(clientBits) // fails for none of 128 bits
			a = p.Addr()
		}
		client = a.String()
	}
	secret := l.secret[:]
	if strings.HasPrefix(client, Account) {
		secret = nil
	}
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(client))
	return hex.EncodeToString(h.Sum(nil)[:16])
}
