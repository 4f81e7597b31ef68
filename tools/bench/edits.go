package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
)

// openStudio starts one studio as a worker has it.
func openStudio(models string) (*studio.Pool, error) {
	binary, err := filepath.Abs("bin/studio")
	if err != nil {
		return nil, err
	}
	return studio.NewPool(studio.Config{
		Slots: 1, Command: []string{binary}, Models: models,
		Log: slog.New(slog.DiscardHandler),
	})
}

func find(id string) (docspec.Spec, error) {
	catalogue, err := docspec.Load()
	if err != nil {
		return docspec.Spec{}, err
	}
	return catalogue.Find(id)
}

// upload is a picture as one kind of file.
type upload struct {
	name   string
	format photo.Format
	file   []byte
}

func uploads() []upload {
	large := testpictures.Megapixels(driver{}, 12)
	small := testpictures.Decode(driver{}, testpictures.Megapixels(driver{}, 1))
	return []upload{
		{"JPEG, 12 MP", photo.JPEG, large},
		{"PNG, 12 MP", photo.PNG, testpictures.PNG(driver{}, testpictures.Decode(driver{}, large))},
		{"HEIC, 1 MP", photo.HEIC, testpictures.HEIC(driver{}, small)},
		{"AVIF, 1 MP", photo.AVIF, testpictures.AVIF(driver{}, small)},
	}
}

// kinds of edits; none touches the original again.
func kinds() []struct {
	name     string
	settings edit.Settings
} {
	return []struct {
		name     string
		settings edit.Settings
	}{
		{"moved", edit.Settings{Background: edit.Original, Down: -0.5, TurnDeg: 1}},
		{"other light", edit.Settings{Background: edit.Original, Brightness: 10, Sharpness: 20}},
		{"background replaced", edit.Settings{Background: "#e0e0e0"}},
	}
}

// editDocuments are one of the usual 35 x 45 mm, whose background may be replaced,
// and one of 2 x 2 inches, which has 1.6 times as many pixels.
func editDocuments() []string { return []string{"jp-evisa", document} }

// printEdits has the studio make edits from the analysis of a first photo. What
// it prints is the time until the parent has the new photo, the pipe included.
func printEdits(ctx context.Context, pool *studio.Pool, runs int) error {
	t := newTable("first upload")
	for _, id := range editDocuments() {
		spec, err := find(id)
		if err != nil {
			return err
		}
		for _, u := range uploads() {
			e := edits{pool, pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: u.format}, runs}
			if err := e.print(ctx, t, u); err != nil {
				return fmt.Errorf("%s for %s: %w", u.name, id, err)
			}
		}
	}
	t.print()
	return nil
}

// edits are those of one upload for one document.
type edits struct {
	pool *studio.Pool
	job  pipeline.Job
	runs int
}

func (e edits) print(ctx context.Context, t *table, u upload) error {
	nobodyWaits := func(photo.Step) {}
	e.job.Settings.Background = edit.Original
	first, err := e.pool.Develop(ctx, e.job, studio.Given{Original: bytes.NewReader(u.file)}, nobodyWaits)
	if err != nil {
		return err
	}
	row := u.name + ", " + e.job.Spec.ID
	t.set(row, "analysis, kB", fmt.Sprint(len(first.Analysis)/1000))
	for _, k := range kinds() {
		e.job.Settings = k.settings
		took, err := timed(e.runs, func() error {
			r, err := e.pool.Develop(ctx, e.job, studio.Given{Analysis: bytes.NewReader(first.Analysis)}, nobodyWaits)
			if err != nil {
				return err
			}
			if r.NeedsOriginal || r.Reason != "" {
				return fmt.Errorf("%s: no photo from the analysis", k.name)
			}
			return nil
		})
		if err != nil {
			return err
		}
		t.set(row, k.name, milliseconds(took))
	}
	return nil
}
