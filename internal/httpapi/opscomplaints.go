package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Complaints is the register of complaints, as it is read; complaint.ErrNotFound for
// none.
type Complaints interface {
	Find(ctx context.Context, id complaint.ID) (complaint.Complaint, error)
	complaintLists
	relatedComplaints
}

type complaintLists interface {
	Open(ctx context.Context, after docket.Place, limit int) ([]complaint.Complaint, error)
	Search(ctx context.Context, q complaint.Search, limit int) ([]complaint.Complaint, error)
}

type relatedComplaints interface {
	MergedInto(ctx context.Context, id complaint.ID) ([]complaint.Complaint, error)
	FiledUnder(ctx context.Context, a email.Address) ([]complaint.Complaint, error)
	OfAnswer(ctx context.Context, key secret.Key) (complaint.Complaint, error)
}

const (
	opsComplaintsPath = "/ops/complaints"
	// complaintsListed is how many a page lists.
	complaintsListed = 50
)

// routeOpsComplaints adds the officers' pages of complaints and of support notes.
func (a *API) routeOpsComplaints() {
	a.engine.GET(opsComplaintsPath, a.complaintsPage)
	a.engine.GET(opsComplaintsPath+"/:id", a.complaintPage)
	a.engine.POST(opsComplaintsPath+"/:id/:action", a.decideComplaint)
	a.engine.GET(opsNotesPath, a.notesPage)
	a.engine.POST(opsNotesPath, a.writeNote)
	a.engine.POST(opsNotesPath+"/:id/close", a.closeNote)
}

// complaintsPage is GET /ops/complaints: what waits, or what a search finds.
func (a *API) complaintsPage(c *gin.Context) {
	ctx := c.Request.Context()
	view := webui.Complaints{Text: c.Query("q"), State: c.Query("state"), By: a.signedIn(c), Zone: a.Zone, Now: a.Now()}
	view.Searched = strings.TrimSpace(view.Text) != "" || view.State != ""
	after := placeOf(c.Query("after"))
	var err error
	if view.Searched {
		q := complaint.Search{Text: view.Text, State: complaint.State(view.State), Before: after}
		view.Found, err = a.Complaints.Search(ctx, q, complaintsListed)
	} else {
		view.Found, err = a.Complaints.Open(ctx, after, complaintsListed)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	if n := len(view.Found); n == complaintsListed {
		last := view.Found[n-1]
		view.More = placeText(last.DueAt, last.ID)
		if view.Searched {
			view.More = placeText(last.FiledAt, last.ID)
		}
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.Complaints(w, view) })
}

// complaintPage is GET /ops/complaints/:id.
func (a *API) complaintPage(c *gin.Context) { a.showComplaint(c, http.StatusOK, webui.Tried{}) }

// showComplaint shows a complaint as it stands now, with a form that was not taken.
func (a *API) showComplaint(c *gin.Context, status int, tried webui.Tried) {
	ctx := c.Request.Context()
	found, err := a.complaintAt(c)
	view := webui.Complaint{Complaint: found, Document: a.documentName(found.About.Document), Tried: tried, By: a.signedIn(c), Zone: a.Zone, Now: a.Now()}
	for _, look := range []func() error{
		func() (err error) { view.Merged, err = a.Complaints.MergedInto(ctx, found.ID); return err },
		func() (err error) { view.Same, err = a.sameComplaints(ctx, found); return err },
		func() (err error) { view.Notes, err = a.SupportNotes.About(ctx, found.ID); return err },
		func() (err error) { view.Letters, err = a.Letters.About(ctx, string(found.ID)); return err },
		func() (err error) { view.Events, err = a.Audit.About(ctx, string(found.ID)); return err },
	} {
		if err == nil {
			err = look()
		}
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.Complaint(w, view) })
}

func (a *API) complaintAt(c *gin.Context) (complaint.Complaint, error) {
	id, valid := complaint.ParseID(c.Param("id"))
	if !valid {
		return complaint.Complaint{}, noEntry()
	}
	found, err := a.Complaints.Find(c.Request.Context(), id)
	if errors.Is(err, complaint.ErrNotFound) {
		err = noEntry()
	}
	return found, err
}

// sameComplaints are the others under a complaint's address that are not merged into it.
func (a *API) sameComplaints(ctx context.Context, c complaint.Complaint) ([]complaint.Complaint, error) {
	if c.Email == (email.Address{}) {
		return nil, nil
	}
	all, err := a.Complaints.FiledUnder(ctx, c.Email)
	return slices.DeleteFunc(all, func(other complaint.Complaint) bool { return other.ID == c.ID || other.MergedInto == c.ID }), err
}

// decideComplaint is POST /ops/complaints/:id/:action: take, answer, close, merge or
// note.
func (a *API) decideComplaint(c *gin.Context) {
	found, err := a.complaintAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	sent := c.Request.PostForm
	tried := webui.Tried{ID: string(found.ID), Action: c.Param("action"), Sent: sent}
	if tried.Action == "note" {
		err = a.keepNote(c, complaint.Subject{Complaint: found.ID}, sent.Get("words"))
	} else {
		err = a.actOnComplaint(c, found.ID, sent)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, complaint.Path(found.ID))
		return
	}
	p := a.triedProblem(err, &tried)
	if p.Status >= http.StatusInternalServerError || p.Code == noEntry().Code {
		a.opsProblem(c, p)
		return
	}
	a.showComplaint(c, p.Status, tried)
}

// triedProblem notes why a form was not taken.
func (a *API) triedProblem(err error, tried *webui.Tried) *Problem {
	var field register.FieldError
	if errors.As(err, &field) {
		tried.Field, tried.Problem = field.Field, field.Detail
		return problem(http.StatusUnprocessableEntity, "invalid_complaint", field.Detail)
	}
	p := a.problemOf(err)
	tried.Quicker, tried.Problem = errors.Is(err, complaint.ErrChanged), p.Detail
	return p
}

// actOnComplaint takes the step on the version that the form is of.
func (a *API) actOnComplaint(c *gin.Context, id complaint.ID, sent url.Values) error {
	do := complaintdesk.Deed{Complaint: id, Actor: operatorOf(c).Name, Words: sent.Get("words")}
	// What is no number is no version: the first is 1.
	do.Version, _ = strconv.Atoi(sent.Get("version"))
	switch c.Param("action") {
	case "take":
		do.Action = complaint.TakeOn
	case "answer":
		do.Action = complaint.Reply
	case "close":
		why, known := complaint.ParseClosing(sent.Get("closing"))
		if !known {
			return register.FieldError{Field: "closing", Detail: "choose one"}
		}
		do.Action, do.Closing = complaint.Close, why
	case "merge":
		into, valid := complaint.ParseID(strings.TrimSpace(sent.Get("into")))
		if !valid || into == id {
			return register.FieldError{Field: "into", Detail: "is no number of another complaint"}
		}
		do.Action, do.Into = complaint.Merge, into
	default:
		return noEntry()
	}
	_, err := a.ComplaintDesk.Act(c.Request.Context(), do)
	if do.Action == complaint.Merge && errors.Is(err, complaint.ErrNotFound) {
		err = register.FieldError{Field: "into", Detail: "is no number of another complaint"}
	}
	return err
}
