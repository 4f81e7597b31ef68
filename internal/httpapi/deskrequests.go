package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// RequestBook reads the register of data subjects' requests; see
// sqlstore.SubjectRequests.
type RequestBook interface {
	Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error)
	requestLists
	requestReports
}

type requestLists interface {
	Search(ctx context.Context, q subjectrequest.Search, limit int) ([]subjectrequest.Request, error)
	Filed(ctx context.Context, in subjectrequest.Span, after subjectrequest.FiledPlace, limit int) ([]subjectrequest.Request, error)
}

type requestReports interface {
	Report(ctx context.Context, q subjectrequest.Quarter, today civil.Date) (subjectrequest.Report, error)
	FirstQuarter(ctx context.Context) (subjectrequest.Quarter, bool, error)
}

func deskRequestPath(id subjectrequest.ID) string { return deskPath + "/requests/" + string(id) }

// deskRequestPage is GET /ops/desk/requests/:id.
func (a *API) deskRequestPage(c *gin.Context) { a.showRequest(c, http.StatusOK, webui.Tried{}) }

// showRequest shows a request, with a form that was not taken as it was sent.
func (a *API) showRequest(c *gin.Context, status int, tried webui.Tried) {
	ctx := c.Request.Context()
	view := webui.DeskRequest{Tried: tried, Calendar: a.Calendar, Zone: a.Zone, By: a.signedIn(c), Now: a.Now()}
	var err error
	if view.Request, err = a.requestAt(c); err == nil {
		view.Events, err = a.Audit.About(ctx, string(view.Request.ID))
	}
	if err == nil {
		view.Letters, err = a.Letters.About(ctx, string(view.Request.ID))
	}
	if err == nil && view.Request.State.Open() && view.By.Operator.Decides() {
		view.Drafts, err = a.drafts(ctx, view.Request)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.DeskRequest(w, view) })
}

func (a *API) drafts(ctx context.Context, r subjectrequest.Request) (webui.Drafts, error) {
	d, err := a.Desk.Draft(ctx, r)
	return webui.Drafts{
		Answer: d.Note, Question: d.Question, Extension: d.Extension,
		Refusal: subjectrequest.Refusal{Reason: d.Reason, Authority: d.Authority, Remedy: d.Remedy},
	}, err
}

func (a *API) requestAt(c *gin.Context) (subjectrequest.Request, error) {
	id, valid := subjectrequest.ParseID(c.Param("id"))
	if !valid {
		return subjectrequest.Request{}, noEntry()
	}
	r, err := a.Requests.Find(c.Request.Context(), id)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		err = noEntry()
	}
	return r, err
}

// errGap says that a draft was sent as it is.
var errGap = errors.New("the draft has a gap")

// actOnRequest is POST /ops/desk/requests/:id/:action, of subjectrequest's actions.
func (a *API) actOnRequest(c *gin.Context) {
	found, err := a.requestAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	sent := c.Request.PostForm
	do := privacydesk.Deed{
		Request: found.ID, Action: subjectrequest.Action(c.Param("action")), Actor: operatorOf(c).Name,
		Words: sent.Get(webui.WordsField), Authority: sent.Get(webui.AuthorityField), Remedy: sent.Get(webui.RemedyField),
		Closing: subjectrequest.Closing(sent.Get(webui.ClosingField)),
	}
	// What is no number is no version, and what is no day is before any question.
	do.Version, _ = strconv.Atoi(sent.Get("version"))
	do.Day, _ = civil.ParseDate(sent.Get(webui.DayField))
	if strings.Contains(do.Words, privacydesk.Gap) {
		err = errGap
	} else {
		_, err = a.Desk.Act(c.Request.Context(), do)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, deskRequestPath(found.ID))
		return
	}
	tried := webui.Tried{ID: string(found.ID), Action: c.Param("action"), Sent: sent}
	if errors.Is(err, subjectrequest.ErrChanged) {
		tried.Quicker = true
		a.showRequest(c, http.StatusConflict, tried)
		return
	}
	status := http.StatusUnprocessableEntity
	if tried.Field, tried.Problem = deedProblem(err, do, sent); tried.Problem == "" {
		a.opsProblem(c, err)
		return
	}
	if tried.Field == "" {
		status = http.StatusConflict
	}
	a.showRequest(c, status, tried)
}

// deedProblem says why a deed was not taken, and which field is to blame; nothing for
// what is our fault.
func deedProblem(err error, do privacydesk.Deed, sent url.Values) (field, words string) {
	switch {
	case errors.Is(err, errGap):
		return webui.WordsField, "still has " + privacydesk.Gap + ": write it there"
	case errors.Is(err, subjectrequest.ErrNoReason):
		return firstField(sent, func(text string) bool { return text == "" }), "is missing"
	case errors.Is(err, subjectrequest.ErrWords):
		return firstField(sent, func(string) bool { return false }), "must be plain text of at most 5000 characters"
	case errors.Is(err, subjectrequest.ErrArrival):
		return webui.DayField, "must not be before the question or after today"
	case errors.Is(err, subjectrequest.ErrNotNow) && do.Action == subjectrequest.Close:
		return webui.ClosingField, "choose one that fits"
	case errors.Is(err, letter.ErrTooMany):
		return "", "This address was sent as many letters as it may get for now. Nothing was done: try again in an hour, or tomorrow."
	case errors.Is(err, subjectrequest.ErrOver):
		return "", "The request is answered already. Nothing was done."
	case errors.Is(err, subjectrequest.ErrTooLate):
		return "", "The first month is over: it can't be extended any more, and a question about the identity does not stop the time. Answer it."
	case errors.Is(err, subjectrequest.ErrUnidentified):
		return "", "It is not known yet that the person may ask: the mailed link was not followed."
	case errors.Is(err, subjectrequest.ErrNotNow), errors.Is(err, subjectrequest.ErrIdentified), errors.Is(err, subjectrequest.ErrNotForKind),
		errors.Is(err, subjectrequest.ErrLinkUsed), errors.Is(err, subjectrequest.ErrChannel):
		return "", "That can't be done with this request as it stands. Nothing was done."
	}
	return "", ""
}

// firstField is the first field of words that is bad, or that is no plain text.
func firstField(sent url.Values, bad func(text string) bool) string {
	for _, field := range []string{webui.WordsField, webui.AuthorityField, webui.RemedyField} {
		text, ok := plaintext.Parse(sent.Get(field), subjectrequest.MaxWords)
		if !ok || bad(text) {
			return field
		}
	}
	return webui.WordsField
}
