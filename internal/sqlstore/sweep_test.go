package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func (s store) stranded(now time.Time, limit int, want ...photo.Claim) {
	s.t.Helper()
	got, err := s.Stranded(s.t.Context(), now, limit)
	s.ok(err)
	s.equal(got, want)
}

func TestAQueuedPhotoWithoutATaskIsStranded(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		s.stranded(noon.Add(5*time.Second-time.Millisecond), 10)
		s.stranded(noon.Add(5*time.Second), 10, task)

		s.ok(s.Enqueued(t.Context(), task, noon.Add(5*time.Second)))
		s.stranded(noon.Add(65*time.Second-time.Millisecond), 10)
		s.stranded(noon.Add(65*time.Second), 10, task)
		s.stranded(noon.Add(life), 10) // expired
	})
}

func TestATaskNotedForAnEarlierAttemptCountsForNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		s.ok(s.Enqueued(t.Context(), task, noon))
		held := s.claim(task, noon)
		s.ok(s.Enqueued(t.Context(), task, noon)) // comes late
		s.ok(s.Release(t.Context(), held, noon))
		s.stranded(noon.Add(5*time.Second), 10, held)
	})
}

func TestAPhotoWhoseHolderIsGoneIsStranded(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		s.ok(s.Enqueued(t.Context(), task, noon))
		held := s.claim(task, noon)
		s.stranded(noon.Add(photo.Lease-time.Millisecond), 10)
		s.stranded(noon.Add(photo.Lease), 10, held)
		s.claim(held, noon.Add(photo.Lease)) // what was listed can be claimed
	})
}

func TestAPhotoWithoutAttemptsLeftIsNotStranded(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		c, now := s.queued(noon), noon
		for range photo.MaxAttempts {
			c = s.claim(c, now)
			now = now.Add(photo.Lease)
		}
		s.stranded(now, 10)
	})
}

func TestThoseWaitingLongestAreSweptFirst(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		third := s.queued(noon.Add(2 * time.Second))
		first := s.queued(noon)
		second := s.queued(noon.Add(time.Second))
		s.stranded(noon.Add(time.Minute), 2, first, second)
		s.stranded(noon.Add(time.Minute), 3, first, second, third)
	})
}

func TestFigures(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		_, waits, err := s.OldestQueued(t.Context())
		s.ok(err)
		s.equal(waits, false)
		_, found, err := s.OldestEdit(t.Context())
		s.ok(err)
		s.equal(found, false)

		gone := s.queued(noon.Add(-time.Hour))
		_, err = s.BeginErasure(t.Context(), gone.ID)
		s.ok(err)
		s.claimed(noon)
		s.queued(noon.Add(2 * time.Minute))
		s.queued(noon.Add(time.Minute))

		since, waits, err := s.OldestQueued(t.Context())
		s.ok(err)
		s.equal([]any{since, waits}, []any{noon.Add(time.Minute), true})
		edit, found, err := s.OldestEdit(t.Context())
		s.ok(err)
		s.equal([]any{edit, found}, []any{noon, true})
		counts, err := s.Counts(t.Context())
		s.ok(err)
		s.equal(counts, map[photo.Status]int{photo.Erasing: 1, photo.Processing: 1, photo.Queued: 2})
	})
}

func TestASweptPhotoStaysInItsLaneAndTheFastLaneIsSweptFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		bulk := photo.Claim{ID: s.reserved(noon), Revision: 1, Lane: photo.Bulk}
		r := received(noon)
		r.Lane = photo.Bulk
		s.ok(s.Queue(t.Context(), bulk.ID, r))
		fast := s.queued(noon.Add(time.Second))
		s.stranded(noon.Add(time.Minute), 10, fast, bulk)
		s.stranded(noon.Add(time.Minute), 1, fast)

		held := s.claim(bulk, noon)
		s.stranded(noon.Add(photo.Lease+6*time.Second), 10, fast, held)
		edited, err := s.Revise(t.Context(), s.get(bulk.ID), revised("de-passport", 1))
		s.ok(err)
		s.equal(edited.Claim(), photo.Claim{ID: bulk.ID, Revision: 2}) // somebody waits for it
	})
}
