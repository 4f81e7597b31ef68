package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

func TestWhatIsOverIsDue(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		unfinished := s.reserved(noon)
		ready := s.claimed(noon)
		s.ok(s.Finish(t.Context(), ready, photo.Outcome{Status: photo.Ready, Now: noon}))
		erasing := s.queued(noon.Add(time.Second))
		_, err := s.BeginErasure(t.Context(), erasing.ID)
		s.ok(err)

		due := func(now time.Time, want ...photo.ID) {
			t.Helper()
			got, err := s.Due(t.Context(), now, 10)
			s.ok(err)
			s.equal(got, want)
		}
		due(noon, erasing.ID)
		due(noon.Add(retention.ReceivingLimit), unfinished, erasing.ID)
		due(noon.Add(life-time.Millisecond), unfinished, erasing.ID)
		due(noon.Add(life), unfinished, ready.ID, erasing.ID)
		one, err := s.Due(t.Context(), noon.Add(life), 1)
		s.ok(err)
		s.equal(one, []photo.ID{unfinished})
	})
}

func TestErasureOnDemandTakesAPhotoInAnyState(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		ids := []photo.ID{s.reserved(noon), s.queued(noon).ID, held.ID}
		for _, id := range ids {
			for range 2 { // again when it is resumed
				begun, err := s.BeginErasure(t.Context(), id)
				s.ok(err)
				s.equal(begun, true)
			}
			s.status(id, photo.Erasing)
		}
		s.want(s.Finish(t.Context(), held, photo.Outcome{Status: photo.Ready, Now: noon}), photo.ErrClaimLost)
		s.want(s.Queue(t.Context(), ids[0], received(noon)), photo.ErrNotFound)
		begun, err := s.BeginErasure(t.Context(), photo.NewID())
		s.ok(err)
		s.equal(begun, false)
	})
}

func TestExpiryLooksAgainWhetherThePhotoIsDue(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.queued(noon).ID
		begin := func(now time.Time, want bool) {
			t.Helper()
			begun, err := s.BeginExpiry(t.Context(), id, now)
			s.ok(err)
			s.equal(begun, want)
		}
		begin(noon.Add(life-time.Millisecond), false)
		s.status(id, photo.Queued)
		begin(noon.Add(life), true)
		s.status(id, photo.Erasing)
		begin(noon, true) // to be resumed, whatever the time
	})
}

func TestOnlyAPhotoBeingErasedIsRemoved(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.queued(noon).ID
		s.ok(s.Remove(t.Context(), id, noon))
		s.status(id, photo.Queued)
		_, err := s.BeginErasure(t.Context(), id)
		s.ok(err)
		for range 2 {
			s.ok(s.Remove(t.Context(), id, noon))
		}
		_, err = s.Get(t.Context(), id)
		s.want(err, photo.ErrNotFound)
	})
}
