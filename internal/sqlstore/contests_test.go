package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// ready has a photo ready since now.
func (s store) ready(now time.Time) photo.Photo {
	s.t.Helper()
	held := s.claimed(now)
	s.ok(s.Finish(s.t.Context(), held, photo.Outcome{Status: photo.Ready, Now: now}))
	return s.get(held.ID)
}

// contestOf is a contest of a ready photo, not filed yet.
func (s store) contestOf(p photo.Photo, checks ...string) contest.Contest {
	s.t.Helper()
	c, _, err := contest.New(contest.Filing{
		Photo: p, Checks: checks, Message: "My ears show.", MayOpen: true, Now: noon,
		Report: []byte(`{"verdict": "take_another", "checks": [
			{"name": "head_height", "outcome": "fail", "value": 40.5, "unit": "mm", "limits": {"max": 35}},
			{"name": "eye_line", "outcome": "warn", "value": 20}]}`),
	})
	s.ok(err)
	return c
}

func (s store) filed(p photo.Photo, checks ...string) contest.Contest {
	s.t.Helper()
	c := s.contestOf(p, checks...)
	s.ok(s.contests().File(s.t.Context(), c))
	return c
}

func (s store) contests() *sqlstore.Contests { return sqlstore.NewContests(s.db) }

func (s store) found(id contest.ID) contest.Contest {
	s.t.Helper()
	c, err := s.contests().Find(s.t.Context(), id)
	s.ok(err)
	return c
}

var (
	upheld   = contest.Ruling{Decision: contest.Upheld, Note: "The head is too tall.", At: noon.Add(time.Hour)}
	deciding = audit.Event{At: noon.Add(time.Hour), Actor: "desk-a", Action: audit.DecideContest, Subject: "x", Outcome: "upheld"}
)

func TestAContestIsKeptAsItWasFiled(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.filed(s.ready(noon), "head_height")
		s.equal(s.found(c.ID), c)
		s.equal(c.Records, []contest.Record{{Name: "head_height", Outcome: check.Fail, Value: new(40.5), Unit: check.Millimetres,
			Limits: &contest.Limits{Max: new(35.0)}}})
		_, err := s.contests().Find(t.Context(), contest.NewID())
		s.want(err, contest.ErrNotFound)
	})
}

func TestAContestIsOfAPhotoThatIsReadyAtItsRevision(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		edited := s.contestOf(p, "head_height")
		edited.Photo.Revision++
		s.want(s.contests().File(t.Context(), edited), photo.ErrChanged)

		late := s.contestOf(p, "head_height")
		late.CreatedAt = p.ExpiresAt
		s.want(s.contests().File(t.Context(), late), photo.ErrChanged)

		unknown := s.contestOf(p, "head_height")
		unknown.Photo.ID = photo.NewID()
		s.want(s.contests().File(t.Context(), unknown), photo.ErrChanged)

		erased := s.contestOf(p, "head_height")
		_, err := s.BeginErasure(t.Context(), p.ID)
		s.ok(err)
		s.want(s.contests().File(t.Context(), erased), photo.ErrChanged)
	})
}

func TestTheSameChecksAreContestedOnceUnlessWithdrawn(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		first := s.filed(p, "head_height")
		s.want(s.contests().File(t.Context(), s.contestOf(p, "head_height")), contest.ErrDuplicate)
		s.filed(p, "head_height", "eye_line")
		s.filed(s.ready(noon), "head_height") // of another photo

		s.ok(s.contests().Withdraw(t.Context(), first.ID, noon))
		again := s.filed(p, "head_height")
		s.ok(s.contests().Decide(t.Context(), again.ID, upheld, deciding))
		s.want(s.contests().File(t.Context(), s.contestOf(p, "head_height")), contest.ErrDuplicate)
	})
}

func TestAPhotoHasTenContestsHoweverManyAreFiledAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		const tries = 20
		errs := make(chan error, tries)
		for i := range tries {
			c := s.contestOf(p, "head_height")
			c.Records[0].Name = check.Name(fmt.Sprintf("check_%d", i))
			go func() { errs <- s.contests().File(t.Context(), c) }()
		}
		filed := 0
		for range tries {
			switch err := <-errs; {
			case err == nil:
				filed++
			case !errors.Is(err, contest.ErrTooMany):
				t.Error(err)
			}
		}
		s.equal(filed, contest.MaxPerPhoto)
	})
}

