package sqlstore_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func breachEvent(action audit.Action, at time.Time) audit.Event {
	return audit.Event{At: at, Actor: "desk-a", Action: action, Outcome: audit.Allowed}
}

// enteredBreach has one that we became aware of an hour before.
func (s store) enteredBreach(now time.Time) breach.Breach {
	s.t.Helper()
	b, err := breach.New(breach.Account{Happened: "A list was sent to a stranger.", Aware: now.Add(-time.Hour)}, now)
	s.ok(err)
	s.ok(sqlstore.NewBreaches(s.db).Enter(s.t.Context(), b, breachEvent(audit.EnterBreach, now)))
	return b
}

// closedBreach has one that was closed an hour after it was entered.
func (s store) closedBreach(now time.Time) breach.Breach {
	s.t.Helper()
	r, b, later := sqlstore.NewBreaches(s.db), s.enteredBreach(now), now.Add(time.Hour)
	a := b.Account
	a.Risk, a.Reasons = breach.Unlikely, "It was encrypted."
	for _, step := range []func(breach.Breach) (breach.Breach, error){
		func(b breach.Breach) (breach.Breach, error) { return b.Correct(a, later) },
		func(b breach.Breach) (breach.Breach, error) {
			return b.DecideAuthority(breach.ToAuthority{Reasons: "No risk."}, later)
		},
		func(b breach.Breach) (breach.Breach, error) {
			return b.DecidePersons(breach.ToPersons{Reasons: "No risk."}, later)
		},
		func(b breach.Breach) (breach.Breach, error) { return b.Close("", later) },
	} {
		var err error
		b, err = step(b)
		s.ok(err)
		b, err = r.Save(s.t.Context(), b, breachEvent(audit.CorrectBreach, later))
		s.ok(err)
	}
	return b
}

func TestEveryVersionOfABreachIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewBreaches(s.db), t.Context()
		first := s.enteredBreach(noon)
		a := first.Account
		a.Happened, a.People = "A list of <b>addresses</b> was sent to a stranger.", new(12)
		second, err := first.Correct(a, noon.Add(time.Hour))
		s.ok(err)
		second, err = r.Save(ctx, second, breachEvent(audit.CorrectBreach, noon.Add(time.Hour)))
		s.ok(err)
		found, err := r.Find(ctx, first.ID)
		s.ok(err)
		s.equal(found, second)
		versions, err := r.Versions(ctx, first.ID)
		s.ok(err)
		s.equal(versions, []breach.Saved{
			{Breach: first, SavedAt: noon, Actor: "desk-a", Action: audit.EnterBreach},
			{Breach: second, SavedAt: noon.Add(time.Hour), Actor: "desk-a", Action: audit.CorrectBreach},
		})
		events, err := sqlstore.NewAudit(s.db).About(ctx, string(first.ID))
		s.ok(err)
		s.equal(len(events), 2)
		_, err = r.Find(ctx, breach.NewID())
		s.want(err, register.ErrNotFound)
	})
}

func TestOfManyWhoSaveABreachAtOnceOneDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, b := sqlstore.NewBreaches(s.db), s.enteredBreach(noon)
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			all.Go(func() { _, errs[i] = r.Save(t.Context(), b, breachEvent(audit.CorrectBreach, noon)) })
		}
		all.Wait()
		saved := 0
		for _, err := range errs {
			if err == nil {
				saved++
			} else {
				s.want(err, register.ErrChanged)
			}
		}
		versions, err := r.Versions(t.Context(), b.ID)
		s.ok(err)
		if saved != 1 || len(versions) != 2 {
			t.Errorf("%d were told that they saved it, and there are %d versions", saved, len(versions))
		}
		missing := b
		missing.ID = breach.NewID()
		_, err = r.Save(t.Context(), missing, breachEvent(audit.CorrectBreach, noon))
		s.want(err, register.ErrNotFound)
	})
}

