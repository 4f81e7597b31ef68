package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func receiptPath(id string) string { return "/v1/erasures/" + id }

type receiptInput struct {
	Receipt string `path:"receipt" maxLength:"100"`
}

type receiptOutput struct {
	Body struct {
		Receipt    string     `json:"receipt"`
		State      string     `json:"state" enum:"pending,done" doc:"pending: nobody can read what is left, and it is being removed"`
		Reason     string     `json:"reason" doc:"why it was deleted" example:"request"`
		CreatedAt  time.Time  `json:"created_at"`
		FinishedAt *time.Time `json:"finished_at" doc:"null while pending"`
	}
}

// routeErasures adds the receipts. They are open: they name neither photo nor
// person, and their IDs can't be guessed.
func (a *API) routeErasures(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-erasure", Method: http.MethodGet, Path: "/v1/erasures/{receipt}",
		Summary: "Proof of a deletion", Tags: []string{"erasures"},
	}, api), a.getReceipt)
}

func (a *API) getReceipt(ctx context.Context, in *receiptInput) (*receiptOutput, error) {
	r, err := a.Receipts.FindReceipt(ctx, in.Receipt)
	if errors.Is(err, photo.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "unknown_receipt", "There is no such receipt. Check it against the answer to the deletion.")
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	out := &receiptOutput{}
	out.Body.Receipt, out.Body.Reason, out.Body.CreatedAt, out.Body.State = r.ID, string(r.Reason), r.CreatedAt.UTC(), "pending"
	if !r.FinishedAt.IsZero() {
		finished := r.FinishedAt.UTC()
		out.Body.State, out.Body.FinishedAt = "done", &finished
	}
	return out, nil
}
