package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/passportphotogenie/passportphotogenie/internal/density"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

type resultInput struct {
	Visitor
	Download bool   `query:"download" doc:"ask the browser to save the photo as a file"`
	Format   string `query:"format" enum:"png" doc:"png turns a JPEG into a PNG of the same pixels, for offices that want one"`
}

type resultOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// The kinds of files a result may be.
const (
	jpegType = "image/jpeg"
	pngType  = "image/png"
)

func (a *API) getResult(ctx context.Context, in *resultInput) (*resultOutput, error) {
	p, err := a.open(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	b, err := a.result(ctx, p, vault.Result)
	if err != nil {
		return nil, a.problemOf(err)
	}
	out := &resultOutput{ContentType: kindOf(b), Disposition: "inline", Body: b}
	if in.Format == "png" && out.ContentType == jpegType {
		spec, err := a.Catalogue.Find(p.Document)
		if err != nil {
			return nil, a.problemOf(err)
		}
		if out.Body, err = asPNG(b, spec.PrintDPI()); err != nil {
			return nil, a.problemOf(err)
		}
		out.ContentType = pngType
	}
	if in.Download {
		extension := map[string]string{jpegType: ".jpg", pngType: ".png"}[out.ContentType]
		out.Disposition = fmt.Sprintf("attachment; filename=%q", docspec.ShortID(p.Document)+extension)
	}
	return out, nil
}

// kindOf tells the two kinds of results apart, which the studio has checked.
func kindOf(result []byte) string {
	if bytes.HasPrefix(result, []byte("\x89PNG")) {
		return pngType
	}
	return jpegType
}

// asPNG saves a result of ours without another loss, with its resolution.
func asPNG(b []byte, dpi int) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("turn a result into a PNG: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("turn a result into a PNG: %w", err)
	}
	return density.PNG(out.Bytes(), dpi), nil
}

// paperQuality loses nothing that a printer could show.
const paperQuality = 95

// onPaper lays a see-through result of ours on white, as paper does.
func onPaper(b []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("lay a result on paper: %w", err)
	}
	sheet := image.NewRGBA(img.Bounds())
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(sheet, sheet.Rect, img, img.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, sheet, &jpeg.Options{Quality: paperQuality}); err != nil {
		return nil, fmt.Errorf("lay a result on paper: %w", err)
	}
	return out.Bytes(), nil
}
