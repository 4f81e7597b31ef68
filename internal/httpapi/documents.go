package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// catalogueLife lets clients keep the catalogue for a while: it changes only
// with a new version of the service.
const catalogueLife = "public, max-age=300"

type documentsInput struct {
	Query   string       `query:"query" maxLength:"100" doc:"words looked for in ID, name, kind and country; where nothing has them all, typos are tolerated; the best match comes first"`
	Country string       `query:"country" maxLength:"60" doc:"an ISO 3166-1 alpha-2 code or a name, typos tolerated" example:"US"`
	Kind    docspec.Kind `query:"kind" enum:"passport,visa,id_card,residence_permit,work_permit,driving_licence,citizenship,travel_permit,voter_card,tax_card,certificate"`
	Limit   int          `query:"limit" minimum:"1" maximum:"100" default:"20"`
	After   string       `query:"after" maxLength:"100" doc:"the last ID of the page before; next holds it already"`
}

type documentsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Documents []docspec.Spec `json:"documents" nullable:"false"`
		Next      *string        `json:"next" doc:"address of the next page, on this host, or null"`
	}
}

type documentInput struct {
	ID string `path:"id" maxLength:"200" doc:"of the catalogue, or a size of your own such as custom:40x50,head=30-36" example:"us-passport"`
}

type documentOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         docspec.Spec
}

// routeDocuments adds the catalogue.
func (a *API) routeDocuments(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "list-documents", Method: http.MethodGet, Path: "/v1/documents",
		Summary: "The documents that photos can be made for", Tags: []string{"documents"},
	}, api), a.listDocuments)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-document", Method: http.MethodGet, Path: "/v1/documents/{id}",
		Summary: "One document's rules, each with its source", Tags: []string{"documents"},
	}, api), a.getDocument)
}

func (a *API) listDocuments(_ context.Context, in *documentsInput) (*documentsOutput, error) {
	found, more := a.Catalogue.Search(docspec.Query{Text: in.Query, Country: in.Country, Kind: in.Kind, After: in.After, Limit: in.Limit})
	out := &documentsOutput{CacheControl: catalogueLife}
	out.Body.Documents = append([]docspec.Spec{}, found...) // [], not null
	if more {
		next := in.nextPage(found[len(found)-1].ID)
		out.Body.Next = &next
	}
	return out, nil
}

func (in documentsInput) nextPage(after string) string {
	q := url.Values{"after": {after}, "limit": {strconv.Itoa(in.Limit)}}
	if in.Query != "" {
		q.Set("query", in.Query)
	}
	if in.Country != "" {
		q.Set("country", in.Country)
	}
	if in.Kind != "" {
		q.Set("kind", string(in.Kind))
	}
	return "/v1/documents?" + q.Encode()
}

func (a *API) getDocument(_ context.Context, in *documentInput) (*documentOutput, error) {
	spec, err := a.Catalogue.Find(in.ID)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &documentOutput{catalogueLife, spec}, nil
}
