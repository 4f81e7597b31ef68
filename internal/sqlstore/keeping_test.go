package sqlstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestBlobsOfRestrictedPhotosAreHeldUntilTheyAreBroughtBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.queued(noon)
		id := s.queued(noon).ID
		r := s.restrict(id, noon)
		held := func(want ...photo.ID) {
			t.Helper()
			photos, err := s.Held(t.Context(), "", 10)
			s.ok(err)
			var got []photo.ID
			for _, p := range photos {
				got = append(got, p.ID)
			}
			s.equal(got, want)
		}
		held(id)
		s.ok(s.Released(t.Context(), id)) // too early: it is restricted
		held(id)
		s.lift(r.ID, noon)
		held(id)
		s.ok(s.Released(t.Context(), id))
		held()
	})
}

func TestPhotosEditedForDaysAreRenewedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		old, young := s.queued(noon).ID, noon.Add(time.Hour)
		s.restrict(s.queued(noon).ID, noon)
		s.queued(young)
		renew := func(than time.Time, want int) {
			t.Helper()
			n, err := s.RenewOlder(t.Context(), than, noon.Add(2*time.Hour))
			s.ok(err)
			s.equal(n, want)
		}
		renew(noon, 0)
		renew(young, 1)
		renew(young, 0)
		s.ok(s.Released(t.Context(), old))
		renew(young, 0)
		renew(noon.Add(3*time.Hour), 2) // the other one too, which is as old by then
	})
}

func TestAbsentAreThoseWithoutARecord(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		ids := []photo.ID{photo.NewID(), s.reserved(noon), photo.NewID(), s.queued(noon).ID}
		absent, err := s.Absent(t.Context(), ids)
		s.ok(err)
		s.equal(absent, []photo.ID{ids[0], ids[2]})
		absent, err = s.Absent(t.Context(), nil)
		s.ok(err)
		s.equal(len(absent), 0)
	})
}

func TestAPhotoThatMovedOnIsNotLost(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		waiting, ready := s.queued(noon).ID, s.claimed(noon)
		s.ok(s.Finish(t.Context(), ready, photo.Outcome{Status: photo.Ready, Now: noon}))
		s.claimed(noon) // somebody works on this one
		seen, err := s.Resting(t.Context(), "", 10)
		s.ok(err)
		want := []photo.ID{waiting, ready.ID}
		slices.Sort(want)
		s.equal([]photo.ID{seen[0].ID, seen[1].ID}, want)
		s.equal(len(seen), 2)
		rest, err := s.Resting(t.Context(), want[0], 10)
		s.ok(err)
		s.equal(rest, seen[1:])

		s.claim(photo.Claim{ID: waiting, Revision: 1}, noon)
		for _, p := range seen {
			lost, err := s.Lose(t.Context(), p)
			s.ok(err)
			s.equal(lost, p.ID == ready.ID)
		}
		s.status(waiting, photo.Processing)
		s.equal(s.get(ready.ID).Reason, photo.Lost)
	})
}
