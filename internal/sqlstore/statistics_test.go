package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// referred has a photo with a reference, queued since now.
func (s store) referred(now time.Time) (photo.ID, statistics.Entry) {
	s.t.Helper()
	id, ref, r := s.reserved(now), statistics.NewReference(), received(now)
	r.Reference = ref
	s.ok(s.Queue(s.t.Context(), id, r))
	return id, statistics.Entry{
		Reference: ref, Country: "US", Document: "us-passport", Format: photo.JPEG, Kilobytes: 1235, Width: 4000, Height: 3000,
		UploadedAt: now, LastEditedAt: now,
	}
}

func TestAPhotosRowGrowsWithWhatHappensToIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		table := sqlstore.NewStatistics(s.db)
		id, e := s.referred(noon)
		s.equal(s.get(id).Reference, e.Reference)
		found := func(want statistics.Entry) {
			t.Helper()
			got, err := table.Find(t.Context(), e.Reference)
			s.ok(err)
			s.equal(got, want)
		}
		s.ok(table.Note(t.Context(), e))
		found(e)

		settled := e
		settled.Outcome, settled.Verdict, settled.SettledAt = "ready", "submit_with_care", noon.Add(time.Hour)
		s.ok(table.Note(t.Context(), settled))
		found(settled)

		edited := e // knows nothing of an outcome
		edited.Edits, edited.Document, edited.Country, edited.LastEditedAt = 2, "gb-passport", "GB", noon.Add(2*time.Hour)
		s.ok(table.Note(t.Context(), edited))
		want := edited
		want.Outcome, want.Verdict, want.SettledAt = settled.Outcome, settled.Verdict, settled.SettledAt
		found(want)

		s.ok(table.Note(t.Context(), settled)) // comes late
		found(want)

		erased := edited
		erased.ErasedAt = noon.Add(48 * time.Hour)
		s.ok(table.Note(t.Context(), erased))
		want.ErasedAt = erased.ErasedAt
		found(want)

		_, err := s.BeginErasure(t.Context(), id)
		s.ok(err)
		s.ok(s.Remove(t.Context(), id, noon))
		found(want) // and nothing there names the photo
	})
}

func TestAForgottenRowDoesNotComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		table := sqlstore.NewStatistics(s.db)
		id, e := s.referred(noon)
		_, other := s.referred(noon)
		s.ok(table.Note(t.Context(), e))
		s.ok(table.Note(t.Context(), other))
		s.ok(table.Forget(t.Context(), e.Reference))
		s.ok(table.Forget(t.Context(), e.Reference))
		s.ok(table.Forget(t.Context(), ""))
		s.ok(table.Note(t.Context(), e)) // from a worker that has read the photo before
		_, err := table.Find(t.Context(), e.Reference)
		s.want(err, photo.ErrNotFound)
		s.equal(s.get(id).Reference, "")
		_, err = table.Find(t.Context(), other.Reference)
		s.ok(err)
	})
}

func TestEachPhotoIsCountedOnceBeforeItsRowIsPurged(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		const day, kept = 24 * time.Hour, 90 * 24 * time.Hour
		table := sqlstore.NewStatistics(s.db)
		note := func(e statistics.Entry) { s.ok(table.Note(t.Context(), e)) }
		for i := range 12 {
			_, e := s.referred(noon)
			e.Outcome, e.SettledAt, e.ErasedAt = "ready", noon, noon.Add(time.Hour)
			if i >= 10 {
				e.Outcome, e.Reason = "rejected", "no_face"
			}
			note(e)
		}
		living, e := s.referred(noon) // is edited again and again
		e.Outcome, e.SettledAt = "ready", noon
		note(e)
		days := func() []statistics.Day {
			got, err := table.Days(t.Context(), noon, noon)
			s.ok(err)
			return got
		}
		rejected := statistics.Day{Date: "2026-03-01", Country: "US", Document: "us-passport", Outcome: "rejected:no_face", Photos: 2}
		ready := statistics.Day{Date: "2026-03-01", Country: "US", Document: "us-passport", Outcome: "ready", Photos: 10}
		for now := noon; now.Before(noon.Add(92 * day)); now = now.Add(day) {
			// The roll-up runs again and again, and a row is purged only when counted.
			s.ok(table.RollUp(t.Context(), now.Add(-kept+day)))
			s.ok(table.RollUp(t.Context(), now.Add(-kept+day)))
			_, err := table.Purge(t.Context(), now.Add(-kept), 5)
			s.ok(err)
			if now.Equal(noon.Add(80 * day)) {
				s.equal(days(), []statistics.Day{ready, rejected})
			}
		}
		n, err := table.Purge(t.Context(), noon, 100)
		s.ok(err)
		s.equal(n, 13-2*5)
		ready.Photos = 11
		s.equal(days(), []statistics.Day{ready, rejected})
		s.equal(ready.Count()+" "+rejected.Count(), "11 <10")

		_, e = s.referred(noon)
		note(e) // is in no daily figure yet
		totals, err := table.Totals(t.Context(), noon.Add(-day), noon.Add(day))
		s.ok(err)
		s.equal(totals, []statistics.Total{{Date: "2026-03-01", Photos: 1}, {Date: "2026-03-01", Outcome: "ready", Photos: 11}, {Date: "2026-03-01", Outcome: "rejected", Photos: 2}})
		totals, err = table.Totals(t.Context(), noon.Add(day), noon.Add(2*day))
		s.ok(err)
		s.equal(len(totals), 0)
		s.ok(table.Forget(t.Context(), e.Reference))

		s.equal(s.get(living).Reference, "")
		note(e)
		_, any, err := table.Oldest(t.Context())
		s.ok(err)
		s.equal(any, false)
	})
}

func TestARowThatIsNotInTheFiguresIsNotPurged(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		table := sqlstore.NewStatistics(s.db)
		_, e := s.referred(noon)
		s.ok(table.Note(t.Context(), e))
		n, err := table.Purge(t.Context(), noon.AddDate(1, 0, 0), 10)
		s.ok(err)
		s.equal(n, 0)
	})
}
