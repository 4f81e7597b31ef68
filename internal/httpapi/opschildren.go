package httpapi

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// ChildReports is the register of reports about children, as it is read;
// childreport.ErrNotFound for none.
type ChildReports interface {
	ownReports
	Open(ctx context.Context, after docket.Place, limit int) ([]childreport.Report, error)
	Search(ctx context.Context, q childreport.Search, limit int) ([]childreport.Report, error)
}

type ownReports interface {
	Find(ctx context.Context, id childreport.ID) (childreport.Report, error)
	FindByAnswer(ctx context.Context, given string) (childreport.Report, error)
}

const opsChildReportsPath = "/ops/child-reports"

// childReportsPage is GET /ops/child-reports: what waits, or what a search finds.
func (a *API) childReportsPage(c *gin.Context) {
	ctx, query := c.Request.Context(), c.Request.URL.Query()
	view := webui.ChildReports{Text: query.Get("q"), State: query.Get("state"), By: a.signedIn(c), Now: a.Now()}
	view.Searched = view.Text != "" || view.State != ""
	after := placeOf(query.Get("after"))
	var err error
	if view.Searched {
		q := childreport.Search{Text: view.Text, State: childreport.State(view.State), Before: after}
		view.Reports, err = a.ChildReports.Search(ctx, q, mostWaiting)
	} else {
		view.Reports, err = a.ChildReports.Open(ctx, after, mostWaiting)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	if n := len(view.Reports); n == mostWaiting {
		last := view.Reports[n-1]
		if view.Searched {
			view.More = placeText(last.FiledAt, last.ID)
		} else {
			view.More = placeText(last.DueAt, last.ID)
		}
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.ChildReports(w, view) })
}

// childReportPage is GET /ops/child-reports/:id.
func (a *API) childReportPage(c *gin.Context) {
	a.showChildReport(c, http.StatusOK, webui.ChildReport{})
}

// showChildReport shows a report as it stands now, with a decision that was not taken.
func (a *API) showChildReport(c *gin.Context, status int, view webui.ChildReport) {
	found, err := a.childReportAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	view.Report, view.By, view.Now = found, a.signedIn(c), a.Now()
	if view.Events, err = a.Audit.About(c.Request.Context(), string(found.ID)); err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.ChildReport(w, view) })
}

func (a *API) childReportAt(c *gin.Context) (childreport.Report, error) {
	id, valid := childreport.ParseID(c.Param("id"))
	if !valid {
		return childreport.Report{}, childreport.ErrNotFound
	}
	return a.ChildReports.Find(c.Request.Context(), id)
}

// decideChildReport is POST /ops/child-reports/:id/decide.
func (a *API) decideChildReport(c *gin.Context) {
	found, err := a.childReportAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	sent := c.Request.PostForm
	d := childreport.Decision{State: childreport.State(sent.Get("decision")), Reason: sent.Get("reason"), Officer: operatorOf(c).Name}
	// What is no number is no version: the first is 1.
	d.Version, _ = strconv.Atoi(sent.Get("version"))
	if err := a.ChildDesk.Decide(c.Request.Context(), found.ID, d); err != nil {
		p := a.problemOf(err)
		if p.Status >= http.StatusInternalServerError {
			a.opsProblem(c, p)
			return
		}
		a.showChildReport(c, p.Status, webui.ChildReport{Problem: p.Detail, Field: childreport.Fields(err), Decision: string(d.State), Reason: d.Reason})
		return
	}
	c.Redirect(http.StatusSeeOther, opsChildReportsPath+"/"+string(found.ID))
}
