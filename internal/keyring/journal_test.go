package keyring_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func pendingReceipt() photo.Receipt { return photo.NewReceipt(photo.ErasedOnRequest, noon) }

func TestTheJournalKnowsAPhotoByItsIDAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		j, id, receipt := keyring.NewJournal(r.db), photo.NewID(), pendingReceipt()
		must(t, j.Note(t.Context(), id, receipt))
		got, err := keyring.NewJournal(r.db).Find(t.Context(), id)
		must(t, err)
		if diff := cmp.Diff(receipt, got); diff != "" {
			t.Error(diff)
		}
		if got, err := j.Find(t.Context(), photo.NewID()); err == nil {
			t.Errorf("another photo has the receipt %+v", got)
		}
	})
}

func TestAFinishedReceiptIsNotReplaced(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		j, id, pending := keyring.NewJournal(r.db), photo.NewID(), pendingReceipt()
		finished, later := pending, pending
		finished.FinishedAt, later.FinishedAt = noon.Add(time.Second), noon.Add(time.Hour)
		for _, receipt := range []photo.Receipt{pending, finished, pending, later} {
			must(t, j.Note(t.Context(), id, receipt))
		}
		all, err := j.Noted(t.Context())
		must(t, err)
		if diff := cmp.Diff([]photo.Receipt{finished}, all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheJournalForgetsOnlyWhatIsFinishedAndOld(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		j := keyring.NewJournal(r.db)
		old, young, pending := pendingReceipt(), pendingReceipt(), pendingReceipt()
		old.FinishedAt, young.FinishedAt = noon, noon.Add(time.Second)
		for _, receipt := range []photo.Receipt{old, young, pending} {
			must(t, j.Note(t.Context(), photo.NewID(), receipt))
		}
		n, err := j.Purge(t.Context(), noon.Add(time.Second-time.Millisecond), 10)
		must(t, err)
		left, err := j.Noted(t.Context())
		must(t, err)
		if n != 1 || len(left) != 2 {
			t.Errorf("%d forgotten, left %+v", n, left)
		}
	})
}

func TestTheJournalHoldsNoPhotosID(t *testing.T) {
	dir := t.TempDir()
	r, id := newRing(t, "sqlite:"+filepath.Join(dir, "keys.db")), photo.NewID()
	must(t, keyring.NewJournal(r.db).Note(t.Context(), id, pendingReceipt()))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, f := range files {
		content, err := os.ReadFile(f)
		must(t, err)
		if bytes.Contains(content, []byte(id)) {
			t.Errorf("%s holds the photo's ID", f)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
