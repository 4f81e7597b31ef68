package httpapi

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

const about = `Upload a portrait and get a photo that fits a document's rules.

An upload answers with an ID and a key. The key opens this one photo, as
"Authorization: Bearer KEY"; without it nobody can see the photo, and it can't be
had again. Every photo is deleted 48 to 72 hours after its last edit, or at once
on DELETE.

Every error is a problem in the shape of RFC 9457 with a stable code; its detail
says what to do next.`

// describe returns the JSON API, with the operations that are plain handlers
// already in its document.
func (a *API) describe() huma.API {
	config := huma.DefaultConfig("PassPortphotoGenie", a.Version)
	config.Info.Description = about
	config.DocsPath = ""    // the page would load scripts from another host
	config.SchemasPath = "" // the schemas are in the document
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{reshape}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":    {Type: "http", Scheme: "bearer", Description: "the photo's key; for a contest or a request, its own"},
		"client": {Type: "apiKey", In: "header", Name: apiKeyHeader, Description: "the key of an organisation's server, which counts the photo for its quota; none is needed"},
		"cookie": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "set by an upload, for browsers"},
	}
	api := humagin.New(a.engine, config)
	api.UseMiddleware(refuseEmpty(api))
	doc := api.OpenAPI()
	doc.AddOperation(uploadOperation(api))
	doc.AddOperation(eventsOperation(api))
	doc.AddOperation(checksOperation(api))
	doc.AddOperation(archiveOperation(api))
	return api
}

func text(s huma.Schema) *huma.Schema {
	s.Type = huma.TypeString
	return &s
}

// pictureForm is a form with a picture and what it is for.
func pictureForm(file string) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file", "document"}, AdditionalProperties: false,
			Properties: map[string]*huma.Schema{
				"file":      text(huma.Schema{Format: "binary", Description: file}),
				"document":  text(huma.Schema{Description: "a document's ID", Examples: []any{"us-passport"}}),
				"age_band":  text(huma.Schema{Enum: []any{"under_1", "1_5", "6_10", "adult"}, Default: "adult", Description: "some documents have other rules for children"}),
				personField: text(huma.Schema{Enum: []any{statedPerson}, Description: "the person says: I am 13 or older, and the picture shows me or a person I may act for"}),
				pointsField: text(huma.Schema{Enum: []any{agreedPoints}, Description: "the person agrees that points of the face are located in the picture and kept for as long as the photo"}),
			},
		},
	}}}
}

func checksOperation(api huma.API) *huma.Operation {
	op := withProblems(huma.Operation{
		OperationID: "check-preview", Method: http.MethodPost, Path: "/v1/checks",
		Summary: "Check a small copy of a picture before it is sent", Tags: []string{"checks"},
		Description: "Answers with what can be judged before there is a photo, quickly, and keeps nothing. Where no photo could be made the answer is 200 with a problem. Photos go first: 503 with the code busy means that nobody has time.",
		RequestBody: pictureForm("JPEG, PNG or WebP; at most 640 pixels on the longer side and 512 kB"),
	}, api, http.StatusTooManyRequests)
	op.Responses["200"] = &huma.Response{
		Description: "What the preview shows",
		Content:     map[string]*huma.MediaType{"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[checksBody](), true, "")}},
	}
	return &op
}

func uploadOperation(api huma.API) *huma.Operation {
	schemas := api.OpenAPI().Components.Schemas
	op := withProblems(huma.Operation{
		OperationID: "upload-photo", Method: http.MethodPost, Path: "/v1/photos",
		Summary: "Upload a portrait", Tags: []string{"photos"},
		Description: "The fields may come in any order. A repeated upload with the same Idempotency-Key gets the same ID and key.",
		Parameters: []*huma.Param{{
			Name: "Idempotency-Key", In: "header", Description: "at least 128 random bits, such as a random UUID",
			Schema: text(huma.Schema{MinLength: ptr(22), MaxLength: ptr(200), Pattern: "^[!-~]+$"}),
		}, {
			Name: "lane", In: "query", Description: "bulk for photos that nobody watches for: they leave your share of the fast lane to others; photos beyond that share go there by themselves",
			Schema: text(huma.Schema{Enum: []any{"default", "bulk"}, Default: "default"}),
		}},
		Security:    []map[string][]string{{}, {"client": {}}},
		RequestBody: pictureForm("JPEG, PNG, WebP, HEIC, AVIF or TIFF; at most 25 MB and 50 megapixels"),
	}, api, http.StatusConflict, http.StatusTooManyRequests)
	op.Responses["202"] = &huma.Response{
		Description: "Accepted; the photo is being made",
		Headers: map[string]*huma.Param{
			"Location":   {Schema: text(huma.Schema{})},
			"Set-Cookie": {Schema: text(huma.Schema{Description: "the key, for browsers"})},
		},
		Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[acceptedBody](), true, "")}},
	}
	return &op
}

func eventsOperation(api huma.API) *huma.Operation {
	op := keyed(huma.Operation{
		OperationID: "follow-photo", Method: http.MethodGet, Path: "/v1/photos/{id}/events",
		Summary: "Follow a photo as it is made", Tags: []string{"photos"},
		Description: "Server-sent events named status, each with a JSON object of status, revision and, while it is processed, step. The first says how the photo stands; the stream ends after ready, rejected or failed.",
		Parameters:  []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
	}, api, http.StatusConflict)
	op.Responses["200"] = &huma.Response{
		Description: "The events", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: eventSchema()}},
	}
	return &op
}

// eventSchema describes one event by its fields.
func eventSchema() *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, Required: []string{"event", "data"},
		Properties: map[string]*huma.Schema{
			"event": text(huma.Schema{Enum: []any{"status"}}),
			"data":  text(huma.Schema{Description: "a JSON object of status, revision and, while the photo is processed, step", Examples: []any{`{"status":"processing","step":"landmarks","revision":1}`}}),
		},
	}
}

// orNull lets a property that is an object be null, which huma has no word for.
func orNull(s *huma.Schema, property string) *huma.Schema {
	p := s.Properties[property]
	s.Properties[property] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, Description: p.Description}
	return s
}

// fileAnswer is an answer that is a file of one of some kinds.
func fileAnswer(description string, kinds ...string) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for _, kind := range kinds {
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return map[string]*huma.Response{"200": {Description: description, Content: content}}
}

func ptr[T any](v T) *T { return &v }
