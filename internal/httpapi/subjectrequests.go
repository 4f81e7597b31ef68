package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func requestPath(id subjectrequest.ID) string { return "/v1/subject-requests/" + string(id) }

// Requester is whoever asks for a request, as huma reads it from the request.
type Requester struct {
	ID            string `path:"id" doc:"the request's ID" example:"mzsx6ytboa2dcmzsgq2dgnrugu"`
	Authorization string `header:"Authorization" hidden:"true"`
}

// askBytes is enough for any message: a character takes at most twelve bytes in JSON
// and in a form.
const askBytes = 12*subjectrequest.MaxWords + 8<<10

// routeSubjectRequests adds a person's rights over what is held of them.
func (a *API) routeSubjectRequests(api huma.API) {
	file := withProblems(huma.Operation{
		OperationID: "file-subject-request", Method: http.MethodPost, Path: "/v1/subject-requests",
		Summary: "Use a right over your data", Tags: []string{"subject-requests"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: askBytes,
		Description: "With photo_id and the photo's key as a bearer most is done before the answer comes (201). With an e-mail address a link is mailed there first (202), whether or not anything is filed under it; an address opens no photo.",
	}, api, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests)
	asked := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[askedBody](), true, "AskedBody")
	file.Responses["202"] = &huma.Response{
		Description: "A link is mailed to the address", Content: map[string]*huma.MediaType{jsonType: {Schema: asked}},
		Headers: map[string]*huma.Param{"Location": {Schema: text(huma.Schema{})}},
	}
	file.Security = []map[string][]string{{"key": {}}, {}}
	huma.Register(api, file, a.fileSubjectRequest)
	own := func(method, id, summary string, further ...int) huma.Operation {
		return withProblems(huma.Operation{
			OperationID: id, Method: method, Path: "/v1/subject-requests/{id}", Summary: summary, Tags: []string{"subject-requests"},
			Description: "The key is the request's own, as a bearer. The token of the mailed link to the answer counts too.", Security: []map[string][]string{{"key": {}}},
		}, api, further...)
	}
	huma.Register(api, own(http.MethodGet, "get-subject-request", "How a request stands, and its answer"), a.getSubjectRequest)
	withdraw := own(http.MethodDelete, "withdraw-subject-request", "Withdraw a request; your words are forgotten", http.StatusConflict)
	withdraw.DefaultStatus = http.StatusNoContent
	huma.Register(api, withdraw, a.withdrawSubjectRequest)
}

func (a *API) fileSubjectRequest(ctx context.Context, in *askInput) (*askedOutput, error) {
	b := in.Body
	q := asked{
		Kind: subjectrequest.Kind(b.Kind), Email: b.Email, Message: b.Message, Ground: photo.Ground(b.Ground), Checks: b.Checks, MayOpen: b.MayOpen,
	}
	if (b.PhotoID == "") == (b.Email == "") {
		return nil, problem(http.StatusUnprocessableEntity, "one_proof", "Give either photo_id, with the photo's key as a bearer, or email.")
	}
	if b.PhotoID != "" {
		p, err := a.record(ctx, Visitor{ID: b.PhotoID, Authorization: in.Authorization})
		if err != nil {
			return nil, a.problemOf(err)
		}
		q.Photo = &p
	}
	filed, err := a.ask(ctx, q)
	if err != nil {
		return nil, a.problemOf(err)
	}
	r := filed.Request
	out := &askedOutput{Status: http.StatusCreated, Location: requestPath(r.ID)}
	out.Body = askedBody{ID: string(r.ID), Key: filed.Key.Reveal(), State: string(r.State), RequestDates: datesOf(r), Links: requestLinksBody{Self: out.Location}}
	if q.Photo == nil {
		// Whoever types in an address must not get to read what its owner is answered.
		out.Status, out.Body.Key = http.StatusAccepted, ""
	}
	return out, nil
}

// ownRequest returns the request that the key opens. As with photos, a wrong key and an
// unknown ID get the same answer for the same work. The code of a letter does not count
// here: it is short, and for forms whose tries are counted.
func (a *API) ownRequest(ctx context.Context, in Requester) (subjectrequest.Request, error) {
	id, valid := subjectrequest.ParseID(in.ID)
	if !valid {
		return subjectrequest.Request{}, subjectrequest.ErrNotFound
	}
	r, err := a.Desk.Find(ctx, id)
	missing := errors.Is(err, subjectrequest.ErrNotFound)
	if err != nil && !missing {
		return subjectrequest.Request{}, err
	}
	bearer, _ := bearer(in.Authorization)
	key := secret.Key(bearer)
	own, mailed := r.KeyHash.Opens(key), r.Answer.Link.Token.Opens(key)
	if missing || !own && !mailed {
		return subjectrequest.Request{}, subjectrequest.ErrNotFound
	}
	return r, nil
}

func (a *API) getSubjectRequest(ctx context.Context, in *Requester) (*requestOutput, error) {
	r, err := a.ownRequest(ctx, *in)
	if err != nil {
		return nil, a.problemOf(err)
	}
	events, err := a.history(ctx, r)
	if err != nil {
		return nil, a.problemOf(err)
	}
	until, err := a.archiveUntil(ctx, r)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &requestOutput{requestBodyOf(r, events, until)}, nil
}

// history is the steps of a request in their order, also of those of one moment.
func (a *API) history(ctx context.Context, r subjectrequest.Request) ([]audit.Event, error) {
	events, err := a.Audit.About(ctx, string(r.ID))
	order := []subjectrequest.Action{
		subjectrequest.File, subjectrequest.SendLink, subjectrequest.Confirm, subjectrequest.AskIdentity, subjectrequest.SettleIdentity,
		subjectrequest.Accept, subjectrequest.Extend, subjectrequest.Refuse, subjectrequest.Fulfil, subjectrequest.Close,
	}
	slices.SortStableFunc(events, func(x, y audit.Event) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(slices.Index(order, subjectrequest.Action(x.Action)), slices.Index(order, subjectrequest.Action(y.Action))))
	})
	return events, err
}

func (a *API) withdrawSubjectRequest(ctx context.Context, in *Requester) (*struct{}, error) {
	r, err := a.ownRequest(ctx, *in)
	if err == nil {
		err = a.withdraw(ctx, r)
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return nil, nil
}

// instantOrNil is a moment that may not have come.
func instantOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
