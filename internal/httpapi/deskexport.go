package httpapi

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"time"

	"cloud.google.com/go/civil"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// exportedDays are the days on which the requests of an export were filed, both
// included.
type exportedDays struct{ from, to civil.Date }

func exportedDaysOf(q url.Values) (d exportedDays, err error) {
	if d.from, err = civil.ParseDate(q.Get("from")); err == nil {
		d.to, err = civil.ParseDate(q.Get("to"))
	}
	if err != nil || d.to.Before(d.from) {
		return d, invalidExport("Give from and to as days such as 2026-03-01, the first not after the second.")
	}
	return d, nil
}

func (d exportedDays) span(c subjectrequest.Calendar) subjectrequest.Span {
	return subjectrequest.Span{From: c.End(d.from.AddDays(-1)), Until: c.End(d.to)}
}

// exportRequests is GET /ops/desk/requests.csv: the register's dates and outcomes,
// nothing of a person. The line in the audit trail is written before the first byte.
func (a *API) exportRequests(c *gin.Context) {
	days, err := exportedDaysOf(c.Request.URL.Query())
	if err != nil && asksForHTML(c) {
		p := a.problemOf(err)
		a.showReports(c, p.Status, p.Detail)
		return
	}
	if err == nil {
		err = a.recordExport(c, days)
	}
	var page []subjectrequest.Request
	if err == nil {
		page, err = a.Requests.Filed(c.Request.Context(), days.span(a.Calendar), subjectrequest.FiledPlace{}, exportPage)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="requests-`+days.from.String()+"-to-"+days.to.String()+`.csv"`)
	a.streamRequests(c, days, page)
}

// recordExport writes who exports what, or was refused it.
func (a *API) recordExport(c *gin.Context, days exportedDays) error {
	e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Action: audit.ExportRequests, Subject: days.from.String() + "/" + days.to.String(), Outcome: audit.Allowed}
	may := operatorOf(c).Decides()
	if !may {
		e.Outcome = audit.Refused
	}
	if err := a.Audit.Append(c.Request.Context(), e); err != nil {
		return err
	}
	if !may {
		return officersOnly()
	}
	return nil
}

// streamRequests sends page after page: between pages the database is free for others.
// What fails then can only be told by breaking off.
func (a *API) streamRequests(c *gin.Context, days exportedDays, page []subjectrequest.Request) {
	control, out := http.NewResponseController(c.Writer), csv.NewWriter(c.Writer)
	out.UseCRLF = true
	err := out.Write([]string{"id", "kind", "channel", "state", "arrived", "law_date", "promised_date", "answered", "late", "closing"})
	for err == nil {
		_ = control.SetWriteDeadline(time.Now().Add(writeLimit)) // fails where there is no connection
		for _, r := range page {
			_ = out.Write(cellsOf(r)) // Error reports it
		}
		out.Flush()
		if err = out.Error(); err == nil {
			err = control.Flush()
		}
		if err != nil || len(page) < exportPage {
			break
		}
		page, err = a.Requests.Filed(c.Request.Context(), days.span(a.Calendar), page[len(page)-1].Filed(), exportPage)
	}
	if err != nil {
		a.Log.Error("an export of the register of requests broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
}

func cellsOf(r subjectrequest.Request) []string {
	late := ""
	if !r.AnsweredOn.IsZero() {
		late = map[bool]string{true: "yes", false: "no"}[r.Late()]
	}
	cells := []string{
		string(r.ID), string(r.Kind), string(r.Channel), string(r.State), r.ArrivedOn.String(), r.Dates.Law.String(), r.Dates.Promised.String(),
		dayCell(r.AnsweredOn), late, string(r.Closing),
	}
	for i := range cells {
		cells[i] = plainCell(cells[i])
	}
	return cells
}

func dayCell(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
