package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// onBoth runs a test on new stores with each kind of database.
func onBoth(t *testing.T, test func(t *testing.T, s *storage.Storage)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, testapp.Install(t).Migrated(t)) })
	t.Run("postgres", func(t *testing.T) {
		in := testapp.Install(t)
		in.Env = append(in.Env, "DATABASE_URL="+testservers.Postgres(t), "KEYS_DATABASE_URL="+testservers.Postgres(t))
		test(t, in.Migrated(t))
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newYork is a calendar whose days begin four or five hours after UTC's.
func newYork(t *testing.T) subjectrequest.Calendar {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	ok(t, err)
	c, err := subjectrequest.NewCalendar(zone)
	ok(t, err)
	return c
}

// requested files a request at a time, about a photo if it has an ID.
func requested(t *testing.T, s *storage.Storage, f subjectrequest.Filing, now time.Time) subjectrequest.Request {
	t.Helper()
	c, _, err := subjectrequest.New(f, subjectrequest.By{Actor: "desk-a", Now: now, Calendar: newYork(t)})
	ok(t, err)
	r, err := s.Requests.File(t.Context(), c)
	ok(t, err)
	return r
}

func written(k subjectrequest.Kind) subjectrequest.Filing {
	return subjectrequest.Filing{Kind: k, Channel: subjectrequest.Letter, Email: "ada@example.org", Message: "Please."}
}

// readyPhoto is one that was made at a time.
func readyPhoto(t *testing.T, s *storage.Storage, now time.Time) photo.Photo {
	t.Helper()
	id := testapp.Upload(t, s, now, []byte("a portrait"))
	got, err := s.Photos.Get(t.Context(), id)
	ok(t, err)
	got, err = s.Photos.Claim(t.Context(), got.Claim(), now)
	ok(t, err)
	ok(t, s.Photos.Finish(t.Context(), got.Claim(), photo.Outcome{Status: photo.Ready, Now: now}))
	got, err = s.Photos.Get(t.Context(), id)
	ok(t, err)
	return got
}

func contested(t *testing.T, s *storage.Storage, p photo.Photo, now time.Time) contest.Contest {
	t.Helper()
	c, _, err := contest.New(contest.Filing{
		Photo: p, Checks: []string{"sharpness"}, Now: now,
		Report: []byte(`{"verdict": "take_another", "checks": [{"name": "sharpness", "outcome": "fail", "value": 1}]}`),
	})
	ok(t, err)
	ok(t, s.Contests.File(t.Context(), c))
	return c
}

func restricted(t *testing.T, s *storage.Storage, now time.Time) photo.Restriction {
	t.Helper()
	r := photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.NeedsForClaim, Since: now, ReviewBy: subjectrequest.RestrictionReviewDue(now)}
	_, err := s.Photos.Restrict(t.Context(), readyPhoto(t, s, now).ID, r)
	ok(t, err)
	return r
}

// brief is what a test compares of an item.
type brief struct {
	Matter letter.Matter
	ID     string
	Due    string
	Lives  bool
	Path   string
}

func briefs(items []docket.Item, now time.Time) (all []brief) {
	for _, i := range items {
		all = append(all, brief{i.Matter, i.ID, i.Due.UTC().Format("01-02 15:04"), i.Lives(now), i.Path})
	}
	return all
}

// paged goes through a list with pages of one.
func paged(t *testing.T, ask func(docket.Place) ([]docket.Item, error)) (all []docket.Item) {
	t.Helper()
	for place := (docket.Place{}); ; {
		page, err := ask(place)
		ok(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		place = page[0].Place()
	}
}

func TestAllThatWaitsForAnOfficerIsOneListByDay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *storage.Storage) {
		board, later := s.Docket(newYork(t)), noon.Add(49*time.Hour)
		objection := requested(t, s, written(subjectrequest.Objection), noon)
		access := requested(t, s, written(subjectrequest.Access), noon.Add(30*time.Hour))
		review := restricted(t, s, noon.Add(time.Hour))
		old := contested(t, s, readyPhoto(t, s, noon.Add(-time.Hour)), noon) // its photo is over by then
		lives := readyPhoto(t, s, noon.Add(20*time.Hour))
		fresh := contested(t, s, lives, noon.Add(20*time.Hour))
		erasure := requested(t, s, subjectrequest.Filing{Kind: subjectrequest.Erasure, Channel: subjectrequest.PhotoKey, Photo: lives}, noon.Add(21*time.Hour))
		decided := contested(t, s, readyPhoto(t, s, noon), noon)
		ok(t, s.Contests.Withdraw(t.Context(), decided.ID, noon))

		known, err := breach.New(breach.Account{Happened: "A list was sent to a stranger.", Aware: noon.AddDate(0, 0, 27).Add(-time.Hour)}, noon.AddDate(0, 0, 27))
		ok(t, err)
		ok(t, s.Breaches.Enter(t.Context(), known, audit.Event{At: noon, Actor: "desk-a", Action: audit.EnterBreach, Outcome: audit.Allowed}))

		all := []brief{
			{letter.Breach, string(known.ID), "04-01 11:00", false, "/ops/breaches/" + string(known.ID)},
			{letter.Contest, string(old.ID), "04-01 12:00", false, "/ops/contests/" + string(old.ID)},
			{letter.RestrictionReview, string(review.ID), "04-01 13:00", false, "/ops/restrictions/" + string(review.ID)},
			{letter.Objection, string(objection.ID), "04-02 04:00", false, "/ops/desk/requests/" + string(objection.ID)},
			{letter.Contest, string(fresh.ID), "04-02 08:00", true, "/ops/contests/" + string(fresh.ID)},
			{letter.Access, string(access.ID), "04-03 04:00", false, "/ops/desk/requests/" + string(access.ID)},
			{letter.Erasure, string(erasure.ID), "04-03 04:00", true, "/ops/desk/requests/" + string(erasure.ID)},
		}
		if access.ID > erasure.ID {
			all[5], all[6] = all[6], all[5]
		}
		due := func(end time.Time) []docket.Item {
			return paged(t, func(p docket.Place) ([]docket.Item, error) { return board.DueBy(t.Context(), end, p, 1) })
		}
		if diff := cmp.Diff(all, briefs(due(noon.AddDate(0, 2, 0)), later)); diff != "" {
			t.Error(diff)
		}
		for n, b := range all {
			end, err := time.Parse("2006-01-02 15:04", "2026-"+b.Due)
			ok(t, err)
			if at, before := len(due(end)), len(due(end.Add(-time.Millisecond))); n < 5 && (at != n+1 || before != n) {
				t.Errorf("%d are due by %s and %d before, not %d and %d", at, b.Due, before, n+1, n)
			}
		}

		tally, err := board.Count(t.Context(), docket.EndsAt(newYork(t), noon.AddDate(0, 0, 30).Add(30*time.Minute))) // 1 April
		ok(t, err)
		if diff := cmp.Diff(docket.Tally{
			letter.Breach: {1}, letter.Contest: {1, 1}, letter.RestrictionReview: {0, 1}, letter.Objection: {0, 1}, letter.Access: {0, 0, 1}, letter.Erasure: {0, 0, 1},
		}, tally); diff != "" {
			t.Error(diff)
		}

		living, err := board.Living(t.Context(), later, 9)
		ok(t, err)
		waiting := paged(t, func(p docket.Place) ([]docket.Item, error) { return board.Waiting(t.Context(), later, p, 1) })
		if len(living) != 2 || !living[0].Expires.Equal(lives.ExpiresAt) || !living[1].Expires.Equal(lives.ExpiresAt) {
			t.Errorf("of living photos there are %+v", briefs(living, later))
		}
		if diff := cmp.Diff(append(all[:4:4], brief{letter.Access, string(access.ID), "04-03 04:00", false, "/ops/desk/requests/" + string(access.ID)}), briefs(waiting, later)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatIsAboutARestrictedPhotoWaitsByItsDay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *storage.Storage) {
		p, board := readyPhoto(t, s, noon), s.Docket(newYork(t))
		contested(t, s, p, noon)
		requested(t, s, subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.PhotoKey, Photo: p}, noon)
		_, err := s.Photos.Restrict(t.Context(), p.ID, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.NeedsForClaim, Since: noon, ReviewBy: noon.AddDate(0, 0, 30)})
		ok(t, err)
		living, err := board.Living(t.Context(), noon, 9)
		ok(t, err)
		waiting, err := board.Waiting(t.Context(), noon, docket.Place{}, 9)
		ok(t, err)
		if len(living) != 0 || len(waiting) != 3 {
			t.Errorf("%d living, %d waiting", len(living), len(waiting))
		}
		for _, i := range waiting {
			if i.Lives(noon) {
				t.Errorf("a restricted photo hurries: %+v", i)
			}
		}
	})
}
