package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// DisclosureDesk is the register of what third parties got for their direct marketing.
// Each change and its line in the audit trail are one.
type DisclosureDesk interface {
	In(ctx context.Context, year int) ([]disclosure.Entry, error)
	RemovedIn(ctx context.Context, year int) ([]disclosure.Entry, error)
	disclosureActions
}

type disclosureActions interface {
	Add(ctx context.Context, d disclosure.Entry, e audit.Event) (disclosure.Entry, error)
	Change(ctx context.Context, d disclosure.Entry, e audit.Event) (disclosure.Entry, error)
	Remove(ctx context.Context, d disclosure.Entry, e audit.Event) error
}

const disclosuresPath = "/ops/disclosures"

// routeDisclosures adds the officers' pages of disclosures.
func (a *API) routeDisclosures() {
	a.engine.GET(disclosuresPath, a.disclosuresPage)
	a.engine.POST(disclosuresPath+"/:id/:action", a.decideDisclosure)
}

// disclosuresPage is GET /ops/disclosures, of the year that requests of today are
// about if none is given.
func (a *API) disclosuresPage(c *gin.Context) {
	a.showDisclosures(c, http.StatusOK, c.Query("year"), webui.Tried{})
}

// disclosureYears are those that can have entries, the present one first.
func (a *API) disclosureYears() (years []int) {
	this := a.Now().In(a.Zone).Year()
	for back := range disclosure.Years() + 1 {
		years = append(years, this-back)
	}
	return years
}

// showDisclosures shows a year, with a form that was not taken as it was sent.
func (a *API) showDisclosures(c *gin.Context, status int, asked string, tried webui.Tried) {
	ctx, years := c.Request.Context(), a.disclosureYears()
	view := webui.Disclosures{Years: years, Year: years[1], Controller: a.Facts.Controller, Tried: tried, By: a.signedIn(c), Events: map[disclosure.ID][]audit.Event{}}
	if year, err := strconv.Atoi(asked); err == nil && slices.Contains(years, year) {
		view.Year = year
	}
	var err error
	if view.Entries, err = a.Disclosures.In(ctx, view.Year); err == nil {
		view.Removed, err = a.Disclosures.RemovedIn(ctx, view.Year)
	}
	for _, e := range slices.Concat(view.Entries, view.Removed) {
		if err == nil {
			view.Events[e.ID], err = a.Audit.About(ctx, string(e.ID))
		}
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.Disclosures(w, view) })
}

// decideDisclosure is POST /ops/disclosures/:id/:action: add (to the entry "new"),
// change or remove.
func (a *API) decideDisclosure(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	year, err := a.actOnDisclosure(c, sent)
	var field register.FieldError
	tried := webui.Tried{ID: c.Param("id"), Action: c.Param("action"), Sent: sent}
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, disclosuresPath+"?year="+year)
	case errors.As(err, &field):
		tried.Field, tried.Problem = field.Field, field.Detail
		a.showDisclosures(c, http.StatusUnprocessableEntity, sent.Get("shown"), tried)
	case errors.Is(err, register.ErrChanged), errors.Is(err, register.ErrNotFound):
		tried.Quicker = true
		a.showDisclosures(c, http.StatusConflict, sent.Get("shown"), tried)
	default:
		a.opsProblem(c, err)
	}
}

// actOnDisclosure does what a form asks for, and returns the year to show after it.
func (a *API) actOnDisclosure(c *gin.Context, sent url.Values) (shown string, err error) {
	ctx, id := c.Request.Context(), c.Param("id")
	if id != "new" && !secret.IsName(id) {
		return "", noEntry()
	}
	e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Outcome: audit.Allowed}
	d := disclosure.Entry{
		ID: disclosure.ID(id), Name: sent.Get("name"), Address: sent.Get("address"), Categories: sent.Get("categories"),
		Products: sent.Get("products"), Why: sent.Get("why"),
	}
	// What is no number is no year and no version: the first is 1.
	d.Year, _ = strconv.Atoi(sent.Get("year"))
	d.Version, _ = strconv.Atoi(sent.Get("version"))
	shown = strconv.Itoa(d.Year)
	switch action := c.Param("action"); {
	case action == "add" && id == "new":
		e.Action = audit.AddDisclosure
		_, err = a.Disclosures.Add(ctx, d, e)
	case action == "change":
		e.Action = audit.ChangeDisclosure
		_, err = a.Disclosures.Change(ctx, d, e)
	case action == "remove":
		shown, e.Action = url.QueryEscape(sent.Get("shown")), audit.RemoveDisclosure
		err = a.Disclosures.Remove(ctx, d, e)
	default:
		err = noEntry()
	}
	return shown, err
}
