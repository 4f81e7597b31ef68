// Package archivist answers requests for access and portability: it puts together what
// is held of a person, keeps it sealed, and hands it out as a ZIP.
//
// A request's archive is built once, however many try at the same time: the first to
// keep its own wins, and what the others made is thrown away. Whoever is killed before
// that has left nothing, and whoever is killed after it a request that is still open;
// the sweep finds both and goes on there.
//
// What goes in depends on what was proved. A photo's key opens the photo and what
// belongs to it, and no address. An address that was proved opens what is filed under
// it, and no photo.
package archivist

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Requests has the requests; subjectrequest.ErrNotFound for one that is not there.
type Requests interface {
	Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error)
}

// Found has the archives; subjectrequest.ErrNotFound for one that is not there.
type Found interface {
	Find(ctx context.Context, id subjectrequest.ID) (archive.Sealed, error)
}

// Archives keeps them. Keep reports false, and keeps nothing, when the request has an
// archive or is not open any more.
type Archives interface {
	Found
	Keep(ctx context.Context, id subjectrequest.ID, s archive.Sealed) (bool, error)
}

// Sealer hides a document from whoever reads the database.
type Sealer interface {
	SealDocument(ctx context.Context, about string, plain []byte) (key, sealed []byte, err error)
}

// Desk is told of a request whose archive is ready, so that it is fulfilled and the
// person told. It may be told twice of one. subjectrequest.ErrChanged and ErrOver say
// that somebody else has acted on it, which is no failure.
type Desk interface {
	ArchiveBuilt(ctx context.Context, id subjectrequest.ID) error
}

// Meter counts archives by what became of the try.
type Meter interface {
	Built(k subjectrequest.Kind, r Result)
}

// Result is what became of a try at an archive.
type Result string

// The results.
const (
	Made       Result = "made"
	Failed     Result = "failed"
	Unanswered Result = "unanswered" // it is there, but the request could not be fulfilled
)

// Results lists them.
func Results() []Result { return []Result{Made, Failed, Unanswered} }

// Options are what an Archivist works with; all but Desk are needed.
type Options struct {
	Requests Requests
	Archives Archives
	Holdings Holdings
	Sealer   Sealer
	Desk     Desk // nil leaves it to an officer to fulfil the request
	Meter    Meter
	Log      *slog.Logger
	Now      func() time.Time
}

// Archivist builds archives.
type Archivist struct{ Options }

// New returns an archivist.
func New(o Options) *Archivist { return &Archivist{o} }

// Build builds a request's archive unless it has one, and tells the desk. It
// does nothing for a request that is not to be answered with an archive now.
func (a *Archivist) Build(ctx context.Context, id subjectrequest.ID) error {
	r, err := a.Requests.Find(ctx, id)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("build archive: %w", err)
	}
	if !archive.Wanted(r) {
		return nil
	}
	if err := a.make(ctx, r); err != nil {
		a.Meter.Built(r.Kind, Failed)
		return fmt.Errorf("build archive: %w", err)
	}
	if err := a.report(ctx, r); err != nil {
		a.Meter.Built(r.Kind, Unanswered)
		return fmt.Errorf("an archive is ready, but its request could not be fulfilled: %w", err)
	}
	return nil
}

// make keeps an archive of the request unless it has one.
func (a *Archivist) make(ctx context.Context, r subjectrequest.Request) error {
	if _, err := a.Archives.Find(ctx, r.ID); !errors.Is(err, subjectrequest.ErrNotFound) {
		return err
	}
	document, since, err := a.Holdings.document(ctx, r, a.Now())
	if err != nil {
		return err
	}
	key, sealed, err := a.Sealer.SealDocument(ctx, About(string(r.ID)), document)
	if err != nil {
		return err
	}
	kept, err := a.Archives.Keep(ctx, r.ID, archive.Sealed{Key: key, Document: sealed, Since: since})
	if err == nil && kept {
		a.Meter.Built(r.Kind, Made)
		a.Log.Info("an archive was made", "bytes", len(document))
	}
	return err
}

// report looks at the request again: what is over needs no answer.
func (a *Archivist) report(ctx context.Context, r subjectrequest.Request) error {
	if a.Desk == nil {
		return nil
	}
	r, err := a.Requests.Find(ctx, r.ID)
	if err != nil {
		return err
	}
	if !archive.Wanted(r) {
		return nil
	}
	err = a.Desk.ArchiveBuilt(ctx, r.ID)
	if errors.Is(err, subjectrequest.ErrChanged) || errors.Is(err, subjectrequest.ErrOver) {
		return nil
	}
	return err
}

// About binds what is sealed of an archive to its request.
func About(request string) string { return "archive " + request }
