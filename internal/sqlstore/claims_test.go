package sqlstore_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func TestAClaimHoldsThePhotoForALease(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		p, err := s.Claim(t.Context(), task, noon)
		s.ok(err)
		s.equal(p, s.get(task.ID))
		s.equal(p.Status, photo.Processing)
		s.equal(p.Attempt, 1)
		s.equal(p.LeaseUntil, noon.Add(photo.Lease))
	})
}

func TestOnlyTheCurrentClaimOfAWaitingPhotoIsGranted(t *testing.T) {
	changes := map[string]func(s store, c *photo.Claim, now *time.Time){
		"an older attempt": func(_ store, c *photo.Claim, _ *time.Time) { c.Attempt-- },
		"a later attempt":  func(_ store, c *photo.Claim, _ *time.Time) { c.Attempt++ },
		"another revision": func(_ store, c *photo.Claim, _ *time.Time) { c.Revision++ },
		"another photo":    func(_ store, c *photo.Claim, _ *time.Time) { c.ID = photo.NewID() },
		"an expired photo": func(_ store, _ *photo.Claim, now *time.Time) { *now = noon.Add(life) },
		"a held photo":     func(s store, c *photo.Claim, now *time.Time) { *c = s.claim(*c, *now) },
		"a photo being erased": func(s store, c *photo.Claim, _ *time.Time) {
			_, err := s.BeginErasure(s.t.Context(), c.ID)
			s.ok(err)
		},
		"an unfinished upload": func(s store, c *photo.Claim, _ *time.Time) {
			*c = photo.Claim{ID: s.reserved(noon)}
		},
		"a finished photo": func(s store, c *photo.Claim, _ *time.Time) {
			*c = s.claim(*c, noon)
			s.ok(s.Finish(s.t.Context(), *c, photo.Outcome{Status: photo.Ready, Now: noon}))
		},
	}
	onBoth(t, func(t *testing.T, s store) {
		for name, change := range changes {
			c, now := s.queued(noon), noon.Add(time.Second)
			change(s, &c, &now)
			if _, err := s.Claim(t.Context(), c, now); !errors.Is(err, photo.ErrClaimLost) {
				t.Errorf("%s was claimed: %v", name, err)
			}
		}
	})
}

func TestOfManyWorkersOneGetsThePhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		var won, lost atomic.Int32
		var workers sync.WaitGroup
		for range 8 {
			own := sqlstore.NewPhotos(open(t, s.url)) // as a process of its own
			workers.Go(func() {
				switch _, err := own.Claim(t.Context(), task, noon); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, photo.ErrClaimLost):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		workers.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%d won, %d lost", won.Load(), lost.Load())
		}
	})
}

func TestALapsedClaimIsTakenOverAndItsHolderChangesNothingMore(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		frozen := s.claimed(noon)
		lapsed := noon.Add(photo.Lease)
		_, err := s.Claim(t.Context(), frozen, lapsed.Add(-time.Millisecond))
		s.want(err, photo.ErrClaimLost)
		current := s.claim(frozen, lapsed)
		before := s.get(current.ID)

		s.want(s.Renew(t.Context(), frozen, lapsed), photo.ErrClaimLost)
		s.want(s.Finish(t.Context(), frozen, photo.Outcome{Status: photo.Ready, Now: lapsed}), photo.ErrClaimLost)
		s.want(s.Release(t.Context(), frozen, lapsed), photo.ErrClaimLost)
		_, err = s.Strike(t.Context(), frozen, lapsed)
		s.want(err, photo.ErrClaimLost)
		s.equal(s.get(current.ID), before)
	})
}

func TestARenewedClaimDoesNotLapse(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		s.ok(s.Renew(t.Context(), held, noon.Add(photo.RenewEvery)))
		_, err := s.Claim(t.Context(), held, noon.Add(photo.Lease))
		s.want(err, photo.ErrClaimLost)
		s.claim(held, noon.Add(photo.RenewEvery+photo.Lease))
	})
}

func TestFinishingRecordsTheOutcome(t *testing.T) {
	tests := map[string]struct {
		outcome photo.Outcome
		result  int
	}{
		"ready":    {photo.Outcome{Status: photo.Ready}, 2},
		"rejected": {photo.Outcome{Status: photo.Rejected, Reason: photo.NoFace}, 0},
		"failed":   {photo.Outcome{Status: photo.Failed, Reason: photo.Broken}, 0},
	}
	onBoth(t, func(t *testing.T, s store) {
		for name, test := range tests {
			held := s.claimed(noon)
			s.ok(s.Release(t.Context(), held, noon))
			held = s.claim(held, noon)
			s.ok(s.Finish(t.Context(), held, test.outcome))
			p := s.get(held.ID)
			if p.Status != test.outcome.Status || p.Reason != test.outcome.Reason || p.ResultAttempt != test.result || !p.LeaseUntil.IsZero() {
				t.Errorf("%s: %+v", name, p)
			}
			s.want(s.Finish(t.Context(), held, test.outcome), photo.ErrClaimLost)
		}
		if err := s.Finish(t.Context(), s.claimed(noon), photo.Outcome{Status: photo.Queued}); err == nil {
			t.Error("queued passed for an outcome")
		}
	})
}

func TestAReleasedPhotoWaitsAgainWithoutAStrike(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		s.ok(s.Release(t.Context(), held, noon))
		p := s.get(held.ID)
		s.equal([]any{p.Status, p.Attempt, p.Strikes, p.LeaseUntil.IsZero()}, []any{photo.Queued, 1, 0, true})
		s.claim(held, noon)
	})
}

func TestThePictureThatKillsTwoProcessesHasFailed(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		status, err := s.Strike(t.Context(), held, noon)
		s.ok(err)
		s.equal(status, photo.Queued)
		s.equal(s.get(held.ID).Reason, photo.Reason(""))

		status, err = s.Strike(t.Context(), s.claim(held, noon), noon)
		s.ok(err)
		s.equal(status, photo.Failed)
		p := s.get(held.ID)
		s.equal([]any{p.Status, p.Reason, p.Strikes}, []any{photo.Failed, photo.KillsChild, photo.MaxStrikes})
	})
}

func TestAfterFiveAttemptsThePhotoIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c, now := s.queued(noon), noon
		for range photo.MaxAttempts {
			c = s.claim(c, now)
			now = now.Add(photo.Lease)
		}
		waiting := s.queued(noon)
		_, err := s.Claim(t.Context(), c, now)
		s.want(err, photo.ErrClaimLost)

		n, err := s.GiveUp(t.Context(), now.Add(-time.Millisecond)) // the last holder may still finish
		s.ok(err)
		s.equal(n, 0)
		n, err = s.GiveUp(t.Context(), now)
		s.ok(err)
		s.equal(n, 1)
		p := s.get(c.ID)
		s.equal([]any{p.Status, p.Reason}, []any{photo.Failed, photo.Broken})
		s.status(waiting.ID, photo.Queued)
	})
}

func TestAPhotoReleasedAtItsLastAttemptIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.queued(noon)
		for range photo.MaxAttempts {
			c = s.claim(c, noon)
			s.ok(s.Release(t.Context(), c, noon))
		}
		n, err := s.GiveUp(t.Context(), noon)
		s.ok(err)
		s.equal(n, 1)
		s.status(c.ID, photo.Failed)
	})
}
