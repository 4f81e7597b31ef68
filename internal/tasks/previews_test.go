package tasks

import (
	"context"
	"strings"
	"testing"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestAPreviewsTaskNamesItAndIsGoneWhenItWasTaken(t *testing.T) {
	url := testservers.Redis(t)
	q, id := newQueue(t, url), photo.NewPreviewID()
	if err := q.EnqueuePreview(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	taken := make(chan *asynq.Task, 1)
	serve(t, url, Critical, func(_ context.Context, task *asynq.Task) error { taken <- task; return nil })
	task := <-taken
	if got, err := ParsePreview(task.Payload()); err != nil || got != id || task.Type() != PreviewType {
		t.Errorf("the task is %s %s, error %v", task.Type(), task.Payload(), err)
	}
	if want := `{"v":1,"id":"` + string(id) + `"}`; string(task.Payload()) != want {
		t.Errorf("the payload holds %s, want %s and nothing else", task.Payload(), want)
	}
	eventually(t, func() bool { return depth(t, q, Critical) == metrics.Depth{Queue: Critical} })
}

func TestAPreviewThatNobodyWaitsForLeavesTheQueue(t *testing.T) {
	q := newQueue(t, testservers.Redis(t))
	given, kept := photo.NewPreviewID(), photo.NewPreviewID()
	for _, id := range []photo.PreviewID{given, kept} {
		if err := q.EnqueuePreview(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := q.ForgetPreview(t.Context(), given); err != nil {
			t.Fatal(err)
		}
	}
	if got := depth(t, q, Critical); got.Pending != 1 {
		t.Errorf("the queue holds %+v", got)
	}
}

func TestAPreviewsPayloadFromElsewhereIsRefused(t *testing.T) {
	for _, b := range []string{"", "{}", `{"id":"../etc"}`, `{"id":"` + strings.Repeat("a", 27) + `"}`} {
		if id, err := ParsePreview([]byte(b)); err == nil {
			t.Errorf("%s names %s", b, id)
		}
	}
}
