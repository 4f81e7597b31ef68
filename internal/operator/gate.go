package operator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Sessions are kept where all processes find them.
type Sessions interface {
	// Begin keeps a new session and ends the former one, if there is one.
	Begin(ctx context.Context, s Session, former secret.Hash) error
	// Find returns a session, whatever its age; ErrSignedOut if there is none.
	Find(ctx context.Context, h secret.Hash) (Session, error)
	// Seen notes that the session was used.
	Seen(ctx context.Context, h secret.Hash, now time.Time) error
	endings
}

type endings interface {
	End(ctx context.Context, h secret.Hash) error
	EndAll(ctx context.Context, name string) error
}

// Authenticators are kept where all processes find them. What is spent can't be spent
// again, whoever tries at the same time.
type Authenticators interface {
	// Find returns what was set up for an entry; ErrNoAuthenticator if nothing was.
	Find(ctx context.Context, name string, s Stamp) (Authenticator, error)
	// SpendStep takes the code of a half minute later than the last one taken.
	SpendStep(ctx context.Context, a Authenticator, step int64) (bool, error)
	// SpendRecovery takes a recovery code, which is gone then.
	SpendRecovery(ctx context.Context, a Authenticator, h secret.Hash) (bool, error)
	enrolments
}

// Trail keeps what operators did.
type Trail interface {
	Append(ctx context.Context, e audit.Event) error
}

// Options are what the gate works with.
type Options struct {
	List           List
	Sessions       Sessions
	Authenticators Authenticators
	Sealer         Sealer
	Tally          Tally // of wrong passwords and codes
	Trail          Trail
	Log            *slog.Logger
	Now            func() time.Time

	// CodeNeeded lets nobody beyond setting an authenticator up who has none.
	CodeNeeded bool
	// Site is the service's host, by which an app tells its accounts apart; may be
	// empty.
	Site string
}

// Gate is the way in for operators. It is safe for use from many requests at once.
type Gate struct {
	Options
	door *Door
}

// NewGate returns the gate for the listed operators.
func NewGate(o Options) *Gate { return &Gate{o, NewDoor(o)} }

// SignIn begins a session for whoever knocks rightly, with the door's errors
// otherwise. The token is for the browser alone.
func (g *Gate) SignIn(ctx context.Context, k Knock) (token secret.Key, s Session, err error) {
	event := audit.Event{Action: audit.SignedIn, Outcome: audit.Allowed}
	o, err := g.door.Open(ctx, k, func(ctx context.Context, o Operator) (bool, error) {
		a, err := g.authenticator(ctx, o)
		if errors.Is(err, ErrNoAuthenticator) {
			s.MayEnrol, s.Pending = true, g.CodeNeeded
			return true, nil
		}
		if err != nil {
			return false, err
		}
		how, ok, err := g.spend(ctx, a, k.Code)
		event.Outcome = how
		return ok, err
	})
	if err != nil {
		if errors.Is(err, ErrUnknown) {
			g.refused(ctx, k.Name)
		}
		return "", Session{}, err
	}
	if err := g.note(ctx, o.Name, event); err != nil {
		return "", Session{}, err
	}
	token, s = g.open(o, s)
	var former secret.Hash
	if k.Former != "" {
		former = k.Former.Hash()
	}
	if err := g.Sessions.Begin(ctx, s, former); err != nil {
		return "", Session{}, err
	}
	return token, s, nil
}

// open makes a session of what is known of it.
func (g *Gate) open(o Operator, s Session) (secret.Key, Session) {
	token, now := secret.NewKey(), g.Now()
	e, _ := g.List.find(o.Name)
	s.Hash, s.Operator, s.Stamp, s.StartedAt, s.SeenAt = token.Hash(), o, e.stamp(), now, now
	return token, s
}

// note writes what an operator did at the gate into the trail, before it is done.
func (g *Gate) note(ctx context.Context, name string, e audit.Event) error {
	e.At, e.Actor, e.Subject = g.Now(), name, audit.Session
	return g.Trail.Append(ctx, e)
}

// noteLimit is how long the line of a refusal may take.
const noteLimit = 5 * time.Second

// refused writes a refusal into the trail, if there is an operator of the name: a
// stranger's inventions don't belong there. It does so beside the answer, whose time
// would else tell which names there are.
func (g *Gate) refused(ctx context.Context, name string) {
	if _, is := g.List.find(name); !is {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	go func() {
		defer cancel()
		if err := g.note(ctx, name, audit.Event{Action: audit.SignInRefused, Outcome: audit.Refused}); err != nil {
			g.Log.Error("a refused sign-in is missing in the audit trail", "error", err)
		}
	}()
}

// Who tells whose session a token is of, and notes that it was used; ErrSignedOut if
// its time is over, or if the operator's entry is gone or another one by now.
func (g *Gate) Who(ctx context.Context, token secret.Key) (Session, error) {
	s, err := g.Sessions.Find(ctx, token.Hash())
	if err != nil {
		return Session{}, err
	}
	now := g.Now()
	e, is := g.List.find(s.Operator.Name)
	if s.over(now) || !is || e.stamp() != s.Stamp {
		return Session{}, ErrSignedOut
	}
	s.Operator = e.Operator
	if now.Sub(s.SeenAt) >= seenEvery {
		if err := g.Sessions.Seen(ctx, s.Hash, now); err != nil {
			return Session{}, err
		}
	}
	return s, nil
}

// SignOut ends a session, or all of its operator's.
func (g *Gate) SignOut(ctx context.Context, s Session, everywhere bool) error {
	if everywhere {
		if err := g.note(ctx, s.Operator.Name, audit.Event{Action: audit.SessionsEnded, Outcome: audit.Allowed}); err != nil {
			return err
		}
		return g.Sessions.EndAll(ctx, s.Operator.Name)
	}
	if err := g.note(ctx, s.Operator.Name, audit.Event{Action: audit.SignedOut, Outcome: audit.Allowed}); err != nil {
		return err
	}
	return g.Sessions.End(ctx, s.Hash)
}

// spend takes a code of an authenticator or one of its recovery codes, and says how
// it opened.
func (g *Gate) spend(ctx context.Context, a Authenticator, code string) (how audit.Outcome, ok bool, err error) {
	code = bare(code)
	if !codePattern.MatchString(code) {
		ok, err = g.Authenticators.SpendRecovery(ctx, a, recoveryHash(code))
		return audit.ByRecoveryCode, ok, err
	}
	key, err := g.Sealer.Open(ctx, About(a.Operator), a.Sealed)
	if err != nil {
		return "", false, fmt.Errorf("open an authenticator's secret: %w", err)
	}
	step, ok, err := stepOf(code, string(key), g.Now())
	if err != nil || !ok {
		return "", false, err
	}
	ok, err = g.Authenticators.SpendStep(ctx, a, step)
	return audit.Allowed, ok, err
}

func (g *Gate) authenticator(ctx context.Context, o Operator) (Authenticator, error) {
	e, _ := g.List.find(o.Name)
	return g.Authenticators.Find(ctx, o.Name, e.stamp())
}
