package pipeline

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/dlib"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/onnx"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vips"
)

// line is the real pipeline: libvips, dlib and both networks. The tests share
// one, as a studio has one, and use it in turn.
var line = sync.OnceValues(func() (*Line, error) {
	models := os.Getenv("MODELS_DIR")
	if models == "" {
		models = filepath.Join("..", "..", ".deps", "models")
	}
	pictures, err := vips.Start()
	if err != nil {
		return nil, err
	}
	detector, err := dlib.Open(models)
	if err != nil {
		return nil, err
	}
	networks, err := onnx.Open(filepath.Join(models, "libonnxruntime.so.1.32.0"), onnx.BuiltIn())
	if err != nil {
		return nil, err
	}
	return &Line{Pictures: pictures, Encoder: pictures, Detector: detector, Networks: networks, Now: time.Now}, nil
})

func realLine(t *testing.T) *Line {
	t.Helper()
	l, err := line()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func spec(t *testing.T, id string) docspec.Spec {
	t.Helper()
	c, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func documents() []string {
	return []string{"us-passport", "gb-passport", "de-passport", "ca-passport", "cn-visa"}
}

// develop runs the whole line.
func develop(t *testing.T, id string, f photo.Format, original []byte) (Result, check.Report) {
	t.Helper()
	r, err := realLine(t).Develop(context.Background(), Job{Spec: spec(t, id), AgeBand: photo.Adult, Format: f}, Material{Original: original}, func(photo.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	var report check.Report
	if r.Reason == "" {
		if err := json.Unmarshal(r.Report, &report); err != nil {
			t.Fatal(err)
		}
	}
	return r, report
}