func TestAWithdrawnContestForgetsTheWordsAndThePermission(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.filed(s.ready(noon), "head_height")
		s.ok(s.contests().Withdraw(t.Context(), c.ID, noon.Add(time.Minute)))
		got := s.found(c.ID)
		if got.State != contest.Withdrawn || got.Message != "" || got.MayOpen || !got.ClosedAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("the contest is %+v", got)
		}
		s.want(s.contests().Withdraw(t.Context(), c.ID, noon), contest.ErrClosed)
		s.want(s.contests().Decide(t.Context(), c.ID, upheld, deciding), contest.ErrClosed)
	})
}

func TestPermissionCanBeTakenBackAtAnyTimeAndGivenWhileThereIsAPhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		open, decided := s.filed(p, "head_height"), s.filed(p, "eye_line")
		permit := func(id contest.ID, may bool, now time.Time) error {
			return s.contests().Permit(t.Context(), id, may, now)
		}
		s.ok(permit(open.ID, false, noon))
		s.equal(s.found(open.ID).MayOpen, false)
		s.ok(permit(open.ID, true, noon))
		s.equal(s.found(open.ID).MayOpen, true)
		s.want(permit(open.ID, true, p.ExpiresAt), contest.ErrPhotoGone)

		s.ok(s.contests().Decide(t.Context(), decided.ID, upheld, deciding))
		s.want(permit(decided.ID, true, noon), contest.ErrClosed)
		s.ok(permit(decided.ID, false, noon))

		_, err := s.BeginErasure(t.Context(), p.ID)
		s.ok(err)
		s.want(permit(open.ID, true, noon), contest.ErrPhotoGone)
		s.ok(permit(open.ID, false, noon))
		s.want(permit(contest.NewID(), false, noon), contest.ErrNotFound)
	})
}

func TestOfTwoOfficersOneDecides(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.filed(s.ready(noon), "head_height")
		overturned := contest.Ruling{Decision: contest.Overturned, Note: "The head is right.", At: noon}
		errs := make(chan error, 2)
		for _, r := range []contest.Ruling{upheld, overturned} {
			e := audit.Event{At: r.At, Actor: "desk-a", Action: audit.DecideContest, Subject: string(c.ID), Outcome: audit.Outcome(r.Decision)}
			go func() { errs <- s.contests().Decide(t.Context(), c.ID, r, e) }()
		}
		a, b := <-errs, <-errs
		if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), contest.ErrClosed) {
			t.Fatalf("decided with %v and %v", a, b)
		}
		got := s.found(c.ID)
		want := upheld
		if got.Ruling.Decision == contest.Overturned {
			want = overturned
		}
		if got.State != contest.Decided || !cmp.Equal(got.Ruling, want) || got.MayOpen {
			t.Errorf("the contest is %+v", got)
		}
		events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(c.ID))
		s.ok(err)
		s.equal(events, []audit.Event{{At: want.At, Actor: "desk-a", Action: audit.DecideContest, Subject: string(c.ID), Outcome: audit.Outcome(want.Decision)}})
	})
}

func TestADecisionThatCanNotBeAuditedIsNotMade(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.filed(s.ready(noon), "head_height")
		_, err := s.db.ExecContext(t.Context(), `DROP TABLE audit_events`)
		s.ok(err)
		if err := s.contests().Decide(t.Context(), c.ID, upheld, deciding); err == nil {
			t.Fatal("the decision was made")
		}
		s.equal(s.found(c.ID).State, contest.Received)
	})
}

func TestContestsWaitInTheOrderInWhichTheirPhotosExpire(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		var want []contest.ID
		at := func(filed time.Time, p photo.Photo) contest.Contest {
			c := s.contestOf(p, "head_height")
			c.CreatedAt = filed
			s.ok(s.contests().File(t.Context(), c))
			return c
		}
		gone, overdue := s.ready(noon.Add(-time.Hour)), s.ready(noon.Add(-2*time.Hour))
		old, older := at(noon, gone), at(noon.Add(-time.Minute), overdue)
		_, err := s.BeginErasure(t.Context(), gone.ID)
		s.ok(err)
		late, soon := at(noon, s.ready(noon.Add(2*time.Hour))), at(noon.Add(time.Minute), s.ready(noon.Add(time.Hour)))
		decided := at(noon, s.ready(noon))
		s.ok(s.contests().Decide(t.Context(), decided.ID, upheld, deciding))

		// Half an hour before the first of them, only the overdue photo's time is over.
		waiting, err := s.contests().Waiting(t.Context(), noon.Add(life-90*time.Minute), 10)
		s.ok(err)
		for _, c := range waiting {
			want = append(want, c.ID)
		}
		s.equal(want, []contest.ID{soon.ID, late.ID, older.ID, old.ID})
		waiting, err = s.contests().Waiting(t.Context(), noon, 1)
		s.ok(err)
		s.equal(len(waiting), 1)
	})
}

func TestAfterAnErasureNoContestNamesThePhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		begin := map[string]func(photo.ID) (bool, error){
			"erasure": func(id photo.ID) (bool, error) { return s.BeginErasure(t.Context(), id) },
			"expiry":  func(id photo.ID) (bool, error) { return s.BeginExpiry(t.Context(), id, noon.Add(life)) },
		}
		for name, begin := range begin {
			p, other := s.ready(noon), s.ready(noon.Add(time.Hour))
			open, decided, kept := s.filed(p, "head_height"), s.filed(p, "eye_line"), s.filed(other, "head_height")
			s.ok(s.contests().Decide(t.Context(), decided.ID, upheld, deciding))
			begun, err := begin(p.ID)
			if err != nil || !begun {
				t.Fatalf("%s: %t, %v", name, begun, err)
			}
			for _, c := range []contest.Contest{open, decided} {
				if got := s.found(c.ID); got.Photo.ID != "" || !got.Photo.ExpiresAt.IsZero() || got.MayOpen || got.Message != c.Message {
					t.Errorf("%s: the contest is %+v", name, got)
				}
			}
			s.equal(s.found(kept.ID).Photo.ID, other.ID)
			s.named(p.ID, 0)
		}
	})
}

// named counts the contests in which the photo's ID stands, in whatever column.
func (s store) named(id photo.ID, want int) {
	s.t.Helper()
	var n int
	s.ok(s.db.QueryRowContext(s.t.Context(), `
		SELECT COUNT(*) FROM contests WHERE photo_id = $1 OR id = $1 OR records LIKE '%' || $1 || '%' OR message LIKE '%' || $1 || '%'`,
		string(id)).Scan(&n))
	s.equal(n, want)
}

func TestAContestFiledDuringAnErasureDoesNotNameThePhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for range 20 {
			p := s.ready(noon)
			c := s.contestOf(p, "head_height")
			done := make(chan error, 2)
			go func() { done <- s.contests().File(t.Context(), c) }()
			go func() { _, err := s.BeginErasure(t.Context(), p.ID); done <- err }()
			for range 2 {
				if err := <-done; err != nil && !errors.Is(err, photo.ErrChanged) {
					t.Fatal(err)
				}
			}
			s.named(p.ID, 0)
		}
	})
}

func TestALinkEndsWithThePhotosRowWhoeverRemovesIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		c := s.filed(p, "head_height")
		// As a process of an earlier version does, which knows no contests.
		_, err := s.db.ExecContext(t.Context(), `UPDATE photos SET status = 'erasing' WHERE id = $1`, string(p.ID))
		s.ok(err)
		s.ok(s.Remove(t.Context(), p.ID, noon))
		if got := s.found(c.ID); got.Photo.ID != "" || got.MayOpen {
			t.Errorf("the contest is %+v", got)
		}
		s.named(p.ID, 0)
	})
}

func TestTheAuditTrailIsReadAsItWasWritten(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		trail := sqlstore.NewAudit(s.db)
		first := audit.Event{At: noon, Actor: "desk-a", Action: audit.OpenPhoto, Subject: "one", Outcome: audit.Refused}
		second := audit.Event{At: noon.Add(time.Second), Actor: "desk-b", Action: audit.OpenPhoto, Subject: "one", Outcome: audit.Allowed}
		other := audit.Event{At: noon, Actor: "desk-a", Action: audit.OpenPhoto, Subject: "two", Outcome: audit.Allowed}
		for _, e := range []audit.Event{second, other, first} {
			s.ok(trail.Append(t.Context(), e))
		}
		events, err := trail.About(t.Context(), "one")
		s.ok(err)
		s.equal(events, []audit.Event{first, second})
	})
}
