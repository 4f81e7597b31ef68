package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testnetworks"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// network is a segmentation network as an operator gives it; none is the built-in.
type network struct {
	file  []byte
	scale string
}

// open has one studio, confined and limited as in production. What it says is in
// the log.
func open(t *testing.T, n network) (*studio.Pool, *testapp.Output) {
	t.Helper()
	cfg := testapp.Install(t).Config(t, config.Worker)
	log := testapp.Log(t)
	c := studio.Config{
		Slots: 1, Command: []string{testapp.Binary(t, "studio")}, Models: cfg.ModelsDir,
		Memory: uint64(cfg.StudioMemoryMB) << 20, Limit: cfg.StudioTimeout, RequireConfinement: true,
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	}
	if n.file != nil {
		c.MatteModel, c.MatteScale = filepath.Join(t.TempDir(), "network.onnx"), n.scale
		if err := os.WriteFile(c.MatteModel, n.file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool, err := studio.NewPool(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, log
}

// onBlue develops a photo with the background replaced.
func onBlue(t *testing.T, pool *studio.Pool, given studio.Given) pipeline.Result {
	t.Helper()
	catalogue, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := catalogue.Find("gb-passport")
	if err != nil {
		t.Fatal(err)
	}
	job := pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG, Settings: edit.Settings{Background: "#4080c0"}}
	r, err := pool.Develop(t.Context(), job, given, func(photo.Step) {})
	if err != nil || len(r.Picture) == 0 {
		t.Fatalf("no photo, %q: %v", r.Reason, err)
	}
	return r
}

func portrait(t *testing.T) studio.Given {
	return studio.Given{Original: bytes.NewReader(testpictures.Portrait(t, portraits.Smiling))}
}

// apart is how far two photos differ, in levels of 255.
func apart(t *testing.T, a, b pipeline.Result) float64 {
	t.Helper()
	p, q := testpictures.Decode(t, a.Picture), testpictures.Decode(t, b.Picture)
	if p.Rect != q.Rect {
		t.Fatalf("photos of %v and %v", p.Rect, q.Rect)
	}
	sum := 0.0
	for i := range p.Pix {
		sum += math.Abs(float64(p.Pix[i]) - float64(q.Pix[i]))
	}
	return sum / float64(len(p.Pix))
}

func headHeight(t *testing.T, r pipeline.Result) float64 {
	t.Helper()
	var report check.Report
	if err := json.Unmarshal(r.Report, &report); err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Checks {
		if c.Name == check.HeadHeight && c.Value != nil {
			return *c.Value
		}
	}
	t.Fatal("the report has no head height")
	return 0
}

// The built-in network in another scale, and for larger pictures, shows what came
// of its numbers and cells on the way.
func TestAnOperatorsNetworkMakesThePhoto(t *testing.T) {
	half, full := [3]float32{0.5, 0.5, 0.5}, [3]float32{1, 1, 1}
	builtIn, _ := open(t, network{})
	want := onBlue(t, builtIn, portrait(t))
	for _, tt := range []struct {
		name string
		network
		levels, mm float64 // most from the built-in network's photo
	}{
		{"of MODNet's scale", network{testnetworks.Wrapped(256, half, half), "modnet"}, 0.05, 0.01},
		{"of IS-Net's scale", network{testnetworks.Wrapped(256, half, full), "isnet"}, 0.05, 0.01},
		// Asked half as often it draws the hair's top some 0.05 mm lower, by which
		// the whole photo moves.
		{"of 512 pixels a side", network{testnetworks.Wrapped(512, half, half), "modnet"}, 5, 0.1},
		{"of 1024 pixels a side", network{testnetworks.Wrapped(1024, [3]float32{}, full), "unit"}, 5, 0.1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pool, _ := open(t, tt.network)
			first := onBlue(t, pool, portrait(t))
			off := apart(t, want, first)
			if off > tt.levels {
				t.Errorf("the photo is %.2f levels from the built-in network's", off)
			}
			if d := math.Abs(headHeight(t, first) - headHeight(t, want)); d > tt.mm {
				t.Errorf("the head is %.2f mm away from the built-in network's", d)
			}
			// An edit goes by the analysis, whichever network is asked by then.
			edited := onBlue(t, builtIn, studio.Given{Analysis: bytes.NewReader(first.Analysis)})
			if off := apart(t, first, edited); off > 0.01 {
				t.Errorf("made from the analysis in another studio it is %.2f levels away", off)
			}
		})
	}
}

// Otherwise the test above shows nothing.
func TestAnotherNetworkOrScaleMakesAnotherPhoto(t *testing.T) {
	half := [3]float32{0.5, 0.5, 0.5}
	builtIn, _ := open(t, network{})
	want := onBlue(t, builtIn, portrait(t))
	for _, tt := range []struct {
		name string
		network
		least float64
	}{
		{"in a scale that is not its own", network{testnetworks.Wrapped(256, half, half), "unit"}, 0.5},
		{"that takes light for the person", network{testnetworks.Brightness([]testnetworks.Tensor{testnetworks.Picture(512)}, []testnetworks.Tensor{testnetworks.Matte(512)}, 1, 0), "unit"}, 20},
	} {
		pool, _ := open(t, tt.network)
		if off := apart(t, want, onBlue(t, pool, portrait(t))); off < tt.least {
			t.Errorf("a network %s: the photo is %.2f levels from the built-in network's", tt.name, off)
		}
	}
}

func TestAStudioThatCannotUseItsNetworkSaysWhy(t *testing.T) {
	for name, tt := range map[string]struct {
		network
		want string
	}{
		"no network":    {network{[]byte("<html>404</html>"), "unit"}, "not a network that can be read"},
		"a grey one":    {network{testnetworks.Brightness([]testnetworks.Tensor{{Name: "picture", Type: testnetworks.Float, Sizes: []int64{1, 1, 320, 320}}}, []testnetworks.Tensor{testnetworks.Matte(320)}, 1, 0), "unit"}, "1 x 3 x side x side"},
		"another scale": {network{testnetworks.Wrapped(256, [3]float32{}, [3]float32{1, 1, 1}), "rgb"}, "MATTE_MODEL_SCALE"},
	} {
		t.Run(name, func(t *testing.T) {
			pool, log := open(t, tt.network)
			testapp.Eventually(t, 20*time.Second, "the reason is logged", func() bool {
				return strings.Contains(log.String(), "MATTE_MODEL") && strings.Contains(log.String(), tt.want)
			})
			if pool.Ready() == nil {
				t.Error("the studio is ready")
			}
		})
	}
}
