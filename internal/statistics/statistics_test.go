package statistics_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// notes are what the store was given, and what the meter was told.
type notes struct {
	entries    []statistics.Entry
	err        error
	ok, failed int
}

func (n *notes) Note(_ context.Context, e statistics.Entry) error {
	n.entries = append(n.entries, e)
	return n.err
}

func (n *notes) StatisticsNoted(err error) {
	if err != nil {
		n.failed++
	} else {
		n.ok++
	}
}

var halfPast = time.Date(2026, 3, 1, 12, 34, 56, 789e6, time.UTC)

func newRecorder(t *testing.T) (*statistics.Recorder, *notes) {
	t.Helper()
	catalogue, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	n := &notes{}
	return statistics.NewRecorder(statistics.Options{
		Store: n, Catalogue: catalogue, Meter: n, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return halfPast.Add(time.Hour) },
	}), n
}

func aPhoto(document string) photo.Photo {
	return photo.Photo{
		ID: photo.NewID(), Reference: "r", Document: document, Revision: 3, AgeBand: photo.Under1,
		Original:  photo.Original{Format: photo.JPEG, Bytes: 1_234_567, Width: 4000, Height: 3000},
		CreatedAt: halfPast, LastEditedAt: halfPast.Add(time.Hour),
	}
}

func TestARowIsCoarseAndDoesNotKnowThePhoto(t *testing.T) {
	r, n := newRecorder(t)
	r.Settled(t.Context(), aPhoto("us-passport"), statistics.Outcome{Status: photo.Rejected, Reason: photo.NoFace})
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	want := []statistics.Entry{{
		Reference: "r", Country: "US", Document: "us-passport", Outcome: "rejected", Reason: "no_face", Edits: 2,
		Format: photo.JPEG, Kilobytes: 1235, Width: 4000, Height: 3000,
		UploadedAt: noon, LastEditedAt: noon.Add(time.Hour), SettledAt: noon.Add(time.Hour),
	}}
	if diff := cmp.Diff(want, n.entries); diff != "" {
		t.Error(diff)
	}
}

func TestASizeOfOnesOwnIsNotNamed(t *testing.T) {
	r, n := newRecorder(t)
	r.Received(t.Context(), aPhoto("custom:41x51,head=30-36"))
	if e := n.entries[0]; e.Document != "custom" || e.Country != "" {
		t.Errorf("noted %+v", e)
	}
}

func TestAPhotoThatTheSweepGaveUpHasFailed(t *testing.T) {
	r, n := newRecorder(t)
	p := aPhoto("us-passport")
	p.Status, p.Reason = photo.Erasing, photo.Broken
	r.Erased(t.Context(), p)
	if e := n.entries[0]; e.Outcome != "failed" || e.Reason != "processing_failed" || e.ErasedAt.IsZero() {
		t.Errorf("noted %+v", e)
	}
}

func TestWhoHasNoReferenceIsNotNoted(t *testing.T) {
	r, n := newRecorder(t)
	p := aPhoto("us-passport")
	p.Reference = ""
	r.Received(t.Context(), p)
	r.Settled(t.Context(), p, statistics.Outcome{})
	r.Erased(t.Context(), p)
	if len(n.entries) != 0 || n.ok+n.failed != 0 {
		t.Errorf("noted %+v", n.entries)
	}
}

func TestNothingIsNotedOfARestrictedPhoto(t *testing.T) {
	r, n := newRecorder(t)
	p := aPhoto("us-passport")
	p.Restriction = photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Objects, Since: halfPast}
	r.Received(t.Context(), p)
	r.Settled(t.Context(), p, statistics.Outcome{Status: photo.Ready})
	r.Erased(t.Context(), p)
	if len(n.entries) != 0 || n.ok+n.failed != 0 {
		t.Errorf("noted %+v", n.entries)
	}
	p.Restriction = photo.Restriction{} // lifted
	r.Received(t.Context(), p)
	if len(n.entries) != 1 {
		t.Errorf("noted %d times after the lifting", len(n.entries))
	}
}

func TestANoteThatFailsIsCountedAndNoMore(t *testing.T) {
	r, n := newRecorder(t)
	n.err = errors.New("no database")
	r.Received(t.Context(), aPhoto("us-passport"))
	n.err = nil
	r.Received(t.Context(), aPhoto("us-passport"))
	if n.failed != 1 || n.ok != 1 {
		t.Errorf("%d failed, %d noted", n.failed, n.ok)
	}
}

func TestSmallFiguresAreNotSaid(t *testing.T) {
	for photos, want := range map[int]string{1: "<10", 9: "<10", 10: "10", 1234: "1234"} {
		if got := (statistics.Day{Photos: photos}).Count(); got != want {
			t.Errorf("%d is said as %s", photos, got)
		}
	}
}
