package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func TestWhatAJobDidLastIsKnownWhicheverProcessRanIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l := sqlstore.NewLedger(s.db)
		note := func(after time.Duration, succeeded bool) {
			t.Helper()
			s.ok(l.NoteRun(t.Context(), "expire", time.Minute, noon.Add(after), succeeded))
		}
		expect := func(ran, succeeded time.Duration, failures int) {
			t.Helper()
			runs, err := l.Runs(t.Context())
			s.ok(err)
			want := proof.Run{Job: "expire", Every: time.Minute, KnownAt: noon, RanAt: noon.Add(ran), Failures: failures}
			if succeeded >= 0 {
				want.SucceededAt = noon.Add(succeeded)
			}
			s.equal(runs, []proof.Run{want})
		}
		note(0, false)
		expect(0, -1, 1)
		note(time.Minute, true)
		expect(time.Minute, time.Minute, 0)
		note(3*time.Minute, false)
		note(2*time.Minute, false) // of another process, which was slower to tell
		expect(3*time.Minute, time.Minute, 2)
	})
}

func TestWhatIsKeptIsSummedUpByWholeDays(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l, midnight := sqlstore.NewLedger(s.db), noon.Truncate(24*time.Hour)
		s.ok(l.NoteLook(t.Context(), "original", midnight.Add(-time.Millisecond), 71*time.Hour))
		s.ok(l.NoteLook(t.Context(), "original", midnight, 40*time.Hour))
		s.ok(l.NoteLook(t.Context(), "original", noon, 30*time.Hour))
		s.ok(l.NoteDeleted(t.Context(), "original", noon, 3))
		s.ok(l.NoteDeleted(t.Context(), "original", noon.AddDate(0, 0, 1), 4))
		s.ok(l.NoteDeleted(t.Context(), "access_log", noon.AddDate(0, 0, 2), 100))
		sums, err := l.Sums(t.Context(), midnight, midnight.AddDate(0, 0, 2))
		s.ok(err)
		s.equal(sums, map[string]proof.Sum{"original": {Deleted: 7, Looks: 2, Oldest: 40 * time.Hour}})
	})
}

func TestAWeekHasOneStatementAndItsKeyIsPublished(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l, week := sqlstore.NewLedger(s.db), proof.WeekOf(noon)
		_, err := l.Statement(t.Context(), week)
		s.want(err, photo.ErrNotFound)
		first := proof.Statement{Week: week, MadeAt: noon, Proof: signer.Sign("all is well")}
		s.ok(l.KeepStatement(t.Context(), first))
		s.ok(l.KeepStatement(t.Context(), proof.Statement{Week: week, MadeAt: noon, Proof: signer.Sign("or not")}))
		s.ok(l.KeepStatement(t.Context(), proof.Statement{Week: week.AddDate(0, 0, 7), MadeAt: noon, Proof: signer.Sign("next")}))
		got, err := l.Statement(t.Context(), week)
		s.ok(err)
		s.equal(got, first)
		s.equal(got.Proof.Verified(), true)
		latest, err := l.Latest(t.Context(), 1)
		s.ok(err)
		if len(latest) != 1 || latest[0].Proof.Text != "next" {
			t.Errorf("the latest is %+v", latest)
		}
		stated, err := l.Stated(t.Context(), week.AddDate(0, 0, -7))
		s.ok(err)
		s.equal(stated, false)
		keys, err := sqlstore.NewSigningKeys(s.db).Keys(t.Context())
		s.ok(err)
		s.equal(len(keys), 1)
	})
}

func TestErasuresAreCountedByTheReceiptsThatWereFinished(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts := sqlstore.NewReceipts(s.db)
		for range 2 {
			x, err := receipts.BeginReceipt(t.Context(), s.erasing(), fresh)
			s.ok(err)
			s.ok(receipts.Note(t.Context(), x.Receipt.ID, photo.Traces{photo.ResultTrace: 2}))
		}
		pending, since, err := receipts.Pending(t.Context())
		s.ok(err)
		if pending != 2 || !since.Equal(noon) {
			t.Errorf("%d are pending, since %v", pending, since)
		}
		all, err := receipts.Erased(t.Context(), noon, noon.Add(time.Hour))
		s.ok(err)
		s.equal(all, proof.Erased{Photos: map[photo.ErasureReason]int{}, Traces: photo.Traces{}})
		_, err = s.db.Exec(`UPDATE erasure_receipts SET finished_at = $1, reason = $2`, noon.UnixMilli(), photo.ErasedOnRequest)
		s.ok(err)
		all, err = receipts.Erased(t.Context(), noon, noon.Add(time.Hour))
		s.ok(err)
		s.equal(all, proof.Erased{
			Photos: map[photo.ErasureReason]int{photo.ErasedOnRequest: 2},
			Traces: photo.Traces{photo.RecordTrace: 2, photo.ResultTrace: 4},
		})
		pending, _, err = receipts.Pending(t.Context())
		s.ok(err)
		s.equal(pending, 0)
	})
}

func TestARegistersOldestIsTheFirstThatHasItsAnchor(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		contests := sqlstore.NewContests(s.db)
		s.fill("contests", time.Time{})
		_, some, err := contests.Oldest(t.Context())
		s.ok(err)
		s.equal(some, false)
		s.fill("contests", noon.Add(time.Hour))
		s.fill("contests", noon)
		at, some, err := contests.Oldest(t.Context())
		s.ok(err)
		if !some || !at.Equal(noon) {
			t.Errorf("%v, %t", at, some)
		}
	})
}
