package sqlstore_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// signedIn has a session of the operator since noon.
func (s store) signedIn(name string, mayEnrol bool) operator.Session {
	s.t.Helper()
	n := operator.Session{
		Hash: secret.NewKey().Hash(), Operator: operator.Operator{Name: name}, Stamp: operator.Stamp{1},
		Pending: mayEnrol, MayEnrol: mayEnrol, StartedAt: noon, SeenAt: noon,
	}
	s.ok(sqlstore.NewOperatorSessions(s.db).Begin(s.t.Context(), n, secret.Hash{}))
	return n
}

// enrolment is of an authenticator that is set up at noon.
func enrolment(from operator.Session, codes ...secret.Hash) operator.Enrolment {
	next := from
	next.Hash, next.Pending, next.MayEnrol = secret.NewKey().Hash(), false, false
	return operator.Enrolment{
		Authenticator: operator.Authenticator{Operator: from.Operator.Name, Stamp: from.Stamp, Sealed: []byte("sealed"), SetUpAt: noon, LastStep: 7},
		Codes:         codes, Former: from, Next: next,
		Event: audit.Event{At: noon, Actor: from.Operator.Name, Action: audit.TOTPEnrolled, Subject: audit.Session, Outcome: audit.Allowed},
	}
}

func TestASessionIsFoundUntilItEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		sessions := sqlstore.NewOperatorSessions(s.db)
		a, b := s.signedIn("desk-a", true), s.signedIn("desk-b", false)
		got, err := sessions.Find(t.Context(), a.Hash)
		s.ok(err)
		s.equal(got, a)
		s.ok(sessions.Seen(t.Context(), a.Hash, noon.Add(time.Minute)))
		s.ok(sessions.Seen(t.Context(), a.Hash, noon)) // a slow clock elsewhere
		got, err = sessions.Find(t.Context(), a.Hash)
		s.ok(err)
		s.equal(got.SeenAt, noon.Add(time.Minute))

		next := a
		next.Hash = secret.NewKey().Hash()
		s.ok(sessions.Begin(t.Context(), next, a.Hash))
		_, err = sessions.Find(t.Context(), a.Hash)
		s.want(err, operator.ErrSignedOut)
		s.ok(sessions.EndAll(t.Context(), "desk-a"))
		_, err = sessions.Find(t.Context(), next.Hash)
		s.want(err, operator.ErrSignedOut)
		_, err = sessions.Find(t.Context(), b.Hash)
		s.ok(err)
		s.ok(sessions.End(t.Context(), b.Hash))
		s.ok(sessions.End(t.Context(), b.Hash))
	})
}

func TestOfTwoWhoSetAnAuthenticatorUpTheFirstEndsTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		authenticators := sqlstore.NewAuthenticators(s.db)
		sessions := []operator.Session{s.signedIn("desk-a", true), s.signedIn("desk-a", true), s.signedIn("desk-a", true)}
		var enrolled atomic.Int32
		var wg sync.WaitGroup
		for _, n := range sessions {
			wg.Go(func() {
				if err := authenticators.Enrol(context.Background(), enrolment(n, secret.NewKey().Hash())); err == nil {
					enrolled.Add(1)
				} else {
					s.want(err, operator.ErrSignedOut)
				}
			})
		}
		wg.Wait()
		var left int
		s.ok(s.db.QueryRow("SELECT COUNT(*) FROM operator_sessions").Scan(&left))
		found, err := authenticators.Find(t.Context(), "desk-a", operator.Stamp{1})
		s.ok(err)
		if enrolled.Load() != 1 || left != 1 || found.Codes != 1 {
			t.Errorf("%d set one up, %d sessions are left, %d recovery codes", enrolled.Load(), left, found.Codes)
		}
	})
}

func TestACodeIsSpentOnceWhoeverTriesAtTheSameTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		authenticators, code := sqlstore.NewAuthenticators(s.db), secret.NewKey().Hash()
		s.ok(authenticators.Enrol(t.Context(), enrolment(s.signedIn("desk-a", true), code)))
		a, err := authenticators.Find(t.Context(), "desk-a", operator.Stamp{1})
		s.ok(err)
		for name, spend := range map[string]func() (bool, error){
			"a code":          func() (bool, error) { return authenticators.SpendStep(context.Background(), a, 9) },
			"a recovery code": func() (bool, error) { return authenticators.SpendRecovery(context.Background(), a, code) },
		} {
			var spent atomic.Int32
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					ok, err := spend()
					if ok {
						spent.Add(1)
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if spent.Load() != 1 {
				t.Errorf("%s was spent %d times", name, spent.Load())
			}
		}
		for _, step := range []int64{8, 9} {
			ok, err := authenticators.SpendStep(t.Context(), a, step)
			s.ok(err)
			s.equal(ok, false)
		}
		other := a
		other.Stamp = operator.Stamp{2}
		ok, err := authenticators.SpendStep(t.Context(), other, 10)
		s.ok(err)
		s.equal(ok, false)
		_, err = authenticators.Find(t.Context(), "desk-a", other.Stamp)
		s.want(err, operator.ErrNoAuthenticator)
	})
}

func TestASessionIsProposedOneSecret(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		authenticators := sqlstore.NewAuthenticators(s.db)
		may, mayNot := s.signedIn("desk-a", true), s.signedIn("desk-a", false)
		for _, secret := range []string{"first", "second"} {
			got, err := authenticators.Propose(t.Context(), may.Hash, []byte(secret))
			s.ok(err)
			s.equal(string(got), "first")
		}
		_, err := authenticators.Propose(t.Context(), mayNot.Hash, []byte("x"))
		s.want(err, operator.ErrSignedOut)
		s.ok(authenticators.Allow(t.Context(), mayNot.Hash))
		_, err = authenticators.Propose(t.Context(), mayNot.Hash, []byte("x"))
		s.ok(err)
		s.want(authenticators.Allow(t.Context(), secret.Hash{}), operator.ErrSignedOut)
		s.want(authenticators.Enrol(t.Context(), enrolment(operator.Session{Operator: may.Operator})), operator.ErrSignedOut)
	})
}

func TestASecretIsSealedAnewUnlessItChangedMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		authenticators := sqlstore.NewAuthenticators(s.db)
		s.ok(authenticators.Enrol(t.Context(), enrolment(s.signedIn("desk-a", true))))
		s.ok(authenticators.Reseal(t.Context(), "desk-a", []byte("another"), []byte("lost")))
		s.ok(authenticators.Reseal(t.Context(), "desk-a", []byte("sealed"), []byte("sealed anew")))
		all, err := authenticators.Sealed(t.Context())
		s.ok(err)
		s.equal(all, map[string][]byte{"desk-a": []byte("sealed anew")})
	})
}
