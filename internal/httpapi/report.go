package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/evidence"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// The kinds of files that tell what was measured.
const (
	jsonType   = "application/json"
	pdfType    = "application/pdf"
	svgType    = "image/svg+xml"
	schemaType = "application/schema+json"
)

// schemaPath is where the report's JSON Schema of this version is.
var schemaPath = "/v1/schemas/report-" + strconv.Itoa(check.Version) + ".json"

type reportInput struct {
	Visitor
	Format   string `query:"format" enum:"json,pdf" doc:"json (the default), or pdf: one page of A4 to show at the counter. An Accept header of application/pdf asks for the same."`
	Download bool   `query:"download" doc:"ask the browser to save the page as a file"`
	Accept   string `header:"Accept" hidden:"true"`
}

func (in *reportInput) pdf() bool {
	return in.Format == "pdf" || in.Format == "" && negotiation.SelectQValue(in.Accept, []string{jsonType, pdfType}) == pdfType
}

type reportOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Link        string `header:"Link" doc:"of the JSON: the address of its JSON Schema"`
	Body        []byte
}

const aboutReport = `As JSON, whose JSON Schema is at ` + "`/v1/schemas/report-2.json`" + `; or as one
page of A4 with the photo at its real size and enlarged with its lines, the
checks that count, and where the document's rules were read. Neither says whose
photo it is.

Until the photo is ready the answer is 409.`

const aboutOverlay = `An SVG whose units are the photo's millimetres, to lay over the result: the lines
of head, eyes and chin (ids hair-top, skull-top, eye-line, chin, middle), the
head's height (head-height), where the document wants them (crown-range,
eye-range, middle-range), and every check that has a place (check-NAME, with its
outcome as class and its advice as title). It has no script.

Until the photo is ready the answer is 409.`

// routeReports adds what tells of a photo.
func (a *API) routeReports(api huma.API) {
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	report := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[check.Report](), true, "Report")
	huma.Register(api, keyed(huma.Operation{
		OperationID: "get-photo-report", Method: http.MethodGet, Path: "/v1/photos/{id}/report",
		Summary: "What was measured, and what to do about it", Tags: []string{"photos"}, Description: aboutReport,
		Responses: map[string]*huma.Response{"200": {
			Description: "The report", Content: map[string]*huma.MediaType{jsonType: {Schema: report}, pdfType: file},
		}},
	}, api, http.StatusConflict), a.getReport)
	huma.Register(api, keyed(huma.Operation{
		OperationID: "get-photo-overlay", Method: http.MethodGet, Path: "/v1/photos/{id}/overlay",
		Summary: "The photo's lines, to lay over it", Tags: []string{"photos"}, Description: aboutOverlay,
		Responses: map[string]*huma.Response{"200": {
			Description: "The drawing", Content: map[string]*huma.MediaType{svgType: {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, api, http.StatusConflict), a.getOverlay)
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-report-schema", Method: http.MethodGet, Path: schemaPath,
		Summary: "The JSON Schema of reports", Tags: []string{"documents"},
		Responses: map[string]*huma.Response{"200": {
			Description: "A JSON Schema, 2020-12", Content: map[string]*huma.MediaType{schemaType: {Schema: &huma.Schema{Type: huma.TypeObject}}},
		}},
	}, api), getReportSchema)
}

func (a *API) getReport(ctx context.Context, in *reportInput) (*reportOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, sheetLimit)
	defer cancel()
	p, e, err := a.evidence(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	if !in.pdf() {
		b, err := json.Marshal(e.Report)
		if err != nil {
			return nil, a.problemOf(fmt.Errorf("write report: %w", err))
		}
		return &reportOutput{ContentType: jsonType, Link: "<" + schemaPath + `>; rel="describedby"`, Body: b}, nil
	}
	out := &reportOutput{ContentType: pdfType, Disposition: "inline"}
	out.Body, err = a.printed(ctx, p, func(jpeg []byte) ([]byte, error) { return e.PDF(jpeg, a.Now()) })
	if err != nil {
		return nil, a.problemOf(err)
	}
	if in.Download {
		out.Disposition = "attachment"
	}
	out.Disposition += fmt.Sprintf("; filename=%q", docspec.ShortID(p.Document)+"-report.pdf")
	return out, nil
}

// evidence opens a photo and reads what is shown of it.
func (a *API) evidence(ctx context.Context, v Visitor) (photo.Photo, evidence.Evidence, error) {
	var e evidence.Evidence
	p, err := a.open(ctx, v)
	if err != nil {
		return p, e, err
	}
	if e.Report, err = a.report(ctx, p); err != nil {
		return p, e, err
	}
	if e.Spec, err = a.Catalogue.Find(p.Document); err != nil {
		return p, e, fmt.Errorf("the photo's document: %w", err)
	}
	e.Spec = e.Spec.For(string(p.AgeBand))
	return p, e, nil
}

type overlayOutput struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

// overlayPolicy lets a drawing that is opened by itself load and run nothing.
const overlayPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

func (a *API) getOverlay(ctx context.Context, v *Visitor) (*overlayOutput, error) {
	_, e, err := a.evidence(ctx, *v)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &overlayOutput{svgType, overlayPolicy, e.Overlay()}, nil
}

type schemaOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func getReportSchema(context.Context, *struct{}) (*schemaOutput, error) {
	return &schemaOutput{schemaType, catalogueLife, check.Schema()}, nil
}
