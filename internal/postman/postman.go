// Package postman takes letters from the outbox to the mail server, one try at a time.
//
// A try is claimed before it begins and recorded after it has ended. Whoever is killed
// in between leaves a claim that runs out, and the letter is tried again: none is
// lost. It can then have been sent already, as with everything that goes by SMTP; both
// mails have the same Message-ID, by which mail programs know them for one.
package postman

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Outbox has the letters.
type Outbox interface {
	Claim(ctx context.Context, want letter.Claim, now time.Time) (letter.Letter, letter.Claim, error)
	Finish(ctx context.Context, held letter.Claim, o letter.Outcome) error
}

// Carrier hands a letter to a mail server. Its errors are a letter.Failure; any other
// counts as unreachable.
type Carrier interface {
	Send(ctx context.Context, l letter.Letter) error
}

// Meter counts tries.
type Meter interface {
	Tried(k letter.Kind, state letter.State)
}

// Options are what a Postman works with; all are needed.
type Options struct {
	Outbox  Outbox
	Carrier Carrier
	Meter   Meter
	Log     *slog.Logger
	Now     func() time.Time
}

// Postman sends letters.
type Postman struct{ Options }

// New returns a postman.
func New(o Options) *Postman { return &Postman{o} }

// recordLimit is how long recording a try's outcome may take, also after the process
// was told to stop: a letter that was sent should be known to be.
const recordLimit = 3 * time.Second

// Deliver tries to send a letter. want names the tries before this one. That somebody
// else has the letter, or that it was not taken, is no error: then there is nothing
// more to do now.
func (p *Postman) Deliver(ctx context.Context, want letter.Claim) error {
	l, held, err := p.Outbox.Claim(ctx, want, p.Now())
	if errors.Is(err, letter.ErrClaimLost) {
		return nil
	}
	if err != nil {
		return err
	}
	sent := p.send(ctx, l)
	o := l.After(held.Try, sent, rand.Float64(), p.Now()) // #nosec G404 -- spreads tries
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	if err := p.Outbox.Finish(ctx, held, o); err != nil {
		return fmt.Errorf("a letter was tried (%s), but: %w", o.State, err)
	}
	p.Meter.Tried(l.Kind, o.State)
	if sent != nil {
		p.Log.Warn("a letter was not sent", "letter", l.ID, "status", o.State, "attempt", held.Try, "error", sent)
	}
	return nil
}

func (p *Postman) send(ctx context.Context, l letter.Letter) error {
	if l.Sealed() {
		return letter.Failure{Reason: letter.SecretLost}
	}
	return p.Carrier.Send(ctx, l)
}
