package scheduler_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func TestASupportNoteThatNobodyThinksOfIsClosed(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlstore.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "photos.db"))
	must(err)
	t.Cleanup(func() { _ = db.Close() })
	must(db.Migrate(t.Context()))
	notes, written := sqlstore.NewSupportNotes(db), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	n, e, err := complaint.NewNote(complaint.Subject{Reference: "abcdefghijklmnopqrstuvwxyz"}, "Asked about the crop.", complaint.By{Actor: "desk-a", Now: written})
	must(err)
	must(notes.Write(t.Context(), n, e))
	job := scheduler.CloseNotes(notes)
	must(job.Run(t.Context(), written.AddDate(0, 0, complaint.OpenDays-1)))
	if got, err := notes.Find(t.Context(), n.ID); err != nil || !got.Open() {
		t.Errorf("it was closed too early, %v", err)
	}
	end := written.AddDate(0, 0, complaint.OpenDays)
	for range 2 {
		must(job.Run(t.Context(), end))
	}
	if got, err := notes.Find(t.Context(), n.ID); err != nil || !got.ClosedAt.Equal(end) {
		t.Errorf("closed at %s, %v", got.ClosedAt, err)
	}
}
