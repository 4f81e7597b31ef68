package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

var signer = attest.NewSigner([32]byte{1})

func fresh(why photo.ErasureReason) (photo.Receipt, error) {
	return photo.NewReceipt(why, noon).Signed(signer)
}

// erasing has a photo whose erasure has begun.
func (s store) erasing() photo.ID {
	s.t.Helper()
	id := s.queued(noon).ID
	_, err := s.BeginErasure(s.t.Context(), id)
	s.ok(err)
	return id
}

// finishAt finishes a receipt as it is to be finished at a time.
func finishAt(now time.Time) func(photo.Receipt) (photo.Receipt, error) {
	return func(r photo.Receipt) (photo.Receipt, error) {
		r.FinishedAt = now
		return r.Signed(signer)
	}
}

func TestAReceiptIsFinishedOnceThePhotoIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts, id := sqlstore.NewReceipts(s.db), s.erasing()
		x, err := receipts.BeginReceipt(t.Context(), id, fresh)
		s.ok(err)
		s.equal(x.Revision, 1)
		begun, err := receipts.FindReceipt(t.Context(), x.Receipt.ID)
		s.ok(err)
		s.equal(begun, x.Receipt)
		s.equal(begun.Proof.Verified(), true)
		s.equal(begun.State(), "pending")
		s.equal(begun.Erased, photo.Traces{photo.RecordTrace: 1})

		unfinished := func(want ...photo.ID) {
			t.Helper()
			all, err := receipts.Unfinished(t.Context(), "", 10)
			s.ok(err)
			var got []photo.ID
			for _, x := range all {
				got = append(got, x.Photo)
			}
			s.equal(got, want)
		}
		unfinished() // its record is there: the expiry finds it
		early, err := receipts.Finish(t.Context(), x, finishAt(noon.Add(time.Second)))
		s.ok(err)
		s.equal(early, begun)

		s.ok(s.Remove(t.Context(), id, noon))
		unfinished(id)
		done, err := receipts.Finish(t.Context(), x, finishAt(noon.Add(time.Minute)))
		s.ok(err)
		s.equal(done.FinishedAt, noon.Add(time.Minute))
		s.equal(done.Proof.Verified(), true)
		unfinished()
		again, err := receipts.Finish(t.Context(), x, finishAt(noon.Add(time.Hour)))
		s.ok(err)
		s.equal(again, done)

		var traces int
		s.ok(s.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM erasures`).Scan(&traces))
		s.equal(traces, 0)
	})
}

func TestAnErasureHasOneReceiptAndKeepsItsReason(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts, id := sqlstore.NewReceipts(s.db), s.erasing()
		// The process died before there was a receipt, and the sweep goes on.
		begun, err := s.BeginExpiry(t.Context(), id, noon)
		s.ok(err)
		s.equal(begun, true)
		first, err := receipts.BeginReceipt(t.Context(), id, fresh)
		s.ok(err)
		s.equal(first.Receipt.Reason, photo.ErasedOnRequest)
		second, err := receipts.BeginReceipt(t.Context(), id, fresh)
		s.ok(err)
		s.equal(second, first)

		old := s.queued(noon).ID
		_, err = s.BeginExpiry(t.Context(), old, noon.Add(life))
		s.ok(err)
		x, err := receipts.BeginReceipt(t.Context(), old, fresh)
		s.ok(err)
		s.equal(x.Receipt.Reason, photo.ErasedByExpiry)
	})
}

func TestAReceiptKeepsTheMostThatWasEverFound(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts := sqlstore.NewReceipts(s.db)
		x, err := receipts.BeginReceipt(t.Context(), s.erasing(), fresh)
		s.ok(err)
		for _, found := range []photo.Traces{{photo.ResultTrace: 3}, {photo.ResultTrace: 1, photo.KeyTrace: 1}, {photo.ReportTrace: 0}} {
			s.ok(receipts.Note(t.Context(), x.Receipt.ID, found))
		}
		got, err := receipts.FindReceipt(t.Context(), x.Receipt.ID)
		s.ok(err)
		s.equal(got.Erased, photo.Traces{photo.ResultTrace: 3, photo.KeyTrace: 1, photo.RecordTrace: 1})
	})
}

func TestNoReceiptWithoutAnErasure(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts := sqlstore.NewReceipts(s.db)
		for _, id := range []photo.ID{photo.NewID(), s.queued(noon).ID} {
			_, err := receipts.BeginReceipt(t.Context(), id, fresh)
			s.want(err, photo.ErrNotFound)
		}
		_, err := receipts.FindReceipt(t.Context(), "nosuchreceipt")
		s.want(err, photo.ErrNotFound)
	})
}

func TestALostReceiptComesBackAsItWasAndWithItsKey(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts, keys := sqlstore.NewReceipts(s.db), sqlstore.NewSigningKeys(s.db)
		lost, err := fresh(photo.ErasedOnRequest)
		s.ok(err)
		lost.Erased = photo.Traces{photo.KeyTrace: 1}
		lost, err = finishAt(noon.Add(time.Second))(lost)
		s.ok(err)
		for range 2 {
			s.ok(receipts.Restore(t.Context(), lost))
		}
		got, err := receipts.FindReceipt(t.Context(), lost.ID)
		s.ok(err)
		s.equal(got, lost)
		published, err := keys.Keys(t.Context())
		s.ok(err)
		s.equal(published, []attest.PublicKey{signer.Public()})
	})
}

func TestFinishedReceiptsArePurgedAfterTheirTimeAndNoOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts := sqlstore.NewReceipts(s.db)
		pending, err := receipts.BeginReceipt(t.Context(), s.erasing(), fresh)
		s.ok(err)
		var ids []string
		for _, at := range []time.Time{noon, noon.Add(time.Second)} {
			r, err := fresh(photo.ErasedByExpiry)
			s.ok(err)
			r.Erased = photo.Traces{photo.KeyTrace: 1}
			r, err = finishAt(at)(r)
			s.ok(err)
			s.ok(receipts.Restore(t.Context(), r))
			ids = append(ids, r.ID)
		}
		n, err := receipts.Purge(t.Context(), noon, 100)
		s.ok(err)
		s.equal(n, 1)
		_, err = receipts.FindReceipt(t.Context(), ids[0])
		s.want(err, photo.ErrNotFound)
		for _, id := range []string{ids[1], pending.Receipt.ID} {
			_, err = receipts.FindReceipt(t.Context(), id)
			s.ok(err)
		}
		var counts int
		s.ok(s.db.QueryRowContext(t.Context(), `SELECT COUNT(DISTINCT receipt) FROM erasure_counts`).Scan(&counts))
		s.equal(counts, 2)
	})
}
