package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// enrolments are how authenticators come to be.
type enrolments interface {
	// Propose keeps a sealed secret with the session, unless it has one, and returns
	// the one it has.
	Propose(ctx context.Context, h secret.Hash, sealed []byte) ([]byte, error)
	// Enrol puts an authenticator in the place of what the operator had, ends all of
	// the operator's sessions and begins another. ErrSignedOut says that the session
	// may not, or not any more.
	Enrol(ctx context.Context, e Enrolment) error
	// Allow lets the session set up another authenticator.
	Allow(ctx context.Context, h secret.Hash) error
}

// Enrolment is all that changes when an authenticator is set up.
type Enrolment struct {
	Authenticator Authenticator
	Codes         []secret.Hash // the recovery codes
	Former, Next  Session
	Event         audit.Event
}

// Standing is what an operator's authenticator page shows: the authenticator there
// is, or one to set up.
type Standing struct {
	SetUpAt  time.Time // zero: there is none
	Codes    int       // recovery codes left
	Proposal *Proposal // nil: the session may not set one up
}

// ErrWrongCode says that a signed-in operator's code is wrong or was used before.
var ErrWrongCode = errors.New("wrong code")

// Standing returns what there is, and for a session that may set up an authenticator
// the same proposal each time.
func (g *Gate) Standing(ctx context.Context, s Session) (Standing, error) {
	var out Standing
	a, err := g.authenticator(ctx, s.Operator)
	if err != nil && !errors.Is(err, ErrNoAuthenticator) {
		return Standing{}, err
	}
	out.SetUpAt, out.Codes = a.SetUpAt, a.Codes
	if !s.MayEnrol {
		return out, nil
	}
	key, err := g.proposed(ctx, s)
	if err != nil {
		return Standing{}, err
	}
	account := s.Operator.Name
	if g.Site != "" {
		account += "@" + g.Site
	}
	p, err := propose(account, key)
	out.Proposal = &p
	return out, err
}

// proposed is the secret that goes with the session, which gets one if it has none.
func (g *Gate) proposed(ctx context.Context, s Session) (string, error) {
	sealed := s.Proposed
	if len(sealed) == 0 {
		fresh, err := g.Sealer.Seal(ctx, About(s.Operator.Name), []byte(newSecret()))
		if err == nil {
			sealed, err = g.Authenticators.Propose(ctx, s.Hash, fresh)
		}
		if err != nil {
			return "", fmt.Errorf("propose an authenticator: %w", err)
		}
	}
	plain, err := g.Sealer.Open(ctx, About(s.Operator.Name), sealed)
	if err != nil {
		return "", fmt.Errorf("open a proposed authenticator: %w", err)
	}
	return string(plain), nil
}

// Confirm sets the proposed authenticator up, if the code is one that it shows. All
// other sessions of the operator end; this one goes on under a new token. The recovery
// codes are shown once.
func (g *Gate) Confirm(ctx context.Context, s Session, code string) (token secret.Key, codes []string, err error) {
	if !s.MayEnrol {
		return "", nil, ErrSignedOut
	}
	if len(s.Proposed) == 0 {
		return "", nil, ErrWrongCode // no code was ever to be seen
	}
	key, err := g.proposed(ctx, s)
	if err != nil {
		return "", nil, err
	}
	step, ok, err := stepOf(bare(code), key, g.Now())
	if err != nil {
		return "", nil, err
	}
	if !ok {
		return "", nil, ErrWrongCode
	}
	e := Enrolment{Former: s, Event: audit.Event{
		At: g.Now(), Actor: s.Operator.Name, Action: audit.TOTPEnrolled, Subject: audit.Session, Outcome: audit.Allowed,
	}}
	codes, e.Codes = newRecoveryCodes()
	token, e.Next = g.open(s.Operator, Session{})
	e.Authenticator = Authenticator{Operator: s.Operator.Name, Stamp: e.Next.Stamp, Sealed: s.Proposed, SetUpAt: g.Now(), LastStep: step}
	if err := g.Authenticators.Enrol(ctx, e); err != nil {
		return "", nil, err
	}
	return token, codes, nil
}

// Replace lets a session set up another authenticator, for a code of the present one
// or a recovery code. Wrong ones count as at the door.
func (g *Gate) Replace(ctx context.Context, s Session, k Knock) error {
	a, err := g.authenticator(ctx, s.Operator)
	if err != nil {
		return err
	}
	err = g.door.check(ctx, k, func(ctx context.Context) (bool, error) {
		_, ok, err := g.spend(ctx, a, k.Code)
		return ok, err
	})
	if errors.Is(err, ErrUnknown) {
		err = ErrWrongCode
	}
	if err != nil {
		return err
	}
	return g.Authenticators.Allow(ctx, s.Hash)
}
