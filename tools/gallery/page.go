package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/draw"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

const introduction = `# Gallery

The three test portraits, and what becomes of them. Drawn in on the photos: the top
of the hair (blue), the top of the skull as it is estimated (green), the eyes
(brown), the chin (red) and the middle; the figures are millimetres from the top
edge. Where the pictures come from stands in
` + "[PROVENANCE.md](../testdata/portraits/PROVENANCE.md)" + `; ` + "`make gallery`" + ` makes the page anew.
`

// height of the gallery's pictures in pixels.
const height = 320

func write(ctx context.Context, docs string) error {
	pool, err := open()
	if err != nil {
		return err
	}
	defer pool.Close()
	catalogue, err := docspec.Load()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(docs, "gallery"), 0o750); err != nil {
		return err
	}
	var page strings.Builder
	page.WriteString(introduction)
	for _, n := range portraits.All() {
		original, err := n.Read()
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(string(n), ".")
		before, err := keep(docs, name+"-before", original, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(&page, "\n## %s\n\n| before | %s |\n|---|%s\n| %s |", strings.ReplaceAll(name, "-", " "),
			strings.Join(documents(), " | "), strings.Repeat("---|", len(documents())), before)
		for _, id := range documents() {
			spec, err := catalogue.Find(id)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			cell, err := after(ctx, pool, spec, docs, n, original)
			if err != nil {
				return fmt.Errorf("%s for %s: %w", n, id, err)
			}
			fmt.Fprintf(&page, " %s |", cell)
		}
		page.WriteString("\n")
	}
	return os.WriteFile(filepath.Join(docs, "gallery.md"), []byte(page.String()), 0o600)
}

func open() (*studio.Pool, error) {
	binary, err := filepath.Abs("bin/studio")
	if err != nil {
		return nil, err
	}
	models, err := filepath.Abs(".deps/models")
	if err != nil {
		return nil, err
	}
	return studio.NewPool(studio.Config{
		Slots: 1, Command: []string{binary}, Models: models, Log: slog.New(slog.DiscardHandler),
	})
}

// after is the cell of one photo: picture, size and verdict.
func after(ctx context.Context, pool *studio.Pool, spec docspec.Spec, docs string, n portraits.Name, original []byte) (string, error) {
	job := pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: n.Format()}
	r, err := pool.Develop(ctx, job, studio.Given{Original: bytes.NewReader(original)}, func(photo.Step) {})
	if err != nil {
		return "", err
	}
	if r.Reason != "" {
		return string(r.Reason), nil
	}
	var report check.Report
	if err := json.Unmarshal(r.Report, &report); err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(string(n), ".")
	cell, err := keep(docs, name+"-"+spec.ID, r.Picture, func(img *image.RGBA) error {
		return drawGuides(img, report.Guides, float64(spec.Height.Value))
	})
	if err != nil {
		return "", err
	}
	cell += fmt.Sprintf("<br>%s, `%s`", spec.Size(), report.Verdict)
	if report.Formatting.BackgroundReplaced {
		cell += ", background replaced"
	}
	return cell, nil
}

// keep saves a picture in the gallery, at its height, and returns the Markdown
// that shows it.
func keep(docs, name string, file []byte, mark func(*image.RGBA) error) (string, error) {
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return "", err
	}
	size := img.Bounds().Size()
	small := image.NewRGBA(image.Rect(0, 0, size.X*height/size.Y, height))
	draw.CatmullRom.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	if mark != nil {
		if err := mark(small); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82}); err != nil {
		return "", err
	}
	path := filepath.Join("gallery", name+".jpg")
	if err := os.WriteFile(filepath.Join(docs, path), out.Bytes(), 0o600); err != nil {
		return "", err
	}
	return fmt.Sprintf("![%s](%s)", name, path), nil
}
