package sqlstore_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// revised is an edit made an hour after noon.
func revised(document string, brightness int) photo.Revised {
	now := noon.Add(time.Hour)
	return photo.Revised{
		Order: photo.Order{Document: document, AgeBand: photo.Adult, Settings: edit.Settings{Brightness: brightness}},
		Now:   now, ExpiresAt: now.Add(life),
	}
}

func TestAnEditHasThePhotoMadeAnewAndKeepsItForItsTimeAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.claim(s.queued(noon), noon)
		s.ok(s.Finish(t.Context(), c, photo.Outcome{Status: photo.Ready, Now: noon, Analysis: true}))
		before := s.get(c.ID)
		s.equal(before.Analysis, photo.Turn{Revision: 1, Attempt: 1})

		got, err := s.Revise(t.Context(), before, revised("gb-passport", 10))
		s.ok(err)
		s.equal(got, s.get(c.ID))
		s.equal(got.Status, photo.Queued)
		s.equal(got.Claim(), photo.Claim{ID: c.ID, Revision: 2})
		s.equal(got.Order(), revised("gb-passport", 10).Order)
		s.equal(got.ExpiresAt.Equal(noon.Add(time.Hour+life)), true)
		s.equal(got.Stale, photo.Turn{Revision: 1, Attempt: 1})
		s.equal(got.Analysis, before.Analysis)
		s.equal(len(got.Revisions()), 2)
		s.equal(got.Revisions()[0].Order, before.Order())

		c = s.claim(got.Claim(), noon.Add(time.Hour))
		s.ok(s.Finish(t.Context(), c, photo.Outcome{Status: photo.Ready, Now: noon}))
		got = s.get(c.ID)
		s.equal(got.Stale, photo.Turn{})
		s.equal(got.Analysis, before.Analysis)
		s.equal(got.ResultAttempt, 1)
	})
}

func TestATurnUnderWayIsLostToAnEdit(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c := s.claim(s.queued(noon), noon)
		_, err := s.Revise(t.Context(), s.get(c.ID), revised("gb-passport", 0))
		s.ok(err)
		s.want(s.Renew(t.Context(), c, noon), photo.ErrClaimLost)
		s.want(s.Finish(t.Context(), c, photo.Outcome{Status: photo.Ready, Now: noon}), photo.ErrClaimLost)
		s.claim(photo.Claim{ID: c.ID, Revision: 2}, noon)
	})
}

func TestAPhotoThatHasMovedOnIsNotEdited(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for name, change := range map[string]func(c photo.Claim) photo.Revised{
			"edited meanwhile": func(c photo.Claim) photo.Revised {
				_, err := s.Revise(t.Context(), s.get(c.ID), revised("gb-passport", 1))
				s.ok(err)
				return revised("us-passport", 2)
			},
			"being erased": func(c photo.Claim) photo.Revised {
				_, err := s.BeginErasure(t.Context(), c.ID)
				s.ok(err)
				return revised("us-passport", 2)
			},
			"expired": func(photo.Claim) photo.Revised {
				r := revised("us-passport", 2)
				r.Now = noon.Add(life)
				return r
			},
			"failed": func(c photo.Claim) photo.Revised {
				s.ok(s.Finish(t.Context(), s.claim(c, noon), photo.Outcome{Status: photo.Failed, Reason: photo.Broken, Now: noon}))
				return revised("us-passport", 2)
			},
		} {
			t.Run(name, func(t *testing.T) {
				c := s.queued(noon)
				from := s.get(c.ID)
				_, err := s.Revise(t.Context(), from, change(c))
				s.want(err, photo.ErrChanged)
			})
		}
	})
}

func TestOfManyEditsOfOneRevisionOneIsMade(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		from := s.get(s.queued(noon).ID)
		var made atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if _, err := s.Revise(t.Context(), from, revised("gb-passport", i)); err == nil {
					made.Add(1)
				}
			})
		}
		all.Wait()
		s.equal(made.Load(), int32(1))
	})
}
