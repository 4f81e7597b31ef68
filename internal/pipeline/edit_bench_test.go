package pipeline

import (
	"context"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
)

// The costliest edit: a new background for the largest of the usual photos, from the
// analysis of a picture of 12 megapixels.
func BenchmarkEdit(b *testing.B) {
	l, err := line()
	if err != nil {
		b.Fatal(err)
	}
	catalogue, err := docspec.Load()
	if err != nil {
		b.Fatal(err)
	}
	spec, err := catalogue.Find("us-passport")
	if err != nil {
		b.Fatal(err)
	}
	job := Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG}
	nobody := func(photo.Step) {}
	first, err := l.Develop(context.Background(), job, Material{Original: testpictures.Megapixels(b, 12)}, nobody)
	if err != nil || first.Reason != "" {
		b.Fatal(err, first.Reason)
	}
	job.Settings.Background = edit.Background("#e0e0e0")
	for b.Loop() {
		if _, err := l.Develop(context.Background(), job, Material{Analysis: first.Analysis}, nobody); err != nil {
			b.Fatal(err)
		}
	}
}
