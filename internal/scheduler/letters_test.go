package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// posted has a reminder in the outbox since midnight.
func posted(t *testing.T, letters *sqlstore.Letters) letter.Letter {
	t.Helper()
	to, err := email.Parse("officer@photos.example")
	ok(t, err)
	l, err := letter.Writer{Site: "https://photos.example", Zone: time.UTC}.Write(letter.Envelope{To: to, About: "arequest", Now: midnight},
		letter.Remind{Cases: []letter.Due{{Case: letter.Case{Matter: letter.Access, Reference: "r-1"}, End: midnight, Left: 1}}})
	ok(t, err)
	ok(t, letters.Write(t.Context(), l, letter.StandardRation()))
	return l
}

// waste counts letters that were given up.
type waste map[letter.Kind]int

func (w waste) GaveUp(k letter.Kind, n int) { w[k] += n }

// asked remembers what is delivered.
type asked struct {
	mu  sync.Mutex
	got []letter.Claim
}

func (a *asked) Deliver(_ context.Context, want letter.Claim) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got = append(a.got, want)
	return nil
}

func (a *asked) all() []letter.Claim {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]letter.Claim{}, a.got...)
}

func TestLettersThatAreDueGetATaskWhenRedisIsThere(t *testing.T) {
	server := testservers.StartRedis(t)
	q := tasks.NewQueue(parse(t, server.URL))
	t.Cleanup(func() { _ = q.Close() })
	letters := sqlstore.NewLetters(newRecords(t))
	job := SendLetters(Mailing{Outbox: letters, Meter: waste{}, Queue: q})
	ok(t, job.Run(t.Context(), midnight)) // nothing to do
	l := posted(t, letters)
	server.Stop()
	if err := job.Run(t.Context(), midnight); err == nil {
		t.Error("the job says that it succeeded without Redis")
	}
	server.Start(t)
	for range 3 { // once is enough
		ok(t, job.Run(t.Context(), midnight))
	}
	_, _, err := letters.Claim(t.Context(), letter.Claim{ID: l.ID}, midnight)
	ok(t, err)
	ok(t, job.Run(t.Context(), midnight.Add(letter.Lease-1)))
	ok(t, job.Run(t.Context(), midnight.Add(letter.Lease))) // its sender has died

	a := &asked{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, parse(t, server.URL), tasks.ServeOptions{
			Queue: tasks.Mail, Concurrency: 1, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
		}, DeliverLetters(a))
	}()
	eventually(t, func() bool { return len(a.all()) >= 2 })
	cancel()
	ok(t, <-ended)
	if diff := cmp.Diff([]letter.Claim{{ID: l.ID}, {ID: l.ID, Try: 1}}, a.all()); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutAMailServerLettersWaitUntilTheyAreGivenUp(t *testing.T) {
	letters, gone := sqlstore.NewLetters(newRecords(t)), waste{}
	l := posted(t, letters)
	job := SendLetters(Mailing{Outbox: letters, Meter: gone})
	ok(t, job.Run(t.Context(), l.Until.Add(-1)))
	waiting, err := letters.Page(t.Context(), letter.Waiting, letter.Place{}, 10)
	ok(t, err)
	if len(waiting) != 1 || len(gone) != 0 {
		t.Errorf("%d wait, given up: %v", len(waiting), gone)
	}
	ok(t, job.Run(t.Context(), l.Until))
	failed, err := letters.Page(t.Context(), letter.Failed, letter.Place{}, 10)
	ok(t, err)
	if len(failed) != 1 || failed[0].Reason != letter.Undelivered || gone[letter.Reminder] != 1 {
		t.Errorf("%+v, given up: %v", failed, gone)
	}
}

func TestAnOutboxThatFailsFailsTheJob(t *testing.T) {
	job := SendLetters(Mailing{Outbox: broken{}, Meter: waste{}, Queue: tasks.NewQueue(parse(t, "redis://127.0.0.1:1"))})
	if err := job.Run(t.Context(), midnight); !errors.Is(err, errGiveUp) || !errors.Is(err, errDue) {
		t.Errorf("got %v", err)
	}
}

var errGiveUp, errDue = errors.New("can't give up"), errors.New("can't list")

type broken struct{}

func (broken) Due(context.Context, time.Time, int) ([]letter.Claim, error) { return nil, errDue }
func (broken) GiveUp(context.Context, time.Time) (map[letter.Kind]int, error) {
	return nil, errGiveUp
}
