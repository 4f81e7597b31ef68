package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Watched is what the page of the service's state asks, beside the evidence.
type Watched struct {
	Photos interface {
		Counts(ctx context.Context) (map[photo.Status]int, error)
	}
	Letters interface {
		Counts(ctx context.Context) (map[letter.State]int, time.Time, error)
	}
	Queues interface {
		Depths(ctx context.Context) ([]metrics.Depth, error)
	}
	Totals interface {
		Totals(ctx context.Context, from, to time.Time) ([]statistics.Total, error)
	}
}

const (
	statusPath  = "/ops/status"
	statusDays  = 30              // of history
	statusLimit = 2 * time.Second // for each part of the page
)

// statusPage is GET /ops/status. A part that does not answer is left out, and said so:
// the page is for the hour in which something does not.
func (a *API) statusPage(c *gin.Context) {
	now := a.Now()
	view := webui.Status{By: a.signedIn(c), Now: now, Days: statusDays}
	for part, ask := range map[string]func(ctx context.Context) error{
		webui.PhotosPart: func(ctx context.Context) (err error) {
			view.Photos, err = a.Watched.Photos.Counts(ctx)
			return err
		},
		webui.QueuesPart: func(ctx context.Context) (err error) {
			view.Queues, err = a.Watched.Queues.Depths(ctx)
			return err
		},
		webui.LettersPart: func(ctx context.Context) (err error) {
			view.Letters, view.LettersSince, err = a.Watched.Letters.Counts(ctx)
			return err
		},
		webui.HistoryPart: func(ctx context.Context) (err error) {
			view.Totals, err = a.Watched.Totals.Totals(ctx, now.AddDate(0, 0, 1-statusDays), now)
			return err
		},
		webui.EvidencePart: func(ctx context.Context) (err error) {
			view.Evidence, err = a.Evidence.Gather(ctx, now)
			return err
		},
	} {
		ctx, cancel := context.WithTimeout(c.Request.Context(), statusLimit)
		if err := ask(ctx); err != nil {
			a.Log.Warn("a part of the status is missing", "cause", part, "error", err)
			view.Missing = append(view.Missing, part)
		}
		cancel()
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.Status(w, view) })
}
