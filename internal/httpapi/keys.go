package httpapi

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
)

type keyBody struct {
	KeyID     string `json:"key_id"`
	Algorithm string `json:"algorithm" enum:"Ed25519"`
	PublicKey string `json:"public_key" doc:"in PEM, as openssl reads it"`
	Current   bool   `json:"current" doc:"whether it signs now; what former keys signed stays good"`
}

type keysOutput struct {
	Body struct {
		Keys []keyBody `json:"keys" nullable:"false"`
	}
}

type keyInput struct {
	Key string `path:"key" maxLength:"100"`
}

const pemType = "application/x-pem-file"

// routeKeys adds the public keys by which statements of the service are verified.
func (a *API) routeKeys(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "list-keys", Method: http.MethodGet, Path: "/v1/keys",
		Summary: "The public keys of all signed statements, former ones included", Tags: []string{"keys"},
	}, api), a.listKeys)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-key", Method: http.MethodGet, Path: "/v1/keys/{key}",
		Summary: "One public key, in PEM", Tags: []string{"keys"}, Responses: fileAnswer("The key", pemType),
	}, api), a.getKey)
}

func (a *API) listKeys(ctx context.Context, _ *struct{}) (*keysOutput, error) {
	keys, err := a.signingKeys(ctx)
	if err != nil {
		return nil, a.problemOf(err)
	}
	out := &keysOutput{}
	for _, k := range keys {
		pem, err := k.PEM()
		if err != nil {
			return nil, a.problemOf(err)
		}
		out.Body.Keys = append(out.Body.Keys, keyBody{
			KeyID: string(k.ID()), Algorithm: "Ed25519", PublicKey: pem, Current: bytes.Equal(k, a.SigningKey),
		})
	}
	return out, nil
}

func (a *API) getKey(ctx context.Context, in *keyInput) (*fileOutput, error) {
	keys, err := a.signingKeys(ctx)
	if err != nil {
		return nil, a.problemOf(err)
	}
	for _, k := range keys {
		if string(k.ID()) != in.Key {
			continue
		}
		pem, err := k.PEM()
		if err != nil {
			return nil, a.problemOf(err)
		}
		return &fileOutput{pemType, []byte(pem)}, nil
	}
	return nil, problem(http.StatusNotFound, "unknown_key", "No statement was ever signed with such a key. GET /v1/keys lists all that were.")
}

// signingKeys begins with the key that signs now, also when it has not signed
// anything yet.
func (a *API) signingKeys(ctx context.Context) ([]attest.PublicKey, error) {
	keys, err := a.Signed.Keys(ctx)
	if err != nil {
		return nil, err
	}
	former := slices.DeleteFunc(keys, func(k attest.PublicKey) bool { return bytes.Equal(k, a.SigningKey) })
	return append([]attest.PublicKey{a.SigningKey}, former...), nil
}
