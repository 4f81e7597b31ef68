package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// What is simulated: so many days of so many photos, some of them edited until they are
// a few days old.
const (
	simulatedDays = 40
	photosADay    = 1000
	photosAMinute = photosADay / (24 * 60.0)
	editedShare   = 0.2
)

// service is a month of a service in which a good deal goes wrong, minute by minute.
type service struct {
	*testing.T
	*times
	photos *sqlstore.Photos
	random *rand.Rand
	life   retention.PictureLife
	job    Job

	edited  map[photo.ID]time.Time // when each was edited last
	resists map[photo.ID]time.Time // until when its blobs can't be deleted
	kill    int                    // photos after which the scheduler is killed, -1 for never
	downTo  time.Time              // the scheduler is down until then
	lastUp  time.Time              // it began to run then, after having been down
	ages    []age
}

// age is how old a photo was when it was gone, after its last edit.
type age struct {
	time.Duration
	healthy bool // nothing was wrong when its time came
}

// Expire is an eraser's: it marks the record and removes it, unless it is killed or
// the blobs resist in between.
func (s *service) Expire(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	if s.kill == 0 {
		return false, context.Canceled
	}
	s.kill--
	begun, err := s.photos.BeginExpiry(ctx, id, now)
	if err != nil || !begun {
		return begun, err
	}
	if s.now.Before(s.resists[id]) {
		return false, errors.New("the store is read-only")
	}
	due := s.edited[id].Add(retention.PictureFloor)
	_, resisted := s.resists[id]
	s.ages = append(s.ages, age{s.now.Sub(s.edited[id]), !resisted && s.lastUp.Before(due)})
	delete(s.edited, id)
	return true, s.photos.Remove(ctx, id, s.now)
}

func (s *service) Settle(context.Context) error { return nil }

// minute is what happens in one.
func (s *service) minute() {
	if s.random.Float64() < photosAMinute {
		s.upload()
	}
	if len(s.edited) > 0 && s.random.Float64() < editedShare*photosAMinute {
		s.edit()
	}
	switch {
	case s.now.Before(s.downTo):
		s.lastUp = s.now.Add(time.Minute)
		return
	case s.random.IntN(3000) == 0:
		s.downTo = s.now.Add(time.Duration(s.random.IntN(20*60)) * time.Minute)
	}
	s.kill = -1
	if s.random.IntN(50) == 0 {
		s.kill = s.random.IntN(3)
	}
	_ = s.job.Run(s.Context(), s.now) // a failed run is part of what goes wrong
}

func (s *service) upload() {
	id := photo.NewID()
	ok(s.T, s.photos.Reserve(s.Context(), photo.Reservation{ID: id, Now: s.now}))
	ok(s.T, s.photos.Queue(s.Context(), id, photo.Received{Document: "us-passport", Now: s.now, ExpiresAt: s.life.ExpiresAt(s.now)}))
	s.edited[id] = s.now
	if s.random.IntN(500) == 0 {
		s.resists[id] = s.now.Add(retention.PictureFloor + time.Duration(s.random.IntN(12*60))*time.Minute)
	}
}

// edit takes any photo: a map's order is as good as chance.
func (s *service) edit() {
	for id := range s.edited {
		p, err := s.photos.Get(s.Context(), id)
		ok(s.T, err)
		if p.Expired(s.now) || s.resists[id].After(s.now) {
			return
		}
		order := p.Order()
		order.Settings.Brightness++
		_, err = s.photos.Revise(s.Context(), p, photo.Revised{Order: order, Now: s.now, ExpiresAt: s.life.ExpiresAt(s.now)})
		ok(s.T, err)
		s.edited[id] = s.now
		return
	}
}

// histogram tells how many photos were gone in which hour after their last edit.
func (s *service) histogram() string {
	hours := map[int]int{}
	last := 0
	for _, a := range s.ages {
		hours[int(a.Hours())]++
		last = max(last, int(a.Hours()))
	}
	var b strings.Builder
	for h := int(retention.PictureFloor.Hours()); h <= last; h++ {
		fmt.Fprintf(&b, "\n%d to %d h: %6d", h, h+1, hours[h])
	}
	return b.String()
}

func TestInFortyDaysOfTroubleNothingGoesEarlyAndEverythingInTime(t *testing.T) {
	life, err := retention.NewPictureLife(retention.PictureFloor, false)
	ok(t, err)
	s := &service{
		T: t, times: newTimes(), photos: newPhotos(t), random: rand.New(rand.NewPCG(40, 1000)), life: life,
		edited: map[photo.ID]time.Time{}, resists: map[photo.ID]time.Time{}, kill: -1,
	}
	s.lastUp = s.now
	s.job = Expire(Expiry{Due: s.photos, Expirer: s, Clock: s.clock(), Grace: life.Grace(), Log: slog.New(slog.DiscardHandler)})
	for range simulatedDays * 24 * 60 {
		s.minute()
		s.pass(time.Minute)
	}
	late := 0
	for _, a := range s.ages {
		if a.Duration < retention.PictureFloor || a.Duration >= retention.PictureCeiling {
			t.Errorf("a photo was gone after %s", a.Duration)
		}
		if a.healthy && a.Duration > 49*time.Hour {
			t.Errorf("nothing was wrong, and a photo was gone after %s", a.Duration)
		}
		if !a.healthy {
			late++
		}
	}
	t.Logf("%d photos gone, %d of them when something was wrong:%s", len(s.ages), late, s.histogram())
	if len(s.ages) < (simulatedDays-5)*photosADay {
		t.Errorf("only %d photos are gone", len(s.ages))
	}
}
