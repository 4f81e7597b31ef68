package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
)

const document = "us-passport"

// printSteps has the studio make photos.
func printSteps(ctx context.Context, pool *studio.Pool, pictures []picture, runs int) error {
	spec, err := find(document)
	if err != nil {
		return err
	}
	t := newTable("picture")
	for _, p := range pictures {
		took := map[string][]time.Duration{}
		for i := range warmUp + runs {
			began := time.Now()
			r, err := pool.Develop(ctx, pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG}, studio.Given{Original: bytes.NewReader(p.file)}, func(photo.Step) {})
			if err != nil {
				return err
			}
			if i >= warmUp {
				note(took, r.Steps, time.Since(began))
			}
		}
		row := fmt.Sprintf("%g MP", p.megapixels)
		for _, s := range append(photo.Steps(), "sum", "with pipe") {
			if d := took[string(s)]; len(d) > 0 {
				t.set(row, string(s), milliseconds(median(d)))
			}
		}
	}
	t.print()
	return nil
}

func note(took map[string][]time.Duration, steps []pipeline.StepTime, whole time.Duration) {
	var sum time.Duration
	for _, s := range steps {
		took[string(s.Step)] = append(took[string(s.Step)], s.Took)
		sum += s.Took
	}
	took["sum"] = append(took["sum"], sum)
	took["with pipe"] = append(took["with pipe"], whole)
}
