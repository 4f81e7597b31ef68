package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// ComplaintDesk is what people and officers do with complaints; see complaintdesk.
type ComplaintDesk interface {
	File(ctx context.Context, f complaint.Filing) (complaintdesk.Filed, error)
	complaintLinks
	Act(ctx context.Context, do complaintdesk.Deed) (complaint.Complaint, error)
}

type complaintLinks interface {
	Confirm(ctx context.Context, link secret.Key) (complaint.Complaint, error)
	Renew(ctx context.Context, link secret.Key) error
}

const complaintsPath = "/v1/complaints"

func complaintPath(id complaint.ID) string { return complaintsPath + "/" + string(id) }

// complaintBytes is enough for the longest words, in JSON and in a form: a character
// takes at most twelve bytes.
const complaintBytes = 12*complaint.MaxWords + 8<<10

// routeComplaints adds what a person does with a complaint.
func (a *API) routeComplaints(api huma.API) {
	file := withProblems(huma.Operation{
		OperationID: "file-complaint", Method: http.MethodPost, Path: complaintsPath,
		Summary: "Complain", Tags: []string{"complaints"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: complaintBytes,
		Description: "A person answers by the day that is given. With photo_id and the photo's key as a bearer the complaint is about that photo: what the checks said is copied as outcomes and values, nothing of the picture, and stays when the photo is gone.",
	}, api, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests)
	file.Security = []map[string][]string{{"key": {}}, {}}
	huma.Register(api, file, a.fileComplaint)
	own := func(method, id, summary string, further ...int) huma.Operation {
		return withProblems(huma.Operation{
			OperationID: id, Method: method, Path: complaintsPath + "/{id}", Summary: summary, Tags: []string{"complaints"},
			Description: "The key is the complaint's own, as a bearer.", Security: []map[string][]string{{"key": {}}},
		}, api, further...)
	}
	huma.Register(api, own(http.MethodGet, "get-complaint", "How a complaint stands, and its answer"), a.getComplaint)
	withdraw := own(http.MethodDelete, "withdraw-complaint", "Withdraw a complaint; your words are forgotten", http.StatusConflict)
	withdraw.DefaultStatus = http.StatusNoContent
	huma.Register(api, withdraw, a.withdrawComplaint)
}

func (a *API) fileComplaint(ctx context.Context, in *complainInput) (*complainedOutput, error) {
	f := complaint.Filing{Words: in.Body.Words, Email: in.Body.Email, Reference: in.Body.Reference}
	var err error
	if in.Body.PhotoID != "" {
		err = a.aboutPhoto(ctx, Visitor{ID: in.Body.PhotoID, Authorization: in.Authorization}, &f)
	}
	var filed complaintdesk.Filed
	if err == nil {
		filed, err = a.ComplaintDesk.File(ctx, f)
	}
	if err != nil {
		return nil, a.problemOf(complaintField(err))
	}
	out := &complainedOutput{Location: complaintPath(filed.Complaint.ID)}
	out.Body = complainedBody{
		ID: string(filed.Complaint.ID), Key: filed.Key.Reveal(), State: string(filed.Complaint.State),
		AnswerBy: a.lastDay(filed.Complaint), Links: contestLinksBody{out.Location},
	}
	return out, nil
}

// aboutPhoto adds to a filing the photo that the visitor's key opens, with its report. A
// photo with which nothing may be done is named and not looked into.
func (a *API) aboutPhoto(ctx context.Context, v Visitor, f *complaint.Filing) error {
	p, err := a.record(ctx, v)
	if err != nil {
		return err
	}
	f.Photo = p
	if p.Status == photo.Ready && p.Stopped() == nil {
		f.Report, err = a.result(ctx, p, vault.Report)
	}
	return err
}

// Complainant is whoever asks for a complaint, as huma reads it from the request.
type Complainant struct {
	ID            string `path:"id" doc:"the complaint's ID" example:"mzsx6ytboa2dcmzsgq2dgnrugu"`
	Authorization string `header:"Authorization" hidden:"true"`
}

// ownComplaint returns the complaint that what is given opens. A wrong key and an unknown
// ID get the same answer for the same work.
func (a *API) ownComplaint(ctx context.Context, named, given string) (complaint.Complaint, error) {
	id, valid := complaint.ParseID(named)
	if !valid {
		return complaint.Complaint{}, complaint.ErrNotFound
	}
	c, err := a.Complaints.Find(ctx, id)
	missing := errors.Is(err, complaint.ErrNotFound)
	if err != nil && !missing {
		return complaint.Complaint{}, err
	}
	if opens := c.Opens(given); missing || !opens {
		return complaint.Complaint{}, complaint.ErrNotFound
	}
	return c, nil
}

func (a *API) getComplaint(ctx context.Context, in *Complainant) (*complaintOutput, error) {
	key, _ := bearer(in.Authorization)
	c, err := a.ownComplaint(ctx, in.ID, key)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &complaintOutput{a.complaintBodyOf(c)}, nil
}

func (a *API) withdrawComplaint(ctx context.Context, in *Complainant) (*struct{}, error) {
	key, _ := bearer(in.Authorization)
	if _, err := a.withdrawOwn(ctx, in.ID, key); err != nil {
		return nil, a.problemOf(err)
	}
	return nil, nil
}

// withdrawOwn closes a complaint for its person. It succeeds also for one that was
// withdrawn before.
func (a *API) withdrawOwn(ctx context.Context, named, given string) (complaint.Complaint, error) {
	c, err := a.ownComplaint(ctx, named, given)
	if err != nil || c.Closing == complaint.Withdrawn {
		return c, err
	}
	return a.ComplaintDesk.Act(ctx, complaintdesk.Deed{
		Complaint: c.ID, Version: c.Version, Action: complaint.Close, Closing: complaint.Withdrawn, Actor: audit.Person,
	})
}

// complaintField names the field of a filing that is wrong.
func complaintField(err error) error {
	var field register.FieldError
	if errors.Is(err, letter.ErrTooMany) {
		p := retry(problem(http.StatusTooManyRequests, "too_many_letters", "This address has been sent enough mails for now. Send the complaint without an address, or wait an hour. Nothing was kept of this."), mailboxRests)
		p.Errors = []Error{{"body." + complaint.EmailField, "has been sent enough"}}
		return p
	}
	if !errors.As(err, &field) {
		return err
	}
	label := map[string]string{
		complaint.WordsField: "What you say", complaint.EmailField: "The e-mail address", complaint.ReferenceField: "The reference",
	}[field.Field]
	p := problem(http.StatusUnprocessableEntity, "invalid_complaint", label+" "+field.Detail+".")
	p.Errors = []Error{{"body." + field.Field, field.Detail}}
	return p
}

// complaintProblem knows the errors of complaints; nil for any other.
func complaintProblem(err error) *Problem {
	var many complaint.TooManyError
	switch {
	case errors.As(err, &many):
		return tooManyComplaints(many)
	case errors.Is(err, complaint.ErrNotFound):
		return problem(http.StatusNotFound, "unknown_complaint", "There is no such complaint, or the key does not open it. Check the ID and the key against the answer to the complaint.")
	case errors.Is(err, complaint.ErrChanged):
		return problem(http.StatusConflict, "complaint_changed", "Somebody else has acted on this complaint meanwhile. Look at it as it is now, and try again if that still holds.")
	case errors.Is(err, complaint.ErrNotNow):
		return problem(http.StatusConflict, "complaint_settled", "That can't be done with this complaint any more: it is answered or closed.")
	case errors.Is(err, complaint.ErrOthers):
		return problem(http.StatusConflict, "not_one_person", "Nothing shows that both complaints are of the same person: they have no address, photo or reference in common. Answer each by itself.")
	case errors.Is(err, complaint.ErrLinkUsed):
		return linkUsed()
	case errors.Is(err, complaint.ErrLinkExpired):
		return linkExpired()
	case errors.Is(err, complaint.ErrPhotoGone):
		return expired()
	}
	return nil
}

func tooManyComplaints(many complaint.TooManyError) *Problem {
	detail := "Several complaints under this address wait for their answer already. Our mails have their numbers; each can be read with its key. Wait for the answers, or leave the address out."
	if len(many.Open) > 0 {
		detail = "Several complaints about this photo wait for their answer already:"
		for _, id := range many.Open {
			detail += " " + string(id)
		}
		detail += ". Each can be read with the key that you got for it. Wait for the answers."
	}
	return problem(http.StatusConflict, "too_many_complaints", detail)
}
