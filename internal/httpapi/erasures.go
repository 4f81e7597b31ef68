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

type receiptBody struct {
	Receipt    string         `json:"receipt"`
	State      string         `json:"state" enum:"pending,finished" doc:"pending: nobody can read what is left, and it is being removed"`
	Reason     string         `json:"reason" doc:"why it was deleted" example:"request" enum:"request,expiry,restore"`
	CreatedAt  time.Time      `json:"created_at"`
	FinishedAt *time.Time     `json:"finished_at" doc:"null while pending"`
	Erased     map[string]int `json:"erased" nullable:"false" doc:"once finished: kinds of data, and how many of each there were"`
	Statement  string         `json:"statement" doc:"all this as one text; its bytes in UTF-8 are what is signed"`
	Signature  []byte         `json:"signature" doc:"Ed25519, in base64"`
	KeyID      string         `json:"key_id" doc:"the key that verifies it, see /v1/keys"`
}

type receiptOutput struct{ Body receiptBody }

// fileOutput is something as a program reads it, without JSON around it.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// What a receipt and its signature are as files.
const (
	plainType = "text/plain"
	bytesType = "application/octet-stream"
)

// routeErasures adds the receipts. They are open: they name neither photo nor
// person, and their IDs can't be guessed.
func (a *API) routeErasures(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-erasure", Method: http.MethodGet, Path: "/v1/erasures/{receipt}",
		Summary: "Proof of a deletion", Tags: []string{"erasures"},
	}, api), a.getReceipt)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-erasure-statement", Method: http.MethodGet, Path: "/v1/erasures/{receipt}/statement",
		Summary: "The signed text of a receipt, as it was signed", Tags: []string{"erasures"}, Responses: fileAnswer("The text, in UTF-8", plainType),
	}, api), a.getStatement)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-erasure-signature", Method: http.MethodGet, Path: "/v1/erasures/{receipt}/signature",
		Summary: "The signature of that text, 64 bytes", Tags: []string{"erasures"}, Responses: fileAnswer("The signature", bytesType),
	}, api), a.getSignature)
}

func (a *API) getReceipt(ctx context.Context, in *receiptInput) (*receiptOutput, error) {
	r, err := a.receipt(ctx, in)
	if err != nil {
		return nil, err
	}
	body := receiptBody{
		Receipt: r.ID, Reason: string(r.Reason), CreatedAt: r.CreatedAt.UTC(), State: r.State(), Erased: map[string]int{},
		Statement: r.Proof.Text, Signature: r.Proof.Signature, KeyID: string(r.Proof.Key.ID()),
	}
	if !r.FinishedAt.IsZero() {
		finished := r.FinishedAt.UTC()
		body.FinishedAt = &finished
		for kind, n := range r.Erased {
			body.Erased[string(kind)] = n
		}
	}
	return &receiptOutput{body}, nil
}

func (a *API) getStatement(ctx context.Context, in *receiptInput) (*fileOutput, error) {
	r, err := a.receipt(ctx, in)
	if err != nil {
		return nil, err
	}
	return &fileOutput{plainType + "; charset=utf-8", []byte(r.Proof.Text)}, nil
}

func (a *API) getSignature(ctx context.Context, in *receiptInput) (*fileOutput, error) {
	r, err := a.receipt(ctx, in)
	if err != nil {
		return nil, err
	}
	return &fileOutput{bytesType, r.Proof.Signature}, nil
}

func (a *API) receipt(ctx context.Context, in *receiptInput) (photo.Receipt, error) {
	r, err := a.Receipts.FindReceipt(ctx, in.Receipt)
	if errors.Is(err, photo.ErrNotFound) {
		return r, problem(http.StatusNotFound, "unknown_receipt", "There is no such receipt. Check it against the answer to the deletion; receipts are kept for three years.")
	}
	if err != nil {
		return r, a.problemOf(err)
	}
	return r, nil
}
