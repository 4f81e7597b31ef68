package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// restriction is one that a person asks for at a time.
func restriction(at time.Time) photo.Restriction {
	return photo.Restriction{
		ID: photo.NewRestrictionID(), Ground: photo.NeedsForClaim, Since: at, ReviewBy: at.Add(retention.RestrictionReview),
	}
}

func (s store) restrict(id photo.ID, at time.Time) photo.Restriction {
	s.t.Helper()
	r := restriction(at)
	p, err := s.Restrict(s.t.Context(), id, r)
	s.ok(err)
	s.equal(p.Restriction, r)
	return r
}

// lift is what an officer does, in both steps.
func (s store) lift(id photo.RestrictionID, at time.Time) {
	s.t.Helper()
	desk := sqlstore.NewRestrictions(s.db)
	s.ok(desk.Tell(s.t.Context(), id, "The claim is settled.", event(at, audit.TellOfLifting, id)))
	s.ok(desk.Lift(s.t.Context(), id, event(at, audit.LiftRestriction, id)))
}

func event(at time.Time, what audit.Action, id photo.RestrictionID) audit.Event {
	return audit.Event{At: at, Actor: "desk", Action: what, Subject: string(id), Outcome: audit.Allowed}
}

func (s store) due(now time.Time) []photo.ID {
	s.t.Helper()
	ids, err := s.Due(s.t.Context(), now, 10)
	s.ok(err)
	return ids
}

// sweep is what the expiry sweep tries with a photo.
func (s store) sweep(id photo.ID, now time.Time) bool {
	s.t.Helper()
	begun, err := s.BeginExpiry(s.t.Context(), id, now)
	s.ok(err)
	return begun
}

func TestARestrictedPhotoIsKeptForMonthsAndTouchedByNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		ctx, held := t.Context(), s.claimed(noon)
		r := s.restrict(held.ID, noon.Add(time.Hour))

		// The turn under way has lost the photo.
		s.want(s.Renew(ctx, held, noon.Add(time.Hour)), photo.ErrClaimLost)
		s.want(s.Finish(ctx, held, photo.Outcome{Status: photo.Ready, Now: noon}), photo.ErrClaimLost)
		s.want(s.Release(ctx, held, noon), photo.ErrClaimLost)
		_, err := s.Strike(ctx, held, noon)
		s.want(err, photo.ErrClaimLost)
		// There will be no other, and no edit.
		_, err = s.Claim(ctx, held, noon.Add(2*time.Hour))
		s.want(err, photo.ErrClaimLost)
		claims, err := s.Stranded(ctx, noon.Add(2*time.Hour), 10)
		s.ok(err)
		s.equal(claims, []photo.Claim(nil))
		_, err = s.Revise(ctx, s.get(held.ID), photo.Revised{Now: noon.Add(2 * time.Hour), ExpiresAt: noon.Add(4 * life)})
		s.want(err, photo.ErrChanged)
		// It is not in the figures.
		counts, err := s.Counts(ctx)
		s.ok(err)
		s.equal(counts, map[photo.Status]int{})
		_, any, err := s.OldestEdit(ctx)
		s.ok(err)
		s.equal(any, false)

		later := noon.Add(90 * 24 * time.Hour)
		s.equal(s.due(later), []photo.ID(nil))
		s.equal(s.sweep(held.ID, later), false)
		n, err := s.GiveUp(ctx, later)
		s.ok(err)
		s.equal(n, 0)
		s.equal(s.get(held.ID).Restriction, r)
		s.equal(s.get(held.ID).Expired(later), false)
	})
}

func TestAReadyPhotoThatIsRestrictedCannotBeContested(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.claimed(noon)
		s.ok(s.Finish(t.Context(), c, photo.Outcome{Status: photo.Ready, Now: noon}))
		s.restrict(c.ID, noon)
		n := contest.Contest{ID: contest.NewID(), State: contest.Received, CreatedAt: noon, Photo: contest.Photo{ID: c.ID, Revision: 1}}
		s.want(sqlstore.NewContests(s.db).File(t.Context(), n), photo.ErrChanged)
		s.status(c.ID, photo.Ready)
	})
}

func TestRestrictingTwiceKeepsTheFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.queued(noon).ID
		first := s.restrict(id, noon)
		p, err := s.Restrict(t.Context(), id, restriction(noon.Add(life+time.Hour)))
		s.ok(err)
		s.equal(p.Restriction, first)
	})
}

func TestWhatIsOverOrUnfinishedOrGoingCannotBeRestricted(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		over, receiving, erasing, both := s.queued(noon).ID, s.reserved(noon), s.queued(noon).ID, s.queued(noon).ID
		s.restrict(both, noon)
		for _, id := range []photo.ID{erasing, both} {
			_, err := s.BeginErasure(t.Context(), id)
			s.ok(err)
		}
		for _, tt := range []struct {
			id photo.ID
			at time.Time
		}{{over, noon.Add(life)}, {receiving, noon}, {erasing, noon}, {both, noon}, {photo.NewID(), noon}} {
			_, err := s.Restrict(t.Context(), tt.id, restriction(tt.at))
			s.want(err, photo.ErrNotFound)
		}
		s.equal(s.sweep(over, noon.Add(life)), true)
	})
}

func TestThePersonsOwnErasureGoesFurtherThanTheRestriction(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.queued(noon).ID
		r := s.restrict(id, noon)
		begun, err := s.BeginErasure(t.Context(), id)
		s.ok(err)
		s.equal(begun, true)
		s.equal(s.due(noon), []photo.ID{id}) // broken off here, the sweep goes on
		s.equal(s.sweep(id, noon), true)
		_, err = sqlstore.NewRestrictions(s.db).Find(t.Context(), r.ID)
		s.want(err, photo.ErrNotFound)
		s.ok(s.Remove(t.Context(), id, noon))
	})
}

