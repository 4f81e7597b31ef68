package main

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// midnight is when the clocks of these tests begin.
var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// open has a worker with the real studio and a clock that stands still.
func open(t *testing.T, in *testapp.Installation) (*App, *testapp.Clock) {
	t.Helper()
	clock := testapp.NewClock(midnight)
	app, err := New(t.Context(), in.Config(t, process), surroundings(t, clock, testapp.Binary(t, "studio")))
	if err != nil {
		t.Fatal(err)
	}
	return app, clock
}

func surroundings(t *testing.T, clock *testapp.Clock, studio string) Surroundings {
	return Surroundings{
		Log: logging.New(logging.Options{Out: testapp.Log(t), Process: string(process)}), Now: clock.Now, Studio: studio,
	}
}

// enqueue asks for a photo as the API and the scheduler do.
func enqueue(t *testing.T, in *testapp.Installation, id photo.ID) {
	t.Helper()
	redis, err := tasks.ParseRedis(in.Redis.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := tasks.NewQueue(redis)
	defer func() { _ = q.Close() }()
	if err := q.EnqueuePhoto(t.Context(), photo.Claim{ID: id, Revision: 1}); err != nil {
		t.Fatal(err)
	}
}

func TestAPhotoThatWaitsIsMadeAndOneWhoseTimeIsOverIsLeftAlone(t *testing.T) {
	in := testapp.Install(t)
	store, portrait := in.Migrated(t), testpictures.Portrait(t, portraits.Smiling)
	over := testapp.Upload(t, store, midnight, portrait)
	waits := testapp.Upload(t, store, midnight.Add(time.Hour), portrait)
	app, clock := open(t, in)
	clock.Forward(retention.PictureFloor)
	get := func(id photo.ID) photo.Photo {
		p, err := store.Photos.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, id := range []photo.ID{over, waits} { // they are taken in this order
		enqueue(t, in, id)
	}
	worker := testapp.Start(t, app)
	testapp.Eventually(t, time.Minute, "the photo is made", func() bool { return get(waits).Status.Settled() })
	worker.Stop()

	p := get(waits)
	if p.Status != photo.Ready {
		t.Fatalf("the photo is %s, %s", p.Status, p.Reason)
	}
	result, err := store.Vault.Read(t.Context(), vault.Of(vault.Result, p.Claim()))
	if err != nil {
		t.Fatal(err)
	}
	if cfg, err := jpeg.DecodeConfig(bytes.NewReader(result)); err != nil || cfg.Width != 600 || cfg.Height != 600 {
		t.Errorf("the result is %d x %d: %v", cfg.Width, cfg.Height, err)
	}
	if p := get(over); p.Status != photo.Queued || p.Attempt != 0 {
		t.Errorf("the photo whose time is over is %s, attempt %d", p.Status, p.Attempt)
	}
}

func TestAWorkerIsReadyWhenEverythingThatItNeedsIsThere(t *testing.T) {
	in := testapp.Install(t)
	in.Redis.Stop()
	app, _ := open(t, in)
	testapp.Start(t, app)
	readiness := func() string {
		_, body := testapp.Get(t, "http://"+app.ops.Addr()+"/readyz")
		return strings.TrimSpace(body)
	}
	for _, step := range []struct {
		comes func()
		want  string
	}{
		{func() {}, `{"ready":false,"failing":["keys","records","redis","stores"]}`}, // once a studio is up
		{func() { in.Migrated(t) }, `{"ready":false,"failing":["redis"]}`},
		{func() { in.Redis.Start(t) }, `{"ready":true}`},
	} {
		step.comes()
		testapp.Eventually(t, 20*time.Second, step.want, func() bool { return readiness() == step.want })
	}
}

func TestAMissingStudioIsNamedAtTheStart(t *testing.T) {
	in := testapp.Install(t)
	missing := filepath.Join(in.Dir, "studio")
	_, err := New(t.Context(), in.Config(t, process), surroundings(t, testapp.NewClock(midnight), missing))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) || !strings.Contains(err.Error(), "make build") {
		t.Errorf("the error is: %v", err)
	}
}

func TestAMatteModelThatIsNoFileIsNamedAtTheStart(t *testing.T) {
	in := testapp.Install(t)
	empty := filepath.Join(in.Dir, "empty.onnx")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(in.Dir, "missing.onnx"), in.Dir, empty} {
		in.Env = append(in.Env, "MATTE_MODEL="+path, "MATTE_MODEL_SCALE=modnet")
		_, err := New(t.Context(), in.Config(t, process), surroundings(t, testapp.NewClock(midnight), testapp.Binary(t, "studio")))
		if err == nil || !strings.Contains(err.Error(), "MATTE_MODEL: ") || !strings.Contains(err.Error(), path) {
			t.Errorf("the error is: %v", err)
		}
	}
}

func TestAWorkerWhoseMatteModelIsOfNoUseSaysWhyAndIsNotReady(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	path := filepath.Join(in.Dir, "page.onnx")
	if err := os.WriteFile(path, []byte("<html>Not found</html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	in.Env = append(in.Env, "MATTE_MODEL="+path, "MATTE_MODEL_SCALE=modnet")
	log := testapp.Log(t)
	s := surroundings(t, testapp.NewClock(midnight), testapp.Binary(t, "studio"))
	s.Log = logging.New(logging.Options{Out: log, Process: string(process)})
	app, err := New(t.Context(), in.Config(t, process), s)
	if err != nil {
		t.Fatal(err)
	}
	testapp.Start(t, app)
	testapp.Eventually(t, 20*time.Second, "the reason is logged", func() bool {
		said := log.String()
		return strings.Contains(said, "studio failed to start") && strings.Contains(said, "MATTE_MODEL ("+path+")") &&
			strings.Contains(said, "not a network that can be read")
	})
	if _, body := testapp.Get(t, "http://"+app.ops.Addr()+"/readyz"); !strings.Contains(body, `"studios"`) {
		t.Errorf("readiness is %s", body)
	}
}
