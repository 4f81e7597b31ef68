package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// builder notes what it is asked to build, and refuses some.
type builder struct {
	mu     sync.Mutex
	asked  []subjectrequest.ID
	refuse []subjectrequest.ID
}

func (b *builder) Build(_ context.Context, id subjectrequest.ID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, id)
	if slices.Contains(b.refuse, id) {
		return errors.New("it resists")
	}
	return nil
}

func (b *builder) built() []subjectrequest.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// unanswered are requests, of which the built ones are still found.
type unanswered []subjectrequest.Request

func (u unanswered) Unanswered(_ context.Context, limit int) ([]subjectrequest.Request, error) {
	return u[:min(limit, len(u))], nil
}

func TestAnArchiveThatCanNotBeBuiltDoesNotHoldUpTheOthers(t *testing.T) {
	var u unanswered
	for range archiveBatch + 5 {
		u = append(u, subjectrequest.Request{ID: subjectrequest.NewID()})
	}
	b := &builder{}
	for _, r := range u[:archiveBatch] {
		b.refuse = append(b.refuse, r.ID)
	}
	if err := BuildArchives(u, b).Run(t.Context(), midnight); err == nil {
		t.Error("the job says that it succeeded")
	}
	if got := b.built(); len(got) != len(u) {
		t.Errorf("%d of %d were tried", len(got), len(u))
	}
}

func TestARequestsTaskReachesTheArchivist(t *testing.T) {
	r := parse(t, testservers.StartRedis(t).URL)
	q := tasks.NewQueue(r)
	t.Cleanup(func() { _ = q.Close() })
	id := subjectrequest.NewID()
	for range 2 { // once is enough
		ok(t, q.EnqueueArchive(t.Context(), id))
	}
	b := &builder{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, r, tasks.ServeOptions{Queue: tasks.Answers, Concurrency: 2, Poll: 10 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}, AnswerRequests(b))
	}()
	testapp.Eventually(t, 10*time.Second, "the task ran", func() bool { return len(b.built()) > 0 })
	cancel()
	ok(t, <-ended)
	if got := b.built(); len(got) != 1 || got[0] != id {
		t.Errorf("built %v", got)
	}
	for _, payload := range []string{"", "{}", `{"id":"../x"}`} {
		if _, err := tasks.ParseArchive([]byte(payload)); err == nil {
			t.Errorf("%q names a request", payload)
		}
	}
}
