package httpapi

import (
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Docket is all that waits for an officer; see docket.Board.
type Docket interface {
	Living(ctx context.Context, now time.Time, limit int) ([]docket.Item, error)
	Waiting(ctx context.Context, now time.Time, after docket.Place, limit int) ([]docket.Item, error)
	Count(ctx context.Context, e docket.Ends) (docket.Tally, error)
}

const deskPath = "/ops/desk"

// How many items the desk and the overview list.
const (
	deskListed   = 50
	mostUrgent   = 5
	livingListed = 100
)

// routeDesk adds the desk's pages.
func (a *API) routeDesk() {
	a.engine.GET(deskPath, a.deskPage)
	a.engine.GET(deskPath+"/search", a.deskSearchPage)
	a.engine.GET(deskPath+"/requests/new", a.deskFilingPage)
	a.engine.POST(deskPath+"/requests", a.fileAtDesk)
	a.engine.GET(deskPath+"/requests/:id", a.deskRequestPage)
	a.engine.POST(deskPath+"/requests/:id/:action", a.actOnRequest)
	a.engine.GET(deskPath+"/requests.csv", a.exportRequests)
	a.engine.GET(deskPath+"/reports", a.deskReportsPage)
	a.engine.GET(deskPath+"/reports/:quarter", a.deskReportPage)
}

// deskPage is GET /ops/desk: what waits, from a place on.
func (a *API) deskPage(c *gin.Context) {
	view := webui.Desk{MostLiving: livingListed, Calendar: a.Calendar, Zone: a.Zone, By: a.signedIn(c), Now: a.Now()}
	after := placeOf(c.Query("after"))
	var err error
	if view.Waiting, err = a.Docket.Waiting(c.Request.Context(), view.Now, after, deskListed); err == nil && after == (docket.Place{}) {
		view.Living, view.Tally, err = a.deskTop(c.Request.Context(), view.Now)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	if len(view.Waiting) == deskListed {
		last := view.Waiting[deskListed-1]
		view.More = deskPath + "?after=" + placeText(last.Due, last.ID)
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.Desk(w, view) })
}

// deskTop is what stands on the desk's first page alone.
func (a *API) deskTop(ctx context.Context, now time.Time) (living []docket.Item, t docket.Tally, err error) {
	if living, err = a.Docket.Living(ctx, now, livingListed); err == nil {
		t, err = a.Docket.Count(ctx, docket.EndsAt(a.Calendar, now))
	}
	return living, t, err
}

// urgent are the few that end next, whether by the photo's end or by the due date.
func (a *API) urgent(ctx context.Context, now time.Time) ([]docket.Item, error) {
	all, err := a.Docket.Living(ctx, now, mostUrgent)
	if err != nil {
		return nil, err
	}
	waiting, err := a.Docket.Waiting(ctx, now, docket.Place{}, mostUrgent)
	all = append(all, waiting...)
	slices.SortStableFunc(all, func(x, y docket.Item) int { return x.End(now).Compare(y.End(now)) })
	return all[:min(mostUrgent, len(all))], err
}
