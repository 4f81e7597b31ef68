package worker

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// rig is a worker on real stores, with a studio that does what the test says.
type rig struct {
	*testing.T
	in      *testapp.Installation
	url     string
	store   *storage.Storage
	photos  *sqlstore.Photos
	vault   *vault.Vault
	queue   *tasks.Queue
	studio  *scripted
	handler *Handler
	events  *progress.Subscriber
	last    photo.ID // for acts that need it
}

func newRig(t *testing.T, settings ...string) *rig {
	t.Helper()
	in := testapp.Install(t)
	in.Env = append(in.Env, settings...)
	store := in.Migrated(t)
	catalogue, err := docspec.Load()
	ok(t, err)

	r := &rig{T: t, in: in, url: in.Redis.URL, store: store, photos: store.Photos, vault: store.Vault, studio: &scripted{}}
	redis, err := tasks.ParseRedis(r.url)
	ok(t, err)
	r.queue = tasks.NewQueue(redis)
	t.Cleanup(func() { _ = r.queue.Close() })
	client := redis.Client()
	t.Cleanup(func() { _ = client.Close() })
	r.events = progress.NewSubscriber(client)
	r.handler = NewHandler(Options{
		Claims: r.photos, Outcomes: r.photos, Vault: r.vault, Studio: r.studio, Queue: r.queue,
		Statistics: statistics.NewRecorder(statistics.Options{
			Store: store.Statistics, Catalogue: catalogue, Meter: metrics.New("worker", "test").NewStatistics(),
			Log: slog.New(slog.DiscardHandler), Now: time.Now,
		}),
		Progress: progress.NewPublisher(client), Catalogue: catalogue, Meter: metrics.New("worker", "test").NewWorker(),
		Log: slog.New(slog.DiscardHandler), Now: time.Now, RenewEvery: 10 * time.Millisecond,
	})
	return r
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// upload has a photo queued, with its task.
func (r *rig) upload() photo.ID {
	r.Helper()
	id := testapp.Upload(r.T, r.store, time.Now(), []byte("an original"))
	ok(r.T, r.queue.EnqueuePhoto(r.Context(), photo.Claim{ID: id, Revision: 1}))
	return id
}

// serve runs the worker until the test ends or stop is called.
func (r *rig) serve() (stop func()) {
	r.Helper()
	redis, err := tasks.ParseRedis(r.url)
	ok(r.T, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, redis, 1, r.handler, slog.New(slog.DiscardHandler)) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			r.Error(err)
		}
	})
	r.Cleanup(stop)
	return stop
}

func (r *rig) get(id photo.ID) photo.Photo {
	r.Helper()
	p, err := r.photos.Get(r.Context(), id)
	ok(r.T, err)
	return p
}

// reaches waits until the photo has a status.
func (r *rig) reaches(id photo.ID, want photo.Status) photo.Photo {
	r.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		p := r.get(id)
		if p.Status == want {
			return p
		}
		if time.Now().After(deadline) {
			r.Fatalf("the photo is %s (attempt %d), not %s", p.Status, p.Attempt, want)
		}
	}
}

// stored reads what a turn left; "" for nothing.
func (r *rig) stored(kind vault.Kind, c photo.Claim) string {
	r.Helper()
	b, err := r.vault.Read(r.Context(), vault.Of(kind, c))
	if err != nil && !errors.Is(err, vault.ErrMissing) {
		r.Fatal(err)
	}
	return string(b)
}

// act is what the studio does with one picture.
type act func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error)

// scripted plays one act after the other, and the last one from then on.
type scripted struct {
	mu   sync.Mutex
	acts []act
	jobs []pipeline.Job

	handed []handed
}

// handed is what the studio was given of a picture.
type handed struct{ original, analysis string }

func (s *scripted) plays(acts ...act) { s.acts = acts }

func (s *scripted) Develop(ctx context.Context, job pipeline.Job, given studio.Given, at func(photo.Step)) (pipeline.Result, error) {
	var was handed
	for _, of := range []struct {
		stream io.Reader
		into   *string
	}{{given.Original, &was.original}, {given.Analysis, &was.analysis}} {
		if of.stream == nil {
			continue
		}
		b, err := io.ReadAll(of.stream)
		if err != nil {
			return pipeline.Result{}, err
		}
		*of.into = string(b)
	}
	s.mu.Lock()
	s.jobs, s.handed = append(s.jobs, job), append(s.handed, was)
	now := s.acts[0]
	if len(s.acts) > 1 {
		s.acts = s.acts[1:]
	}
	s.mu.Unlock()
	return now(ctx, at)
}

func develops(_ context.Context, at func(photo.Step)) (pipeline.Result, error) {
	at(photo.StepDecode)
	at(photo.StepRender)
	return pipeline.Result{
		Picture: []byte("a photo"), Report: []byte(`{"verdict":"pass"}`), Analysis: []byte("what was seen"),
		Steps: []pipeline.StepTime{{Step: photo.StepDecode, Took: time.Millisecond}},
	}, nil
}

func fails(err error) act {
	return func(context.Context, func(photo.Step)) (pipeline.Result, error) { return pipeline.Result{}, err }
}
