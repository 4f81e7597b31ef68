package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// acceptedBody answers an upload. It is the only place that ever shows the key.
type acceptedBody struct {
	ID        string    `json:"id"`
	Key       string    `json:"key" doc:"opens this photo; it is shown once and can't be had again"`
	Status    string    `json:"status" example:"queued"`
	ExpiresAt time.Time `json:"expires_at"`
	Links     linksBody `json:"links"`
}

// linksBody holds the addresses of a photo, on this host.
type linksBody struct {
	Self   string `json:"self"`
	Result string `json:"result"`
	Report string `json:"report"`
	Events string `json:"events"`

	Overlay    string `json:"overlay,omitempty" doc:"when ready"`
	PrintSheet string `json:"print_sheet,omitempty" doc:"when ready"`
}

func linksOf(id photo.ID) linksBody {
	self := photoPath(id)
	return linksBody{Self: self, Result: self + "/result", Report: self + "/report", Events: self + "/events"}
}

// photoBody is a photo as its owner sees it.
type photoBody struct {
	ID           string         `json:"id"`
	Status       string         `json:"status" enum:"queued,processing,ready,rejected,failed,restricted,frozen" doc:"restricted: the photo is kept, and nothing is done with it; frozen: it was reported, and nothing is done with it until a person has decided"`
	Document     string         `json:"document" example:"us-passport"`
	AgeBand      string         `json:"age_band" enum:"under_1,1_5,6_10,adult"`
	Revision     int            `json:"revision" doc:"raised by each edit; the first is 1"`
	ExpiresAt    time.Time      `json:"expires_at" doc:"when the photo is deleted; while it is restricted, nothing is"`
	LastEditedAt time.Time      `json:"last_edited_at"`
	Settings     settingsBody   `json:"settings"`
	Revisions    []revisionBody `json:"revisions" nullable:"false" doc:"every order so far, oldest first, the current one included; any of them can be restored"`
	Report       *check.Report  `json:"report,omitempty" doc:"when ready"`
	Reference    string         `json:"reference,omitempty" doc:"tell it to support if you want them to see the photo's usage statistics, which hold no picture; absent if there are none"`
	Problem      *Problem       `json:"problem,omitempty" doc:"when rejected (no photo can be made from this picture) or failed (our fault)"`
	Links        linksBody      `json:"links"`

	Restriction *restrictionBody `json:"restriction,omitempty" doc:"when restricted"`
	Freeze      *freezeBody      `json:"freeze,omitempty" doc:"when frozen"`
}

type photoOutput struct{ Body photoBody }

// routePhotos adds what is served of one photo.
func (a *API) routePhotos(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "get-photo", Method: http.MethodGet, Path: "/v1/photos/{id}",
		Summary: "How a photo stands", Tags: []string{"photos"},
		Description: "Answers for a restricted photo too, without its report; every other address of that photo but DELETE answers 409 with the code restricted. The same holds for a frozen photo, with the code frozen.",
	}, api), a.getPhoto)
	huma.Register(api, keyed(huma.Operation{
		OperationID: "get-photo-result", Method: http.MethodGet, Path: "/v1/photos/{id}/result",
		Summary: "The finished photo", Tags: []string{"photos"},
		Description: "A JPEG at the document's size and resolution, or a PNG: of a photo with a transparent background always, of another when asked. Until the photo is ready the answer is 409.",
		Responses:   fileAnswer("The photo", jpegType, pngType),
	}, api, http.StatusConflict), a.getResult)
	huma.Register(api, keyed(huma.Operation{
		OperationID: "delete-photo", Method: http.MethodDelete, Path: "/v1/photos/{id}",
		Summary: "Delete a photo now and for good", Tags: []string{"photos"}, DefaultStatus: http.StatusNoContent,
		Description: "Location is the address of the receipt.",
	}, api), a.deletePhoto)
}

func (a *API) getPhoto(ctx context.Context, v *Visitor) (*photoOutput, error) {
	p, err := a.record(ctx, *v)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return a.photoOutput(ctx, p)
}

func (a *API) photoOutput(ctx context.Context, p photo.Photo) (*photoOutput, error) {
	body := photoBody{
		ID: string(p.ID), Status: statusOf(p), Document: p.Document, AgeBand: string(p.AgeBand), Revision: p.Revision,
		ExpiresAt: p.ExpiresAt.UTC(), LastEditedAt: p.LastEditedAt.UTC(), Settings: settingsOf(p.Settings), Revisions: revisionsOf(p),
		Reference: p.Reference, Problem: outcomeProblem(p), Links: linksOf(p.ID), Restriction: restrictionOf(p), Freeze: freezeOf(p),
	}
	if p.Status == photo.Ready && p.Stopped() == nil {
		report, err := a.report(ctx, p)
		if err != nil {
			return nil, a.problemOf(err)
		}
		body.Report = &report
		body.Links.Overlay, body.Links.PrintSheet = body.Links.Self+"/overlay", body.Links.Self+"/print-sheet"
	}
	return &photoOutput{body}, nil
}

// outcomeProblem says why there is no photo; nil when there is, or may be yet.
func outcomeProblem(p photo.Photo) *Problem {
	if p.Status != photo.Rejected && p.Status != photo.Failed {
		return nil
	}
	return reasonProblem(0, p.Reason)
}

// result reads what the photo's current attempt produced.
func (a *API) result(ctx context.Context, p photo.Photo, kind vault.Kind) ([]byte, error) {
	if p.Status != photo.Ready {
		return nil, notReady(p)
	}
	made := photo.Claim{ID: p.ID, Revision: p.Revision, Attempt: p.ResultAttempt}
	return a.Vault.Read(ctx, vault.Of(kind, made))
}

func (a *API) report(ctx context.Context, p photo.Photo) (check.Report, error) {
	var r check.Report
	b, err := a.result(ctx, p, vault.Report)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("read report: %w", err)
	}
	return r, nil
}

func notReady(p photo.Photo) *Problem {
	detail := "The photo is not finished yet: its status is " + string(p.Status) + ". Ask again shortly, or follow its events."
	if p.Status.Settled() {
		detail = "There is no photo: its status is " + string(p.Status) + ". The photo's problem says why and what to do."
	}
	return problem(http.StatusConflict, "not_ready", detail)
}

type deleteInput struct {
	Visitor
	Everything bool `query:"everything" doc:"also the photo's usage statistics and its lines of the access log, which else stay for their time"`
}

// erase erases a photo and, if everything is to go, first what would stay without
// naming it: afterwards nobody could tell whose that is.
func (a *API) erase(ctx context.Context, p photo.Photo, everything bool) (photo.Receipt, error) {
	if everything {
		if err := a.Statistics.Forget(ctx, p.Reference); err != nil {
			return photo.Receipt{}, err
		}
		if err := a.AccessLines.Forget(ctx, p.ID); err != nil {
			return photo.Receipt{}, err
		}
	}
	return a.Eraser.Erase(ctx, p.ID)
}

type deleteOutput struct {
	Receipt  string `header:"Erasure-Receipt" doc:"proves the deletion; it names no photo and no person"`
	Location string `header:"Location"`
}

func (a *API) deletePhoto(ctx context.Context, in *deleteInput) (*deleteOutput, error) {
	p, err := a.record(ctx, in.Visitor)
	var receipt photo.Receipt
	if err == nil {
		receipt, err = a.erase(ctx, p, in.Everything)
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &deleteOutput{receipt.ID, receiptPath(receipt.ID)}, nil
}
