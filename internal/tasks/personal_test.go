package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/postman"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/worker"
)

// persons are marks of a person that must be in nothing of an entry but a payload that
// is none of ours.
func persons() []string { return []string{"person@mail.example", "35315550100", "Dublin 4"} }

// rig is the queue and who serves it, on real stores.
type rig struct {
	*testing.T
	store     *storage.Storage
	redis     tasks.Redis
	queue     *tasks.Queue
	inspector *asynq.Inspector
}

func newRig(t *testing.T) *rig {
	t.Helper()
	in := testapp.Install(t)
	redis, err := tasks.ParseRedis(in.Redis.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, store: in.Migrated(t), redis: redis, queue: tasks.NewQueue(redis), inspector: asynq.NewInspector(redis)}
	t.Cleanup(func() { _ = errors.Join(r.queue.Close(), r.inspector.Close()) })
	return r
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// enqueueAll puts in one entry of each type, in the way that the service does.
func (r *rig) enqueueAll(id photo.ID) {
	r.Helper()
	ctx := r.Context()
	r.must(r.queue.EnqueuePhoto(ctx, photo.Claim{ID: id, Revision: 1}))
	r.must(r.queue.EnqueuePreview(ctx, photo.NewPreviewID()))
	r.must(r.queue.EnqueueLetter(ctx, letter.Claim{ID: letter.NewID(), Try: 3}))
	r.must(r.queue.EnqueueArchive(ctx, subjectrequest.NewID()))
	r.must(r.queue.EnqueueWebhooks(ctx, apiclient.NewID()))
	r.must(r.queue.EnqueueJob(ctx, "requeue", time.Now().Truncate(time.Minute), time.Minute))
}

// types are those that the package's source declares.
func types(t *testing.T) (all []string) {
	t.Helper()
	source, err := os.ReadFile("tasks.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\w+Type\s+= "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		all = append(all, m[1])
	}
	return all
}

// entries are all that the queues hold.
func (r *rig) entries() (all []*asynq.TaskInfo) {
	r.Helper()
	for _, queue := range tasks.Queues() {
		for _, list := range []func(string, ...asynq.ListOption) ([]*asynq.TaskInfo, error){
			r.inspector.ListPendingTasks, r.inspector.ListActiveTasks, r.inspector.ListScheduledTasks,
			r.inspector.ListRetryTasks, r.inspector.ListArchivedTasks, r.inspector.ListCompletedTasks,
		} {
			page, err := list(queue, asynq.PageSize(200))
			if err != nil && !errors.Is(err, asynq.ErrQueueNotFound) {
				r.Fatal(err)
			}
			all = append(all, page...)
		}
	}
	return all
}

func TestAnEntryOfEachTypeHoldsIDsAndSmallNumbersOnly(t *testing.T) {
	r := newRig(t)
	r.enqueueAll(photo.NewID())
	isID := regexp.MustCompile(`^[a-z0-9]{26}$`)
	name := regexp.MustCompile(`^[a-z]+(:[a-z0-9]{26}(:\d{1,3}){0,2}|:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$`)
	seen := []string{}
	for _, e := range r.entries() {
		seen = append(seen, e.Type)
		if !name.MatchString(e.ID) {
			t.Errorf("%s: the entry is called %s", e.Type, e.ID)
		}
		if strings.HasPrefix(e.Type, tasks.JobType) && len(e.Payload) == 0 {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(e.Payload, &fields); err != nil {
			t.Errorf("%s: %s: %v", e.Type, e.Payload, err)
		}
		for field, v := range fields {
			switch v := v.(type) {
			case float64:
				if v < 0 || v > 999 {
					t.Errorf("%s: %s is %v", e.Type, field, v)
				}
			case string:
				if !isID.MatchString(v) {
					t.Errorf("%s: %s is %q", e.Type, field, v)
				}
			default:
				t.Errorf("%s: %s is %v", e.Type, field, v)
			}
		}
	}
	for _, known := range types(t) {
		if !slices.ContainsFunc(seen, func(s string) bool { return s == known || known == tasks.JobType && strings.HasPrefix(s, known) }) {
			t.Errorf("nothing was looked at of type %s", known)
		}
	}
}

// enqueueHostile puts entries in that the service never makes.
func (r *rig) enqueueHostile() (count int) {
	r.Helper()
	client := asynq.NewClient(r.redis)
	defer func() { _ = client.Close() }()
	at := map[string]string{tasks.PhotoType: tasks.Photos, tasks.PreviewType: tasks.Critical, tasks.LetterType: tasks.Mail,
		tasks.ArchiveType: tasks.Answers, tasks.WebhookType: tasks.Webhooks, tasks.JobType + "person@mail.example": tasks.Maintenance}
	for kind, queue := range at {
		for _, payload := range []string{
			`person@mail.example`, `{"id":"person@mail.example","revision":1,"attempt":0,"tries":0}`, `{"id":35315550100}`,
			`{"id":"x","revision":35315550100.5,"attempt":35315550100.5,"tries":35315550100.5}`, `["Dublin 4"]`, `{"id":{"Dublin 4":1}}`, `"Dublin 4"`,
		} {
			_, err := client.Enqueue(asynq.NewTask(kind, []byte(payload)), asynq.Queue(queue), asynq.MaxRetry(0))
			r.must(err)
			count++
		}
	}
	return count
}

// serveAll serves all queues as the processes do.
func (r *rig) serveAll() {
	r.Helper()
	quiet := slog.New(slog.DiscardHandler)
	catalogue, err := docspec.Load()
	r.must(err)
	client := r.redis.Client()
	figures := metrics.New("worker", "test")
	handlers := map[string]asynq.Handler{
		tasks.Photos: worker.NewHandler(worker.Options{
			Claims: r.store.Photos, Outcomes: r.store.Photos, Vault: r.store.Vault, Queue: r.queue,
			Progress: progress.NewPublisher(client), Catalogue: catalogue, Meter: figures.NewWorker(), Log: quiet, Now: time.Now,
		}),
		tasks.Critical: worker.NewPreviews(worker.PreviewOptions{Taker: preview.NewTaker(client), Catalogue: catalogue, Log: quiet}),
		tasks.Mail: scheduler.DeliverLetters(postman.New(postman.Options{
			Outbox: r.store.Letters, Meter: figures.NewLetters(), Log: quiet, Now: time.Now,
		})),
		tasks.Answers:  scheduler.AnswerRequests(archivist.New(archivist.Options{Requests: r.store.Requests, Archives: r.store.Archives, Log: quiet, Now: time.Now})),
		tasks.Webhooks: scheduler.DeliverWebhooks(courier.New(courier.Options{Outbox: r.store.Webhooks, Log: quiet, Now: time.Now})),
		tasks.Maintenance: scheduler.New(scheduler.Options{
			Timetable: []scheduler.Job{scheduler.Requeue(r.store.Photos, r.queue)}, Queue: r.queue, Meter: unmetered{}, Log: quiet, Now: time.Now,
		}),
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, len(handlers))
	for queue, h := range handlers {
		go func() {
			ended <- tasks.Serve(ctx, r.redis, tasks.ServeOptions{Queue: queue, Concurrency: 2, Poll: 10 * time.Millisecond, Log: quiet}, h)
		}()
	}
	r.Cleanup(func() {
		stop()
		for range handlers {
			if err := <-ended; err != nil {
				r.Error(err)
			}
		}
		_ = client.Close()
	})
}

type unmetered struct{}

func (unmetered) JobRan(scheduler.Ran) {}

func TestTheErrorThatIsKeptWithAFailedEntryNamesNobody(t *testing.T) {
	r := newRig(t)
	id := testapp.Upload(t, r.store, time.Now(), []byte("person@mail.example"))
	// The records do not answer: every handler fails with an error of the database.
	r.must(r.store.Close())
	failing := r.enqueueHostile()
	r.enqueueAll(id)
	failing += len(types(t)) - 1 // a preview that nobody waits for is no failure
	r.serveAll()
	failed := func() (all []*asynq.TaskInfo) {
		return slices.DeleteFunc(r.entries(), func(e *asynq.TaskInfo) bool { return e.LastErr == "" })
	}
	testapp.Eventually(t, 20*time.Second, "all have failed", func() bool { return len(failed()) >= failing })
	words := map[string]bool{}
	for _, e := range failed() {
		words[e.LastErr] = true
		for _, person := range persons() {
			if strings.Contains(e.LastErr, person) {
				t.Errorf("%s: %s", e.Type, e.LastErr)
			}
		}
		if !strings.Contains(string(e.Payload), string(id)) && strings.Contains(tasks.Describe(e.Type, e.Payload), "person") {
			t.Errorf("%s: %s is shown of %s", e.Type, tasks.Describe(e.Type, e.Payload), e.Payload)
		}
	}
	t.Logf("the texts: %v", words)
	if len(words) < 5 {
		t.Errorf("only these were seen: %v", words)
	}
}

func TestAPanicsValueIsNotKeptWithItsEntry(t *testing.T) {
	r := newRig(t)
	r.must(r.queue.EnqueueArchive(t.Context(), subjectrequest.NewID()))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, r.redis, tasks.ServeOptions{Queue: tasks.Answers, Concurrency: 1, Poll: 10 * time.Millisecond, Log: slog.New(slog.DiscardHandler)},
			asynq.HandlerFunc(func(context.Context, *asynq.Task) error { panic(persons()[0]) }))
	}()
	defer func() { stop(); r.must(<-ended) }()
	testapp.Eventually(t, 10*time.Second, "it failed", func() bool {
		all := r.entries()
		return len(all) == 1 && all[0].LastErr != ""
	})
	if got := r.entries()[0].LastErr; strings.Contains(got, "person") {
		t.Errorf("the entry says %q", got)
	}
}
