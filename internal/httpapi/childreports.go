package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// ChildDesk is what people and officers do with reports about children.
type ChildDesk interface {
	File(ctx context.Context, f childreport.Filing) (childreport.Report, secret.Key, error)
	Decide(ctx context.Context, id childreport.ID, d childreport.Decision) error
	Confirm(ctx context.Context, given string) (childreport.Report, error)
}

const childReportsPath = "/v1/child-reports"

// frozenStatus stands in the API for whatever status a frozen photo has.
const frozenStatus = "frozen"

// freezeBody is what the key's holder is told of a freeze.
type freezeBody struct {
	Since     time.Time `json:"since"`
	DecidedBy time.Time `json:"decided_by" doc:"until when a person decides whether the photo is deleted or goes on"`
}

func freezeOf(p photo.Photo) *freezeBody {
	if !p.Frozen() {
		return nil
	}
	return &freezeBody{p.FrozenAt.UTC(), subjectrequest.ChildReportDue(p.FrozenAt).UTC()}
}

type childReportInput struct {
	Body struct {
		Photo  string `json:"photo" maxLength:"500" doc:"a link to the photo's page or to its address in the API, its ID, or the reference of its usage statistics" example:"https://photos.example/photos/mzsx6ytboa2dcmzsgq2dgnrugu"`
		Ground string `json:"ground" maxLength:"100" doc:"uploaded_by_child (a child under 13 uploaded it) or without_permission (you are the child's parent or guardian, and nobody who may act for the child agreed). That a photo shows a child is no ground: parents upload photos of their babies." example:"without_permission"`
		Words  string `json:"words" minLength:"1" maxLength:"5000" doc:"how you know, in plain text of at most 5000 characters"`
		Email  string `json:"email,omitempty" maxLength:"400" doc:"where the answer is announced, once a mailed link was followed; may be left out"`
	}
}

type childReportFiled struct {
	Location string `header:"Location"`
	Body     struct {
		ID       string           `json:"id"`
		Key      string           `json:"key" doc:"opens this report; it is shown once and can't be had again"`
		State    string           `json:"state" example:"received"`
		FiledAt  time.Time        `json:"filed_at"`
		DecideBy time.Time        `json:"decide_by"`
		Links    contestLinksBody `json:"links"`
	}
}

type childReportVisitor struct {
	ID            string `path:"id" doc:"the report's ID" example:"mzsx6ytboa2dcmzsgq2dgnrugu"`
	Authorization string `header:"Authorization" hidden:"true"`
}

// childReportBody is a report as whoever filed it sees it.
type childReportBody struct {
	ID       string           `json:"id"`
	State    string           `json:"state" enum:"received,upheld,rejected,ended" doc:"upheld: the photo was deleted because of the report; rejected: it goes on; ended: there was no such photo, or it was deleted before the decision"`
	Ground   string           `json:"ground" enum:"uploaded_by_child,without_permission"`
	FiledAt  time.Time        `json:"filed_at"`
	DecideBy time.Time        `json:"decide_by"`
	ClosedAt *time.Time       `json:"closed_at" doc:"null while it waits for the decision"`
	Reason   string           `json:"reason,omitempty" doc:"why it was decided so; for 14 days after that"`
	Receipt  string           `json:"receipt,omitempty" doc:"address of the receipt of the photo's deletion, on this host"`
	Links    contestLinksBody `json:"links"`
}

type childReportOutput struct{ Body childReportBody }

func childReportBodyOf(r childreport.Report) childReportBody {
	b := childReportBody{
		ID: string(r.ID), State: string(r.State), Ground: string(r.Ground), FiledAt: r.FiledAt.UTC(), DecideBy: r.DueAt.UTC(), Reason: r.Reason,
		Links: contestLinksBody{childReportPath(r.ID)},
	}
	if !r.ClosedAt.IsZero() {
		closed := r.ClosedAt.UTC()
		b.ClosedAt = &closed
	}
	if r.Receipt != "" {
		b.Receipt = receiptPath(r.Receipt)
	}
	return b
}

func childReportPath(id childreport.ID) string { return childReportsPath + "/" + string(id) }

