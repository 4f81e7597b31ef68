// Package courier takes notices to the servers of API clients, one client's at a time.
//
// A try is claimed before it begins and recorded after it has ended. Whoever is killed
// in between leaves a claim that runs out, and the notice is tried again: none is lost.
// It can then have arrived already; both have the same ID, by which the receiver knows
// them for one. A round is for one client, of which the queue has one at a time: a server
// that is slow takes one place from the others and no more, and one that fails ends its
// round.
package courier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Outbox has the notices.
type Outbox interface {
	Next(ctx context.Context, c apiclient.ID, now time.Time, limit int) ([]webhook.Claim, error)
	Claim(ctx context.Context, want webhook.Claim, now time.Time) (webhook.Notice, webhook.Claim, error)
	Finish(ctx context.Context, n webhook.Notice, held webhook.Claim, o webhook.Outcome) error
}

// Opener opens the secrets that endpoints were given.
type Opener interface {
	Open(ctx context.Context, about string, sealed []byte) ([]byte, error)
}

// Poster posts a notice. Its errors are a webhook.Failure; any other counts as
// unreachable.
type Poster interface {
	Post(ctx context.Context, n webhook.Notice, secret []byte) error
}

// Meter counts tries.
type Meter interface {
	Tried(k webhook.Kind, s webhook.State, took time.Duration)
}

// Options are what a Courier works with; all are needed.
type Options struct {
	Outbox Outbox
	Opener Opener
	Poster Poster
	Meter  Meter
	Log    *slog.Logger
	Now    func() time.Time
}

// Courier delivers notices.
type Courier struct{ Options }

// New returns a courier.
func New(o Options) *Courier { return &Courier{o} }

// A round.
const (
	// RoundLimit is how long a round may begin tries; the last of them end within
	// webhook.PostLimit after it.
	RoundLimit = 30 * time.Second
	perRound   = 400
	atATime    = 4 // to one server
	// recordLimit is how long recording a try's outcome may take, also after the
	// process was told to stop: a notice that was taken should be known to be.
	recordLimit = 3 * time.Second
)

// Round tries all notices of a client whose time has come, until one fails or the round
// has been long enough. That somebody else has a notice, or that none was taken, is no
// error: the next round has what is left.
func (c *Courier) Round(ctx context.Context, id apiclient.ID) error {
	begun := c.Now()
	next, err := c.Outbox.Next(ctx, id, begun, perRound)
	if err != nil {
		return err
	}
	var over atomic.Bool
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, want := range next {
		if over.Load() || ctx.Err() != nil || c.Now().Sub(begun) > RoundLimit {
			break
		}
		group.Go(func() error {
			taken, err := c.deliver(ctx, want)
			if !taken || err != nil {
				over.Store(true)
			}
			return err
		})
	}
	return group.Wait()
}

// deliver tries one notice, and says whether the server can be sent the next one.
func (c *Courier) deliver(ctx context.Context, want webhook.Claim) (taken bool, err error) {
	n, held, err := c.Outbox.Claim(ctx, want, c.Now())
	if errors.Is(err, webhook.ErrClaimLost) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	begun := c.Now()
	posted := c.post(ctx, n)
	if posted != nil && ctx.Err() != nil {
		return false, nil // we broke it off, which says nothing of the server; the claim runs out
	}
	o := n.After(held.Try, posted, rand.Float64(), c.Now()) // #nosec G404 -- spreads tries
	c.Meter.Tried(n.Kind, o.State, o.Now.Sub(begun))
	if posted != nil {
		c.Log.Warn("a notice was not taken", "client", string(n.Client), "kind", string(n.Kind), "status", string(o.State), "attempt", held.Try, "error", o.Failure)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	err = c.Outbox.Finish(ctx, n, held, o)
	if errors.Is(err, webhook.ErrClaimLost) { // its photo was erased meanwhile
		return posted == nil, nil
	}
	if err != nil {
		return false, fmt.Errorf("a notice was tried (%s), but: %w", o.State, err)
	}
	return posted == nil, nil
}

func (c *Courier) post(ctx context.Context, n webhook.Notice) error {
	secret, err := c.Opener.Open(ctx, webhook.About(string(n.Client)), n.Sealed)
	if err != nil {
		c.Log.Error("a webhook's secret can't be opened", "client", string(n.Client), "error", err)
		return webhook.Failure{Trouble: webhook.Sealed}
	}
	return c.Poster.Post(ctx, n, secret)
}
