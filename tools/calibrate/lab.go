package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/dlib"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/onnx"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/vips"
)

// document is one that leaves picture and background as they are, so that what is
// measured is the picture's.
const document = "us-passport"

// lab is the pipeline with its tools.
type lab struct {
	line     *pipeline.Line
	detector *dlib.Detector
	networks *onnx.Networks
	encoder  *vips.Library
	spec     docspec.Spec
}

func openLab(models string) (*lab, error) {
	pictures, err := vips.Start()
	if err != nil {
		return nil, err
	}
	l := &lab{encoder: pictures}
	if l.detector, err = dlib.Open(models); err != nil {
		return nil, err
	}
	if l.networks, err = onnx.Open(filepath.Join(models, "libonnxruntime.so.1.32.0"), onnx.BuiltIn()); err != nil {
		return nil, err
	}
	catalogue, err := docspec.Load()
	if err != nil {
		return nil, err
	}
	if l.spec, err = catalogue.Find(document); err != nil {
		return nil, err
	}
	l.line = &pipeline.Line{Pictures: pictures, Encoder: pictures, Detector: l.detector, Networks: l.networks, Now: time.Now}
	return l, nil
}

// judge has a picture judged; the reason is why no photo could be made, if none could.
func (l *lab) judge(ctx context.Context, file []byte) (check.Report, photo.Reason, error) {
	job := pipeline.Job{Spec: l.spec, AgeBand: photo.Adult, Format: photo.JPEG, Settings: edit.Settings{Background: edit.Original}}
	r, err := l.line.Develop(ctx, job, pipeline.Material{Original: file}, func(photo.Step) {})
	if err != nil || r.Reason != "" {
		return check.Report{}, r.Reason, err
	}
	var report check.Report
	return report, "", json.Unmarshal(r.Report, &report)
}

// clean judges copies that nobody would call worse than the portrait.
func (l *lab) clean(ctx context.Context, s *sitter, t *tally) error {
	for _, c := range cleanCopies(s) {
		report, reason, err := l.judge(ctx, encoded(c, usualQuality))
		if err != nil {
			return err
		}
		if reason != "" {
			return fmt.Errorf("a clean copy of %s was rejected: %w", s.name, reason)
		}
		t.clean(s, report)
	}
	return nil
}

// grade judges a sitter with a fault at every grade.
func (l *lab) grade(ctx context.Context, s *sitter, f fault, t *tally, write string) error {
	for i, level := range f.levels {
		img, quality := f.make(s, level)
		if img == nil {
			continue
		}
		file := encoded(img, quality)
		if write != "" {
			name := fmt.Sprintf("%s-%s-%d.jpg", f.name, s.name, i)
			if err := os.WriteFile(filepath.Join(write, name), file, 0o600); err != nil {
				return err
			}
		}
		report, reason, err := l.judge(ctx, file)
		if err != nil {
			return err
		}
		t.graded(s, f, i, report, reason)
	}
	return nil
}

// usualQuality is that of a telephone's files.
const usualQuality = 92

func encoded(img image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a picture in memory, written to memory
	}
	return b.Bytes()
}

// cutOut returns the sitter on nothing, with room around the head, at 600 DPI.
func (l *lab) cutOut(ctx context.Context, file []byte) (*image.NRGBA, error) {
	catalogue, err := docspec.Load()
	if err != nil {
		return nil, err
	}
	spec, err := catalogue.Find("custom:60x70,head=32-34,dpi=400")
	if err != nil {
		return nil, err
	}
	job := pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG, Settings: edit.Settings{Background: edit.Transparent}}
	r, err := l.line.Develop(ctx, job, pipeline.Material{Original: file}, func(photo.Step) {})
	if err != nil {
		return nil, err
	}
	if r.Reason != "" {
		return nil, r.Reason
	}
	img, err := png.Decode(bytes.NewReader(r.Picture))
	if err != nil {
		return nil, err
	}
	cut, ok := img.(*image.NRGBA)
	if !ok {
		return nil, fmt.Errorf("a cut-out of type %T", img)
	}
	return cut, nil
}
