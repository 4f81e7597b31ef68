package httpapi

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/printsheet"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// A JPEG of an office page takes about half a second of a core: so few are made
// at a time (MaxSheets), and whoever comes in between waits a little.
const (
	sheetPatience = 2 * time.Second  // for a place among those being made
	sheetLimit    = 10 * time.Second // for everything
)

const aboutSheets = `A sheet to print: photos in real millimetres with marks to cut along, a bar of
exactly 50 mm to measure the print by, and advice. A JPEG is one sheet; when it
does not hold all copies it says how often to print it. A PDF has as many pages
as it takes.

Where only a professional may print the document's photos, this is a file for the
shop instead: as PDF a page with the photo at its size and what the shop has to
know, as JPEG the finished photo itself.

Until the photo is ready the answer is 409.`

type sheetInput struct {
	Visitor
	Paper    string  `query:"paper" enum:"a4,letter,10x15,4x6,13x18,custom" default:"a4" doc:"10x15 and 13x18 are centimetres, 4x6 is inches"`
	WidthMM  float64 `query:"width_mm" minimum:"80" maximum:"420" doc:"with paper=custom"`
	HeightMM float64 `query:"height_mm" minimum:"80" maximum:"420" doc:"with paper=custom"`
	Format   string  `query:"format" enum:"pdf,jpeg" default:"pdf"`
	DPI      int     `query:"dpi" minimum:"300" maximum:"600" multipleOf:"300" default:"300" doc:"of a JPEG"`
	Copies   string  `query:"copies" pattern:"^([1-9][0-9]?|fill)$" patternDescription:"1 to 99, or fill for as many as one sheet holds" doc:"photos; as many as the document's prints_needed when left out, and at least one"`
	Download bool    `query:"download" doc:"ask the browser to save the sheet as a file"`
}

// Resolve implements huma.Resolver: it checks what concerns several parameters,
// and NaN, which passes every comparison.
func (in *sheetInput) Resolve(c huma.Context) []error {
	var errs []error
	check := func(name string, mm float64) {
		given, custom := c.Query(name) != "", in.Paper == "custom"
		var message string
		switch {
		case custom && !given:
			message = "required with paper=custom"
		case given && !custom:
			message = "goes only with paper=custom"
		case math.IsNaN(mm):
			message = "expected a number"
		default:
			return
		}
		errs = append(errs, &huma.ErrorDetail{Location: "query." + name, Message: message})
	}
	check("width_mm", in.WidthMM)
	check("height_mm", in.HeightMM)
	return errs
}

// paper is the paper that is asked for. Its parameters were checked.
func (in *sheetInput) paper() (printsheet.Paper, error) {
	if p, ok := printsheet.FindPaper(in.Paper); ok {
		return p, nil
	}
	return printsheet.CustomPaper(printsheet.Size{W: geom.MM(in.WidthMM), H: geom.MM(in.HeightMM)})
}

func (a *API) routeSheets(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "get-print-sheet", Method: http.MethodGet, Path: "/v1/photos/{id}/print-sheet",
		Summary: "A sheet of photos to print", Tags: []string{"photos"}, Description: aboutSheets,
		Responses: fileAnswer("The sheet", pdfType, jpegType),
	}, api, http.StatusConflict), a.getSheet)
}

func (a *API) getSheet(ctx context.Context, in *sheetInput) (*resultOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, sheetLimit)
	defer cancel()
	p, err := a.open(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	spec, err := a.Catalogue.Find(p.Document)
	if err != nil {
		return nil, a.problemOf(fmt.Errorf("the photo's document: %w", err))
	}
	b, err := a.makeSheet(ctx, p, spec, in)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return in.file(spec, b), nil
}

// file is the answer, with a name that tells the document and the paper.
func (in *sheetInput) file(spec docspec.Spec, content []byte) *resultOutput {
	out := &resultOutput{ContentType: pdfType, Disposition: "inline", Body: content}
	use, ending := in.Paper, "pdf"
	if printsheet.ForShop(spec) {
		use = "for-the-shop"
	}
	if in.Format == string(printsheet.JPEG) {
		out.ContentType, ending = jpegType, "jpg"
	}
	if in.Download {
		out.Disposition = "attachment"
	}
	out.Disposition += fmt.Sprintf("; filename=%q", docspec.ShortID(spec.ID)+"-"+use+"."+ending)
	return out
}

// makeSheet lays out a sheet and prints the photo on it.
func (a *API) makeSheet(ctx context.Context, p photo.Photo, spec docspec.Spec, in *sheetInput) ([]byte, error) {
	format := printsheet.Format(in.Format)
	if p.Status != photo.Ready || format == printsheet.JPEG && printsheet.ForShop(spec) {
		return a.result(ctx, p, vault.Result)
	}
	sheet, err := in.plan(spec)
	if err != nil {
		return nil, err
	}
	return a.printed(ctx, p, func(jpeg []byte) ([]byte, error) {
		if format == printsheet.JPEG {
			return sheet.JPEG(ctx, jpeg, in.DPI)
		}
		return sheet.PDF(jpeg, a.Now())
	})
}

// plan lays the sheet out. What can't be is a problem that names its parameters.
func (in *sheetInput) plan(spec docspec.Spec) (printsheet.Sheet, error) {
	paper, err := in.paper()
	if err != nil {
		return printsheet.Sheet{}, err
	}
	o := printsheet.Order{Spec: spec, Paper: paper, Format: printsheet.Format(in.Format), Fill: in.Copies == "fill"}
	o.Copies, _ = strconv.Atoi(in.Copies) // 0 for "fill" and for nothing
	sheet, err := printsheet.Plan(o)
	if small := (printsheet.TooSmallError{}); errors.As(err, &small) {
		return sheet, in.paperTooSmall(small)
	}
	if errors.Is(err, printsheet.ErrNoSize) {
		return sheet, problem(http.StatusUnprocessableEntity, "no_print_size",
			"This document asks for a file of "+spec.Size()+" and has no size on paper. Hand in the finished photo itself.")
	}
	return sheet, err
}

func (in *sheetInput) paperTooSmall(e printsheet.TooSmallError) *Problem {
	p := problem(http.StatusUnprocessableEntity, "paper_too_small", fmt.Sprintf(
		"This paper does not hold a photo of %v with its margins, the 50 mm bar and the printing advice. Choose a larger paper.", e.Photo))
	for _, name := range []string{"paper", "width_mm", "height_mm"} {
		if name == "paper" || in.Paper == "custom" {
			p.Errors = append(p.Errors, Error{"query." + name, "too small for the photo"})
		}
	}
	return p
}

// printed reads the finished photo, as a JPEG, and puts it on paper, when there is a
// place among what is being printed.
func (a *API) printed(ctx context.Context, p photo.Photo, onto func(jpeg []byte) ([]byte, error)) ([]byte, error) {
	leave, err := a.enterSheets(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	b, err := a.result(ctx, p, vault.Result)
	if err == nil && kindOf(b) == pngType {
		b, err = onPaper(b)
	}
	if err != nil {
		return nil, err
	}
	return onto(b)
}

// enterSheets takes one of the places for sheets being made, and gives it back
// with leave.
func (a *API) enterSheets(ctx context.Context) (leave func(), err error) {
	patience, cancel := context.WithTimeout(ctx, sheetPatience)
	defer cancel()
	select {
	case a.sheets <- struct{}{}:
		return func() { <-a.sheets }, nil
	case <-patience.Done():
		return nil, retry(problem(http.StatusServiceUnavailable, "too_many_sheets", "Many sheets are being made at the moment. Please try again in a few seconds."), comeBackSoon)
	}
}
