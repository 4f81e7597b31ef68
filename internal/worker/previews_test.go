package worker

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// booth is where previews are looked at, with the API's side of it.
type booth struct {
	*testing.T
	redis  tasks.Redis
	queue  *tasks.Queue
	asker  *preview.Asker
	taker  preview.Taker
	studio *scripted
	log    *testapp.Output
}

func newBooth(t *testing.T, offer time.Duration) *booth {
	t.Helper()
	r, err := tasks.ParseRedis(testservers.Redis(t))
	ok(t, err)
	b := &booth{T: t, redis: r, queue: tasks.NewQueue(r), studio: &scripted{}, log: testapp.Log(t)}
	client := r.Client()
	t.Cleanup(func() { _ = errors.Join(b.queue.Close(), client.Close()) })
	b.asker, b.taker = preview.NewAsker(client, b.queue, preview.Waits{Offer: offer, Answer: 10 * time.Second}), preview.NewTaker(client)
	return b
}

// open serves previews, one at a time, until the test ends.
func (b *booth) open() {
	b.Helper()
	catalogue, err := docspec.Load()
	ok(b.T, err)
	log := slog.New(slog.NewTextHandler(b.log, nil))
	h := NewPreviews(PreviewOptions{Taker: b.taker, Studio: b.studio, Catalogue: catalogue, Log: log})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- ServePreviews(ctx, b.redis, 1, h, log) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
}

func (b *booth) ask(document string) (preview.Answer, error) {
	return b.asker.Look(b.Context(), photo.Preview{
		Order: photo.Order{Document: document, AgeBand: photo.From6To10}, Format: photo.PNG, Picture: []byte("a small picture"),
	})
}

// empty waits until the queue has nothing of previews in any state.
func (b *booth) empty() {
	b.Helper()
	testapp.Eventually(b.T, 10*time.Second, "the queue is empty", func() bool {
		all, err := b.queue.Depths(b.Context())
		ok(b.T, err)
		for _, d := range all {
			if d.Queue == tasks.Critical {
				return d == metrics.Depth{Queue: tasks.Critical, Processes: d.Processes, Slots: d.Slots, Tries: d.Tries, Failures: d.Failures}
			}
		}
		return false
	})
}

func judges(report string) act {
	return func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		return pipeline.Result{Report: []byte(report)}, nil
	}
}

func TestAPreviewIsLookedAtAndLeavesNothing(t *testing.T) {
	b := newBooth(t, 10*time.Second)
	b.open()
	b.studio.plays(judges(`{"checks":[]}`), func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		return pipeline.Result{Reason: photo.NoFace}, nil
	})
	got, err := b.ask("us-passport")
	ok(t, err)
	if string(got.Report) != `{"checks":[]}` || got.Reason != "" {
		t.Errorf("the answer is %+v", got)
	}
	job, was := b.studio.jobs[0], b.studio.handed[0]
	if job.Spec.ID != "us-passport" || job.AgeBand != photo.From6To10 || job.Format != photo.PNG || !job.Preview {
		t.Errorf("the studio's job is %+v", job)
	}
	if diff := cmp.Diff(handed{original: "a small picture"}, was, cmp.AllowUnexported(handed{})); diff != "" {
		t.Error(diff)
	}
	if got, err := b.ask("us-passport"); err != nil || got.Reason != photo.NoFace {
		t.Errorf("the answer is %+v, error %v", got, err)
	}
	b.empty()
	if b.log.String() != "" {
		t.Errorf("the log says:\n%s", b.log)
	}
}

// The task of a preview that went wrong is not kept: nobody can use it.
func TestAPreviewThatGoesWrongIsToldAndNotKept(t *testing.T) {
	b := newBooth(t, 10*time.Second)
	b.open()
	b.studio.plays(fails(studio.ErrDied))
	for _, document := range []string{"us-passport", "xx-unknown"} {
		if _, err := b.ask(document); !errors.Is(err, preview.ErrFailed) {
			t.Errorf("%s: the error is %v", document, err)
		}
	}
	b.empty()
}

func TestWhileItsPlaceIsTakenAnotherPreviewIsToldBusy(t *testing.T) {
	b := newBooth(t, 300*time.Millisecond)
	b.open()
	entered, leave := make(chan struct{}), make(chan struct{})
	b.studio.plays(func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		close(entered)
		<-leave
		return pipeline.Result{Report: []byte(`{}`)}, nil
	}, judges(`{}`))
	first := make(chan error, 1)
	go func() {
		_, err := b.ask("us-passport")
		first <- err
	}()
	<-entered
	if _, err := b.ask("us-passport"); !errors.Is(err, preview.ErrBusy) {
		t.Errorf("the second has %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Errorf("the first has %v", err)
	}
	b.empty()
	if n := len(b.studio.jobs); n != 1 {
		t.Errorf("%d previews were looked at, one was busy", n)
	}
}

// IDs whose owners are gone, as an API that was killed leaves them.
func TestWhatNobodyWaitsForIsGoneAtOnce(t *testing.T) {
	b := newBooth(t, 10*time.Second)
	for range 50 {
		ok(t, b.queue.EnqueuePreview(t.Context(), photo.NewPreviewID()))
	}
	b.studio.plays(judges(`{}`))
	b.open()
	if _, err := b.ask("us-passport"); err != nil { // behind the fifty
		t.Fatal(err)
	}
	b.empty()
	if n := len(b.studio.jobs); n != 1 {
		t.Errorf("%d previews were looked at, one was wanted", n)
	}
	if b.log.String() != "" {
		t.Errorf("the log says:\n%s", b.log)
	}
}