func TestOpenBreachesWaitByWhenTheyAreDueAndClosedOnesDoNot(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewBreaches(s.db), t.Context()
		var board docket.Source = r
		late, early, closed := s.enteredBreach(noon.Add(2*time.Hour)), s.enteredBreach(noon), s.closedBreach(noon)
		item := func(b breach.Breach) docket.Item {
			return docket.Item{Matter: "breach", ID: string(b.ID), State: "assessing", Due: b.NoticeDue(), Path: "/ops/breaches/" + string(b.ID)}
		}
		first, err := board.Waiting(ctx, noon, docket.Place{}, 1)
		s.ok(err)
		s.equal(first, []docket.Item{item(early)})
		second, err := board.Waiting(ctx, noon, first[0].Place(), 9)
		s.ok(err)
		s.equal(second, []docket.Item{item(late)})
		due, err := board.DueBy(ctx, early.NoticeDue(), docket.Place{}, 9)
		s.ok(err)
		s.equal(due, []docket.Item{item(early)})

		open, err := r.Open(ctx, docket.Place{}, 9)
		s.ok(err)
		s.equal(open, []breach.Breach{early, late})
		over, err := r.Closed(ctx, docket.Place{}, 9)
		s.ok(err)
		s.equal(over, []breach.Breach{closed})
		over, err = r.Closed(ctx, docket.Place{Due: closed.ClosedAt, ID: string(closed.ID)}, 9)
		s.ok(err)
		s.equal(len(over), 0)
		clocks, err := r.Clocks(ctx)
		s.ok(err)
		s.equal(clocks, map[breach.State]breach.Clock{breach.Assessing: {Count: 2, Due: early.NoticeDue()}})
	})
}

func TestAPurgedBreachLeavesNoVersion(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, closed, open := sqlstore.NewBreaches(s.db), s.closedBreach(noon), s.enteredBreach(noon)
		oldest, some, err := r.Oldest(t.Context())
		s.ok(err)
		if !some || !oldest.Equal(closed.ClosedAt) {
			t.Errorf("the oldest is of %v", oldest)
		}
		n, err := r.Purge(t.Context(), closed.ClosedAt, 10)
		s.ok(err)
		s.equal(n, 1)
		var left string
		s.ok(s.db.QueryRow("SELECT MIN(breach) || CAST(COUNT(*) AS TEXT) FROM breach_versions").Scan(&left))
		s.equal(left, string(open.ID)+"1")
	})
}

func TestAHundredThousandBreachesAreListedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		const many = 100_000
		b := s.enteredBreach(noon)
		for _, statement := range []string{`
			WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ` + strconv.Itoa(many) + `)
			INSERT INTO breaches (id, version, state, due_at, closed_at)
			SELECT 'b' || CAST(i AS TEXT), 1, CASE i % 2 WHEN 0 THEN 'assessing' ELSE 'closed' END,
				CASE i % 2 WHEN 0 THEN 1000000 + i ELSE 0 END, CASE i % 2 WHEN 0 THEN 0 ELSE 1000000 + i END FROM n`, `
			INSERT INTO breach_versions (breach, version, saved_at, actor, action, entry)
			SELECT b.id, 1, 0, '', '', v.entry FROM breaches b, breach_versions v WHERE b.id <> v.breach`,
			`ANALYZE`, //nolint:misspell // SQL spells it so
		} {
			_, err := s.db.Exec(statement)
			s.ok(err)
		}
		r, place := sqlstore.NewBreaches(s.db), docket.Place{Due: time.UnixMilli(1_050_000), ID: "b50000"}
		for name, ask := range map[string]func() (int, error){
			"open": func() (int, error) { all, err := r.Open(t.Context(), place, 50); return len(all), err },
			"closed": func() (int, error) {
				all, err := r.Closed(t.Context(), place, 50)
				return len(all), err
			},
			"waiting": func() (int, error) { all, err := r.Waiting(t.Context(), noon, place, 50); return len(all), err },
		} {
			took := time.Hour
			for range 3 { // a machine that is busy for a moment says nothing
				began := time.Now()
				n, err := ask()
				s.ok(err)
				s.equal(n, 50)
				took = min(took, time.Since(began))
			}
			if t.Logf("%s: %v", name, took); took > 50*time.Millisecond {
				t.Errorf("%s took %v", name, took)
			}
		}
		_, err := r.Find(t.Context(), b.ID)
		s.ok(err)
	})
}
