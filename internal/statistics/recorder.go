package statistics

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Store keeps rows. Note adds to a row what the entry knows more; it makes the row
// only while a photo has the reference, so that a row that was taken back does not
// return.
type Store interface {
	Note(ctx context.Context, e Entry) error
}

// Catalogue knows the documents.
type Catalogue interface {
	Find(id string) (docspec.Spec, error)
}

// Meter counts what was noted, and what could not be.
type Meter interface {
	StatisticsNoted(err error)
}

// Options are what a Recorder works with; all are needed.
type Options struct {
	Store     Store
	Catalogue Catalogue
	Meter     Meter
	Log       *slog.Logger
	Now       func() time.Time
}

// Recorder notes what happens to photos. It does its best and never fails: a photo
// must not suffer for its statistics. Of a photo that is stopped it notes nothing.
type Recorder struct{ Options }

// NewRecorder returns a recorder.
func NewRecorder(o Options) *Recorder { return &Recorder{o} }

// noteLimit is how long a photo's business may be held up.
const noteLimit = time.Second

// Received notes a photo that was uploaded or edited.
func (r *Recorder) Received(ctx context.Context, p photo.Photo) { r.note(ctx, p, r.entry(p)) }

// Settled notes what a turn with a photo came to.
func (r *Recorder) Settled(ctx context.Context, p photo.Photo, o Outcome) {
	e := r.entry(p)
	e.Outcome, e.Reason, e.Verdict, e.SettledAt = string(o.Status), string(o.Reason), o.Verdict, hour(r.Now())
	r.note(ctx, p, e)
}

// Erased notes that a photo is being erased.
func (r *Recorder) Erased(ctx context.Context, p photo.Photo) {
	e := r.entry(p)
	e.ErasedAt = hour(r.Now())
	if p.Reason == photo.Broken { // the sweep gave it up, and tells nobody
		e.Outcome, e.Reason, e.SettledAt = string(photo.Failed), string(p.Reason), e.ErasedAt
	}
	r.note(ctx, p, e)
}

func (r *Recorder) entry(p photo.Photo) Entry {
	e := Entry{
		Reference: p.Reference, Document: p.Document, Edits: max(p.Revision-1, 0),
		Format: p.Original.Format, Kilobytes: (p.Original.Bytes + 999) / 1000, Width: p.Original.Width, Height: p.Original.Height,
		UploadedAt: hour(p.CreatedAt), LastEditedAt: hour(p.LastEditedAt),
	}
	spec, err := r.Catalogue.Find(p.Document)
	if err != nil || spec.Country == "" {
		e.Document = "custom" // its numbers are the person's own
	}
	e.Country = spec.Country
	return e
}

func (r *Recorder) note(ctx context.Context, p photo.Photo, e Entry) {
	if p.Reference == "" {
		return // the person does not want it, or the upload never ended
	}
	if p.Stopped() != nil {
		return // nothing is done with it but keeping and erasing
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	err := r.Store.Note(ctx, e)
	r.Meter.StatisticsNoted(err)
	if err != nil {
		r.Log.Warn("a photo's statistics were not noted", "error", err)
	}
}

// Count says the figure, or that it is too small to be said.
func (d Day) Count() string {
	if d.Photos < Crowd {
		return "<" + strconv.Itoa(Crowd)
	}
	return strconv.Itoa(d.Photos)
}
