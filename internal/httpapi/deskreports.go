package httpapi

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// deskReportsPage is GET /ops/desk/reports.
func (a *API) deskReportsPage(c *gin.Context) { a.showReports(c, http.StatusOK, "") }

// showReports lists the quarters, the last first, with why an export was not made.
func (a *API) showReports(c *gin.Context, status int, why string) {
	first, some, err := a.Requests.FirstQuarter(c.Request.Context())
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	now := a.Now()
	view := webui.DeskReports{Calendar: a.Calendar, Problem: why, By: a.signedIn(c), Now: now}
	q := subjectrequest.QuarterOf(a.Calendar.Day(now))
	view.Quarters = append(view.Quarters, q)
	for some && first.First().Before(q.First()) {
		q = q.Before()
		view.Quarters = append(view.Quarters, q)
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.DeskReports(w, view) })
}

// deskReportPage is GET /ops/desk/reports/:quarter, with .csv behind it for a file.
func (a *API) deskReportPage(c *gin.Context) {
	name, asFile := strings.CutSuffix(c.Param("quarter"), ".csv")
	q, valid := subjectrequest.ParseQuarter(name)
	if !valid {
		a.opsProblem(c, problem(http.StatusNotFound, "no_such_quarter", "There is no such quarter. One is written as 2026-Q1."))
		return
	}
	now := a.Now()
	report, err := a.Requests.Report(c.Request.Context(), q, a.Calendar.Day(now))
	switch {
	case err != nil:
		a.opsProblem(c, err)
	case asFile:
		c.Header("Content-Type", "text/csv; charset=utf-8")
		c.Header("Content-Disposition", `attachment; filename="requests-`+q.String()+`.csv"`)
		writeReport(c.Writer, report)
	default:
		a.page(c, http.StatusOK, func(w io.Writer) error {
			return a.pages.DeskReport(w, webui.DeskReport{Report: report, Calendar: a.Calendar, By: a.signedIn(c), Now: now})
		})
	}
}

// writeReport fails only when the client has gone.
func writeReport(w io.Writer, r subjectrequest.Report) {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(append([]string{"Kind"}, webui.ReportColumns()...))
	for _, k := range subjectrequest.Kinds() {
		_ = out.Write(append([]string{string(k)}, webui.ReportCells(r.Of(k))...))
	}
	_ = out.Write(append([]string{"all"}, webui.ReportCells(r.All())...))
	out.Flush()
}