func TestARestrictionIsLiftedOnlyAfterThePersonWasTold(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		ctx, id, desk := t.Context(), s.queued(noon).ID, sqlstore.NewRestrictions(s.db)
		r := s.restrict(id, noon)
		s.want(desk.Lift(ctx, r.ID, event(noon, audit.LiftRestriction, r.ID)), photo.ErrNotTold)
		s.ok(desk.Keep(ctx, r.ID, event(noon.Add(time.Hour), audit.KeepRestriction, r.ID)))
		s.ok(desk.Tell(ctx, r.ID, "The claim is settled.", event(noon.Add(2*time.Hour), audit.TellOfLifting, r.ID)))
		r.ReviewBy, r.ToldAt, r.Note = noon.Add(time.Hour+retention.RestrictionReview), noon.Add(2*time.Hour), "The claim is settled."
		found, err := desk.Find(ctx, r.ID)
		s.ok(err)
		s.equal(found, r)
		all, err := desk.InForce(ctx, 10)
		s.ok(err)
		s.equal(all, []photo.Restriction{r})
		by, overdue, err := desk.Counts(ctx, r.ReviewBy)
		s.ok(err)
		s.equal(by, map[photo.Ground]int{photo.NeedsForClaim: 1})
		s.equal(overdue, 1)

		s.ok(desk.Lift(ctx, r.ID, event(noon.Add(3*time.Hour), audit.LiftRestriction, r.ID)))
		s.want(desk.Lift(ctx, r.ID, event(noon.Add(3*time.Hour), audit.LiftRestriction, r.ID)), photo.ErrNotFound)
		s.equal(s.get(id).Restriction, photo.Restriction{})
		s.equal(s.get(id).ExpiresAt, noon.Add(life)) // had more than a day left
		events, err := sqlstore.NewAudit(s.db).About(ctx, string(r.ID))
		s.ok(err)
		s.equal(len(events), 3) // what was refused changed nothing
	})
}

func TestAPhotoLiftedPast72HoursHasAnotherDay(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		lifted := noon.Add(200 * time.Hour)
		s.lift(s.restrict(held.ID, noon.Add(time.Hour)).ID, lifted)

		// It goes on where it was: its picture is to be made.
		claims, err := s.Stranded(t.Context(), lifted, 10)
		s.ok(err)
		s.equal(claims, []photo.Claim{{ID: held.ID, Revision: 1, Attempt: 1}})
		s.ok(s.Finish(t.Context(), s.claim(held, lifted), photo.Outcome{Status: photo.Ready, Now: lifted}))
		// It is counted apart until it is edited.
		_, any, err := s.OldestEdit(t.Context())
		s.ok(err)
		s.equal(any, false)

		s.equal(s.sweep(held.ID, lifted.Add(retention.LiftedFloor-time.Millisecond)), false)
		s.equal(s.get(held.ID).Expired(lifted.Add(retention.LiftedFloor)), true)
		s.equal(s.sweep(held.ID, lifted.Add(retention.LiftedFloor)), true)
	})
}

// TestARestrictionAndTheSweepAtTheSameInstantNeverBothWin has them meet at the
// photo's last millisecond, as the clocks of two processes allow.
func TestARestrictionAndTheSweepAtTheSameInstantNeverBothWin(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		other := store{sqlstore.NewPhotos(open(t, s.url)), t, nil, s.url} // another process
		won := map[bool]int{}
		for i := range 200 {
			id := s.queued(noon).ID
			var restricted, swept bool
			var both sync.WaitGroup
			start := make(chan struct{})
			both.Go(func() {
				<-start
				_, err := s.Restrict(t.Context(), id, restriction(noon.Add(life-time.Millisecond)))
				restricted = err == nil
			})
			both.Go(func() {
				<-start
				begun, err := other.BeginExpiry(t.Context(), id, noon.Add(life))
				swept = err == nil && begun
			})
			close(start)
			both.Wait()
			if restricted == swept {
				t.Fatalf("run %d: restricted %v, swept %v", i, restricted, swept)
			}
			p := s.get(id)
			if p.Restricted() != restricted || (p.Status == photo.Erasing) != swept {
				t.Fatalf("run %d: the record says %s, restricted %v", i, p.Status, p.Restricted())
			}
			won[restricted]++
		}
		t.Logf("the restriction came first %d times, the sweep %d times", won[true], won[false])
	})
}

func TestARestrictionWhileAWorkerFinishesLeavesOneOfTwoStates(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for i := range 100 {
			held := s.claimed(noon)
			var finished error
			var both sync.WaitGroup
			both.Go(func() { finished = s.Finish(t.Context(), held, photo.Outcome{Status: photo.Ready, Now: noon}) })
			both.Go(func() { s.restrict(held.ID, noon) })
			both.Wait()
			p := s.get(held.ID)
			want := photo.Queued
			if finished == nil {
				want = photo.Ready
			}
			if !p.Restricted() || p.Status != want {
				t.Fatalf("run %d: %s, restricted %v, finish said %v", i, p.Status, p.Restricted(), finished)
			}
		}
	})
}

func TestAnExpiredPhotoIsNotFinished(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		over := s.claimed(noon)
		s.want(s.Renew(t.Context(), over, noon.Add(life)), photo.ErrClaimLost)
		s.want(s.Finish(t.Context(), over, photo.Outcome{Status: photo.Ready, Now: noon.Add(life)}), photo.ErrClaimLost)
		s.status(over.ID, photo.Processing)
		s.ok(s.Finish(t.Context(), over, photo.Outcome{Status: photo.Ready, Now: noon.Add(life - time.Millisecond)}))
	})
}
