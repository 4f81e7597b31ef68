package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/printsheet"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
)

// printSheets fills an A4 sheet with a finished photo.
func printSheets(ctx context.Context, pool *studio.Pool, p picture, runs int) error {
	spec, err := find(document)
	if err != nil {
		return err
	}
	job := pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG}
	made, err := pool.Develop(ctx, job, studio.Given{Original: bytes.NewReader(p.file)}, func(photo.Step) {})
	if err != nil {
		return err
	}
	paper, ok := printsheet.FindPaper("a4")
	if !ok {
		return fmt.Errorf("no A4 paper")
	}
	sheet, err := printsheet.Plan(printsheet.Order{Spec: spec, Paper: paper, Format: printsheet.PDF, Fill: true})
	if err != nil {
		return err
	}
	t := newTable("A4 sheet, " + fmt.Sprint(sheet.Copies) + " photos")
	for _, kind := range []struct {
		name string
		make func() ([]byte, error)
	}{
		{"PDF", func() ([]byte, error) { return sheet.PDF(made.Picture, time.Now()) }},
		{"JPEG, 300 DPI", func() ([]byte, error) { return sheet.JPEG(ctx, made.Picture, 300) }},
		{"JPEG, 600 DPI", func() ([]byte, error) { return sheet.JPEG(ctx, made.Picture, 600) }},
	} {
		var file []byte
		took, err := timed(runs, func() (err error) {
			file, err = kind.make()
			return err
		})
		if err != nil {
			return err
		}
		t.set(kind.name, "ms", milliseconds(took))
		t.set(kind.name, "file, kB", fmt.Sprint(len(file)/1000))
	}
	t.print()
	return nil
}