// routeChildReports adds reports about children.
func (a *API) routeChildReports(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "report-child", Method: http.MethodPost, Path: childReportsPath,
		Summary: "Report that a photo of a child should not be here", Tags: []string{"child-reports"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: filingBytes,
		Description: "A plausible report freezes the photo at once, and a person decides within 24 hours. The answer is the same whether there is such a photo or not.",
	}, api, http.StatusTooManyRequests), a.fileChildReport)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-child-report", Method: http.MethodGet, Path: childReportsPath + "/{id}",
		Summary: "How a report about a child stands", Tags: []string{"child-reports"},
		Description: "The key is the report's own, as a bearer.", Security: []map[string][]string{{"key": {}}},
	}, api), a.getChildReport)
}

func (a *API) fileChildReport(ctx context.Context, in *childReportInput) (*childReportFiled, error) {
	r, key, err := a.ChildDesk.File(ctx, childreport.Filing{Photo: in.Body.Photo, Ground: in.Body.Ground, Words: in.Body.Words, Email: in.Body.Email})
	if err != nil {
		return nil, a.problemOf(err)
	}
	out := &childReportFiled{Location: childReportPath(r.ID)}
	out.Body.ID, out.Body.Key, out.Body.State = string(r.ID), key.Reveal(), string(r.State)
	out.Body.FiledAt, out.Body.DecideBy, out.Body.Links.Self = r.FiledAt.UTC(), r.DueAt.UTC(), out.Location
	return out, nil
}

// ownChildReport returns the report that the key opens. A wrong key and an unknown ID
// get the same answer for the same work.
func (a *API) ownChildReport(ctx context.Context, named, key string) (childreport.Report, error) {
	id, valid := childreport.ParseID(named)
	if !valid {
		return childreport.Report{}, childreport.ErrNotFound
	}
	r, err := a.ChildReports.Find(ctx, id)
	missing := errors.Is(err, childreport.ErrNotFound)
	if err != nil && !missing {
		return childreport.Report{}, err
	}
	if opens := r.Opens(key, a.Now()); missing || !opens {
		return childreport.Report{}, childreport.ErrNotFound
	}
	return r, nil
}

func (a *API) getChildReport(ctx context.Context, in *childReportVisitor) (*childReportOutput, error) {
	key, _ := bearer(in.Authorization)
	r, err := a.ownChildReport(ctx, in.ID, key)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &childReportOutput{childReportBodyOf(r)}, nil
}

// childReportProblem knows the errors of reports about children; nil for any other.
func childReportProblem(err error) *Problem {
	if fields := childreport.Fields(err); len(fields) > 0 {
		p := problem(http.StatusUnprocessableEntity, "invalid_report", fields[0].Detail)
		for _, f := range fields {
			p.Errors = append(p.Errors, Error{"body." + f.Field, f.Detail})
		}
		return p
	}
	switch {
	case errors.Is(err, photo.ErrFrozen):
		return problem(http.StatusConflict, "frozen", "Somebody reported that this photo is of a child and should not be here. A person looks at that within 24 hours; until then nobody can see or use the photo. GET the photo to see until when; DELETE still deletes it.")
	case errors.Is(err, childreport.ErrNotFound):
		return problem(http.StatusNotFound, "unknown_report", "There is no such report, or the key does not open it. Check the ID and the key against the answer to the report.")
	case errors.Is(err, childreport.ErrChanged):
		return problem(http.StatusConflict, "report_changed", "Somebody has changed this report since you opened it. Nothing of yours was kept; look at it as it is now and send it again if it still holds.")
	case errors.Is(err, childreport.ErrClosed):
		return problem(http.StatusConflict, "report_closed", "This report is closed: it has been decided, or its photo was deleted.")
	case errors.Is(err, childreport.ErrPhotoGone):
		return problem(http.StatusConflict, "no_reported_photo", "There is no photo that could be deleted. Close the report as one without a photo, or reject it.")
	case errors.Is(err, childreport.ErrPhotoThere):
		return problem(http.StatusConflict, "photo_there", "The reported photo is there. Uphold the report, or reject it.")
	case errors.Is(err, letter.ErrTooMany):
		return problem(http.StatusTooManyRequests, "too_many_letters", "This address got several letters from us in a short time. Send the report without an address, or wait an hour.")
	}
	return nil
}
