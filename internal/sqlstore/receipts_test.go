package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// erasing has a photo whose erasure has begun.
func (s store) erasing() photo.ID {
	s.t.Helper()
	id := s.queued(noon).ID
	_, err := s.BeginErasure(s.t.Context(), id)
	s.ok(err)
	return id
}

func TestAReceiptIsFinishedOnceThePhotoIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts, id := sqlstore.NewReceipts(s.db), s.erasing()
		given, err := receipts.BeginReceipt(t.Context(), id, photo.NewReceipt(photo.ErasedOnRequest, noon))
		s.ok(err)

		n, err := receipts.FinishReceipts(t.Context(), noon.Add(time.Second))
		s.ok(err)
		s.equal(n, 0)
		found, err := receipts.FindReceipt(t.Context(), given.ID)
		s.ok(err)
		s.equal(found, photo.Receipt{ID: given.ID, Reason: photo.ErasedOnRequest, CreatedAt: noon})

		s.ok(s.Remove(t.Context(), id))
		n, err = receipts.FinishReceipts(t.Context(), noon.Add(time.Minute))
		s.ok(err)
		s.equal(n, 1)
		found, err = receipts.FindReceipt(t.Context(), given.ID)
		s.ok(err)
		s.equal(found.FinishedAt, noon.Add(time.Minute))

		var traces int
		s.ok(s.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM erasure_receipts WHERE photo_id IS NOT NULL`).Scan(&traces))
		s.equal(traces, 0)
	})
}

func TestAnErasureHasOneReceipt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts, id := sqlstore.NewReceipts(s.db), s.erasing()
		first, err := receipts.BeginReceipt(t.Context(), id, photo.NewReceipt(photo.ErasedOnRequest, noon))
		s.ok(err)
		second, err := receipts.BeginReceipt(t.Context(), id, photo.NewReceipt(photo.ErasedByExpiry, noon))
		s.ok(err)
		s.equal(second, first)
	})
}

func TestNoReceiptWithoutAnErasure(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		receipts := sqlstore.NewReceipts(s.db)
		for _, id := range []photo.ID{photo.NewID(), s.queued(noon).ID} {
			_, err := receipts.BeginReceipt(t.Context(), id, photo.NewReceipt(photo.ErasedOnRequest, noon))
			s.want(err, photo.ErrNotFound)
		}
		_, err := receipts.FindReceipt(t.Context(), "nosuchreceipt")
		s.want(err, photo.ErrNotFound)
	})
}
