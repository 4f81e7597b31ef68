package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// deskSearchPage is GET /ops/desk/search.
func (a *API) deskSearchPage(c *gin.Context) {
	view := webui.DeskSearch{Sought: strings.TrimSpace(c.Query("q")), Most: deskListed, Calendar: a.Calendar, By: a.signedIn(c), Now: a.Now()}
	view.Search = subjectrequest.Search{
		Text: view.Sought, Kind: subjectrequest.Kind(c.Query("kind")), State: subjectrequest.State(c.Query("state")),
	}
	if !slices.Contains(subjectrequest.Kinds(), view.Search.Kind) {
		view.Search.Kind = ""
	}
	if !slices.Contains(subjectrequest.States(), view.Search.State) {
		view.Search.State = ""
	}
	if place := placeOf(c.Query("before")); place.ID != "" {
		view.Search.Before = subjectrequest.FiledPlace{At: place.Due, ID: subjectrequest.ID(place.ID)}
	}
	if err := a.search(c.Request.Context(), &view); err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.DeskSearch(w, view) })
}

// search looks for what was typed in: for a name that is written out first as a
// request's, then as a photo's, then as one of another register. An address of a person
// is looked for by officers only.
func (a *API) search(ctx context.Context, view *webui.DeskSearch) (err error) {
	q := view.Search
	if strings.Contains(q.Text, "@") && !view.By.Operator.Decides() {
		return nil
	}
	id, link := photoOfLink(q.Text)
	if !link {
		if view.Found, err = a.Requests.Search(ctx, q, deskListed); err != nil {
			return err
		}
	}
	if len(view.Found) > 0 || id == "" {
		return nil
	}
	q.Text, q.Photo = "", id
	if view.Found, err = a.Requests.Search(ctx, q, deskListed); err == nil && !link {
		view.Others, err = a.elsewhere(ctx, string(id))
	}
	return err
}

// photoOfLink reads a photo's number or its page's address; no link says that it was the
// bare number, which may be another thing's too.
func photoOfLink(text string) (id photo.ID, link bool) {
	text, _, _ = strings.Cut(text, "?")
	text, _, _ = strings.Cut(text, "#")
	if _, after, is := strings.Cut(text, "/photos/"); is {
		text, _, _ = strings.Cut(after, "/")
		link = true
	}
	id, valid := photo.ParseID(strings.ToLower(text))
	if !valid {
		return "", link
	}
	return id, link
}

// otherRegister is one that the search knows the entries of by their whole ID.
type otherRegister struct {
	matter letter.Matter
	path   string // of an entry's page, before the ID
	none   error  // that find has for what is no entry
	find   func(ctx context.Context, id string) error
}

// otherRegisters are all but the requests'.
func (a *API) otherRegisters() []otherRegister {
	return []otherRegister{
		{letter.Contest, "/ops/contests/", contest.ErrNotFound, func(ctx context.Context, id string) error {
			_, err := a.Contests.Find(ctx, contest.ID(id))
			return err
		}},
		{letter.Complaint, opsComplaintsPath + "/", complaint.ErrNotFound, func(ctx context.Context, id string) error {
			_, err := a.Complaints.Find(ctx, complaint.ID(id))
			return err
		}},
		{letter.ChildReport, opsChildReportsPath + "/", childreport.ErrNotFound, func(ctx context.Context, id string) error {
			_, err := a.ChildReports.Find(ctx, childreport.ID(id))
			return err
		}},
		{letter.Breach, breachesPath + "/", register.ErrNotFound, func(ctx context.Context, id string) error {
			_, err := a.Breaches.Find(ctx, breach.ID(id))
			return err
		}},
		{letter.RestrictionReview, restrictionsPath + "/", photo.ErrNotFound, func(ctx context.Context, id string) error {
			_, err := a.Restrictions.Find(ctx, photo.RestrictionID(id))
			return err
		}},
	}
}

// elsewhere looks an ID up in all other registers.
func (a *API) elsewhere(ctx context.Context, id string) (found []webui.FoundEntry, err error) {
	for _, r := range a.otherRegisters() {
		switch err := r.find(ctx, id); {
		case err == nil:
			found = append(found, webui.FoundEntry{Matter: r.matter, ID: id, Path: r.path + id})
		case !errors.Is(err, r.none):
			return nil, err
		}
	}
	return found, nil
}
