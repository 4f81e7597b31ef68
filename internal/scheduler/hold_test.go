package scheduler

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// shelves remember what was moved.
type shelves struct {
	moves []string
	full  map[photo.ID]bool // photos whose moves fail
}

func (s *shelves) move(way string, id photo.ID) error {
	if s.full[id] {
		return errors.New("the bucket is full")
	}
	s.moves = append(s.moves, way+" "+string(id))
	return nil
}

func (s *shelves) Hold(_ context.Context, id photo.ID) error    { return s.move("hold", id) }
func (s *shelves) Release(_ context.Context, id photo.ID) error { return s.move("release", id) }

func (s *shelves) moved(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(s.moves)
	slices.Sort(want)
	if d := cmp.Diff(want, s.moves); d != "" {
		t.Error(d)
	}
	s.moves = nil
}

func TestHeldBlobsComeBackAfterTheLiftingAlsoWhenAMoveFails(t *testing.T) {
	db, s := newRecords(t), &shelves{full: map[photo.ID]bool{}}
	p, desk := sqlstore.NewPhotos(db), sqlstore.NewRestrictions(db)
	id, other := queued(t, p, midnight.Add(48*time.Hour)), queued(t, p, midnight.Add(48*time.Hour))
	restricted := photo.Restriction{Ground: photo.Objects, Since: midnight}
	for _, one := range []photo.ID{id, other} {
		restricted.ID = photo.NewRestrictionID()
		_, err := p.Restrict(t.Context(), one, restricted)
		ok(t, err)
	}
	run := func(fails bool) {
		t.Helper()
		if err := Hold(p, s).Run(t.Context(), midnight); (err != nil) != fails {
			t.Errorf("fails %v: %v", fails, err)
		}
	}
	s.full[id] = true
	run(true)
	s.moved(t, "hold "+string(other))
	clear(s.full)
	run(false) // and again: it may have broken off
	s.moved(t, "hold "+string(id), "hold "+string(other))

	e := audit.Event{At: midnight, Subject: string(restricted.ID)} // other's
	ok(t, desk.Tell(t.Context(), restricted.ID, "It is settled.", e))
	ok(t, desk.Lift(t.Context(), restricted.ID, e))
	run(false)
	s.moved(t, "hold "+string(id), "hold "+string(other), "release "+string(other))
	run(false)
	s.moved(t, "hold "+string(id))
}

func TestBlobsOfAPhotoEditedForDaysAreMadeYoungOnceAWeek(t *testing.T) {
	p, s := newPhotos(t), &shelves{}
	id := queued(t, p, midnight.Add(100*24*time.Hour)) // as edits would have it
	var renewed []int
	for day := range 30 {
		now := midnight.Add(time.Duration(day) * 24 * time.Hour)
		ok(t, Hold(p, s).Run(t.Context(), now))
		if len(s.moves) > 0 {
			s.moved(t, "hold "+string(id), "release "+string(id))
			renewed = append(renewed, day)
		}
	}
	last := -1
	for _, day := range append(renewed, 30) {
		if age := time.Duration(day-last) * 24 * time.Hour; age >= retention.BucketRule {
			t.Errorf("a blob was %s old on day %d", age, day)
		}
		last = day
	}
	if d := cmp.Diff([]int{8, 16, 24}, renewed); d != "" {
		t.Error(d)
	}
}
