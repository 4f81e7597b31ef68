package archivist

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Photos has the records; photo.ErrNotFound for one that is not there.
type Photos interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
}

// Reports reads a photo's report.
type Reports interface {
	Read(ctx context.Context, item vault.Item) ([]byte, error)
}

// Contests has a photo's contests.
type Contests interface {
	Of(ctx context.Context, id photo.ID) ([]contest.Contest, error)
}

// Log has the lines of the access log about a photo, oldest first.
type Log interface {
	Of(ctx context.Context, id photo.ID) ([]accesslog.Entry, error)
}

// Statistics has a photo's row by its reference; photo.ErrNotFound without one.
type Statistics interface {
	Find(ctx context.Context, reference string) (statistics.Entry, error)
}

// PhotoHoldings are all places where something is held of a photo but its pictures;
// all are needed.
type PhotoHoldings struct {
	Photos     Photos
	Reports    Reports
	Contests   Contests
	Log        Log
	Statistics Statistics
}

// of returns what a request opens of its photo; nil without one, or when it is gone.
func (h PhotoHoldings) of(ctx context.Context, r subjectrequest.Request, now time.Time) (*archive.Photo, error) {
	p, err := find(ctx, h.Photos, r, now)
	if errors.Is(err, photo.ErrNotFound) {
		return nil, nil //nolint:nilnil // a request without a photo is no failure
	}
	if err != nil {
		return nil, err
	}
	whole := r.Kind == subjectrequest.Access
	n := archive.NewPhoto(p)
	contests, err := h.Contests.Of(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range contests {
		n.Contests = append(n.Contests, archive.NewContest(c, whole))
	}
	if !whole {
		return n, nil
	}
	n.Complete(p)
	return n, errors.Join(h.checks(ctx, p, n), h.statistics(ctx, p, n), h.log(ctx, p, n))
}

// checks adds what was said of the photo, without what only its report may keep.
func (h PhotoHoldings) checks(ctx context.Context, p photo.Photo, into *archive.Photo) error {
	if p.Status != photo.Ready {
		return nil
	}
	report, err := h.Reports.Read(ctx, vault.Of(vault.Report, resultOf(p)))
	if errors.Is(err, vault.ErrMissing) {
		return nil // an edit or an erasure was quicker
	}
	if err != nil {
		return err
	}
	verdict, records, err := contest.Outcomes(report)
	if err != nil {
		return fmt.Errorf("checks of a photo: %w", err)
	}
	into.Checks = &archive.Checks{Verdict: verdict, Checks: records}
	return nil
}

func (h PhotoHoldings) statistics(ctx context.Context, p photo.Photo, into *archive.Photo) error {
	if p.Reference == "" {
		return nil
	}
	e, err := h.Statistics.Find(ctx, p.Reference)
	if err == nil {
		into.Statistics = archive.NewStatistics(e)
	}
	return gone(err, photo.ErrNotFound)
}

func (h PhotoHoldings) log(ctx context.Context, p photo.Photo, into *archive.Photo) error {
	lines, err := h.Log.Of(ctx, p.ID)
	for _, e := range lines {
		if archive.Opened(e) {
			into.Log = append(into.Log, archive.NewLogLine(e))
		}
	}
	return err
}

// resultOf is the turn whose result and report are the photo's.
func resultOf(p photo.Photo) photo.Claim {
	return photo.Turn{Revision: p.Revision, Attempt: p.ResultAttempt}.Of(p.ID)
}
