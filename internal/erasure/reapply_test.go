package erasure_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// loseRecords makes the database of records what a backup from before everything
// is: empty.
func (r *rig) loseRecords() {
	r.Helper()
	db, err := sqlstore.Open(r.Context(), r.cfg.DatabaseURL)
	r.ok(err)
	defer db.Close()
	for _, table := range []string{"photos", "erasures", "erasure_counts", "erasure_receipts", "signing_keys"} {
		_, err := db.ExecContext(r.Context(), "DELETE FROM "+table)
		r.ok(err)
	}
}

// record has the record of a photo, as a backup brings it back.
func (r *rig) record(id photo.ID) {
	r.Helper()
	r.ok(r.store.Photos.Reserve(r.Context(), photo.Reservation{ID: id, Now: noon}))
	r.ok(r.store.Photos.Queue(r.Context(), id, photo.Received{Document: "us-passport", Now: noon, ExpiresAt: noon.Add(life)}))
}

func TestARestoredDatabaseForgetsAgain(t *testing.T) {
	r := newRig(t)
	kept, erased, broken, keyless := r.upload(), r.upload(), r.upload(), r.upload()
	receipt, err := r.Erase(t.Context(), erased)
	r.ok(err)
	sound := r.Options
	r.Steps = []erasure.Step{r.Steps[0], failedStep{errors.New("the disk is full")}}
	begun, err := r.Erase(t.Context(), broken)
	r.ok(err)
	r.Options = sound
	r.ok(r.store.Keys.Erase(t.Context(), keyless))
	r.loseRecords()
	for _, id := range []photo.ID{kept, erased, broken, keyless} {
		r.record(id)
	}

	later := noon.Add(24 * time.Hour)
	r.Now = func() time.Time { return later }
	for _, want := range []erasure.Reapplied{{Kept: 1, Erased: 3, Receipts: 3}, {Kept: 1, Receipts: 3}} {
		done, err := r.store.Reapplier(r.Eraser).Reapply(t.Context())
		r.ok(err)
		if diff := cmp.Diff(want, done); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := r.store.Photos.Get(t.Context(), kept); err != nil {
		t.Errorf("the photo that was not erased: %v", err)
	}
	for what, id := range map[string]photo.ID{"erased": erased, "broken off": broken, "without a key": keyless} {
		if _, err := r.store.Photos.Get(t.Context(), id); !errors.Is(err, photo.ErrNotFound) {
			t.Errorf("%s: the record is there: %v", what, err)
		}
		if n, err := r.store.Vault.Count(t.Context(), id); err != nil || len(n) > 0 {
			t.Errorf("%s: blobs are left: %v, %v", what, n, err)
		}
	}
	if diff := cmp.Diff(receipt, r.finished(receipt.ID)); diff != "" {
		t.Errorf("a finished receipt comes back changed: %s", diff)
	}
	if again := r.finished(begun.ID); again.Reason != photo.ErasedOnRequest || !again.FinishedAt.Equal(later) || !again.CreatedAt.Equal(noon) {
		t.Errorf("the receipt of the erasure that had broken off is %+v", again)
	}
	all := r.receipts()
	reasons := map[photo.ErasureReason]int{}
	for _, one := range all {
		reasons[one.Reason]++
	}
	if diff := cmp.Diff(map[photo.ErasureReason]int{photo.ErasedOnRequest: 2, photo.ErasedAfterRestore: 1}, reasons); diff != "" {
		t.Error(diff)
	}
}

// The backup may be older than the photo.
func TestAReceiptComesBackAlsoWithoutItsPhotosRecord(t *testing.T) {
	r := newRig(t)
	receipt, err := r.Erase(t.Context(), r.upload())
	r.ok(err)
	r.loseRecords()
	_, err = r.store.Reapplier(r.Eraser).Reapply(t.Context())
	r.ok(err)
	if diff := cmp.Diff(receipt, r.finished(receipt.ID)); diff != "" {
		t.Error(diff)
	}
}
