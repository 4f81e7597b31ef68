package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// desk is an officer at a time, in a time zone without holidays.
func desk(t *testing.T, now time.Time) subjectrequest.By {
	t.Helper()
	c, err := subjectrequest.NewCalendar(now.Location())
	ok(t, err)
	return subjectrequest.By{Actor: "desk-a", Now: now, Calendar: c}
}

// opened is a request of somebody who wrote by letter.
func opened(t *testing.T, k subjectrequest.Kind, by subjectrequest.By) subjectrequest.Change {
	t.Helper()
	c, _, err := subjectrequest.New(subjectrequest.Filing{
		Kind: k, Channel: subjectrequest.Letter, Email: "ada@example.org", Message: "Please.", RequesterKey: []byte("0123456789abcdef"),
	}, by)
	ok(t, err)
	return c
}

// fulfil takes what save does with each step until a request is answered.
func fulfil(t *testing.T, r subjectrequest.Request, by subjectrequest.By, save func(subjectrequest.Change)) subjectrequest.Request {
	t.Helper()
	accepted, err := r.Accept(by)
	ok(t, err)
	save(accepted)
	fulfilled, err := accepted.Request.Fulfil(subjectrequest.Answer{Note: "Here."}, by)
	ok(t, err)
	save(fulfilled)
	return fulfilled.Request
}

// settle is the job at a time, which is believed.
func settle(t *testing.T, r AnsweredRequests, now time.Time) error {
	t.Helper()
	return SettleRequests(Settling{
		Requests: r, Clock: known(now), Calendar: desk(t, now).Calendar, Log: slog.New(slog.DiscardHandler),
	}).Run(t.Context(), now)
}

// cabinet holds answered requests, the oldest first, and refuses to save some.
type cabinet struct {
	answered []subjectrequest.Request
	refuses  map[subjectrequest.ID]error
	saved    map[subjectrequest.ID]int // tries
	forgot   []int
}

// put has some requests answered on a day, which saving refuses with an error, if any.
func (c *cabinet) put(t *testing.T, n int, on subjectrequest.By, refuses error) {
	t.Helper()
	if c.saved == nil {
		c.refuses, c.saved = map[subjectrequest.ID]error{}, map[subjectrequest.ID]int{}
	}
	for range n {
		r := fulfil(t, opened(t, subjectrequest.Access, on).Request, on, func(subjectrequest.Change) {})
		c.answered = append(c.answered, r)
		c.refuses[r.ID] = refuses
	}
}

func (c *cabinet) AnsweredBy(_ context.Context, last civil.Date, limit int) (found []subjectrequest.Request, err error) {
	for _, r := range c.answered {
		if !r.AnsweredOn.After(last) && len(found) < limit {
			found = append(found, r)
		}
	}
	return found, nil
}

func (c *cabinet) Save(_ context.Context, change subjectrequest.Change, _ ...letter.Letter) error {
	id := change.Request.ID
	c.saved[id]++
	if err := c.refuses[id]; err != nil {
		return err
	}
	var left []subjectrequest.Request
	for _, r := range c.answered {
		if r.ID != id {
			left = append(left, r)
		}
	}
	c.answered = left
	return nil
}

func (c *cabinet) ForgetRequesters(_ context.Context, before int) error {
	c.forgot = append(c.forgot, before)
	return nil
}

func TestAnAnsweredRequestThatResistsStopsNeitherTheRestNorTheForgetting(t *testing.T) {
	var c cabinet
	c.put(t, settleBatch+10, desk(t, midnight), errors.New("the disk is full"))
	c.put(t, settleBatch/2, desk(t, midnight), subjectrequest.ErrChanged)
	c.put(t, 2*settleBatch+5, desk(t, midnight.AddDate(0, 0, 1)), nil)
	c.put(t, 1, desk(t, midnight.AddDate(0, 0, 2)), nil)
	now := midnight.AddDate(0, 0, 1+subjectrequest.AnswerDays)
	if err := settle(t, &c, now); err == nil {
		t.Error("the job says that it succeeded")
	}
	if want := settleBatch + 10 + settleBatch/2 + 1; len(c.answered) != want { // those that resist, and the young one
		t.Errorf("%d are left, not %d", len(c.answered), want)
	}
	for id, n := range c.saved {
		if n != 1 {
			t.Errorf("%s was tried %d times", id, n)
		}
	}
	if diff := cmp.Diff([]int{now.Year()}, c.forgot); diff != "" {
		t.Error(diff)
	}
}

func TestARequestThatSomebodyElseActsOnIsNoFailure(t *testing.T) {
	var c cabinet
	c.put(t, 1, desk(t, midnight), subjectrequest.ErrChanged)
	c.put(t, 1, desk(t, midnight), nil)
	ok(t, settle(t, &c, midnight.AddDate(0, 0, subjectrequest.AnswerDays)))
	if len(c.answered) != 1 {
		t.Errorf("%d are left", len(c.answered))
	}
}

func TestTheAnswersLastDayAndTheYearEndAtTheControllersMidnight(t *testing.T) {
	west := time.FixedZone("west", -8*60*60)
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, west)
	var c cabinet
	c.put(t, 1, desk(t, end.AddDate(0, 0, -subjectrequest.AnswerDays).Add(23*time.Hour)), nil)
	ok(t, settle(t, &c, end.Add(-time.Second)))
	if len(c.answered) != 1 {
		t.Error("the answer could not be read to the end of its last day")
	}
	ok(t, settle(t, &c, end))
	if len(c.answered) != 0 {
		t.Error("the answer can be read for longer than its days")
	}
	if diff := cmp.Diff([]int{2026, 2027}, c.forgot); diff != "" {
		t.Error(diff)
	}
}

// doubted is a clock that is not believed.
type doubted struct{}

func (doubted) Expiry(context.Context) (time.Time, error) {
	return time.Time{}, errors.New("the clock has jumped")
}

func TestByAClockThatIsNotBelievedNoAnswerIsForgotten(t *testing.T) {
	var c cabinet
	c.put(t, 1, desk(t, midnight), nil)
	now := midnight.AddDate(1, 0, 0)
	job := SettleRequests(Settling{Requests: &c, Clock: doubted{}, Calendar: desk(t, now).Calendar, Log: slog.New(slog.DiscardHandler)})
	if err := job.Run(t.Context(), now); err == nil || len(c.answered) != 1 || len(c.forgot) != 0 {
		t.Errorf("%v, %d are left, forgot %v", err, len(c.answered), c.forgot)
	}
}

func TestAnAnsweredRequestForgetsThePersonAfterItsDaysAndIsPurgedAfterItsYears(t *testing.T) {
	store, by := sqlstore.NewSubjectRequests(newRecords(t)), desk(t, midnight)
	file := func(k subjectrequest.Kind) subjectrequest.Request {
		t.Helper()
		r, err := store.File(t.Context(), opened(t, k, by))
		ok(t, err)
		return r
	}
	save := func(c subjectrequest.Change) { ok(t, store.Save(t.Context(), c)) }
	find := func(id subjectrequest.ID) subjectrequest.Request {
		t.Helper()
		r, err := store.Find(t.Context(), id)
		ok(t, err)
		return r
	}
	open, answered := file(subjectrequest.Erasure), fulfil(t, file(subjectrequest.ShineTheLight), by, save)

	over := midnight.AddDate(0, 0, subjectrequest.AnswerDays)
	ok(t, settle(t, store, over.Add(-time.Second)))
	if diff := cmp.Diff(answered, find(answered.ID)); diff != "" {
		t.Errorf("the answer could not be read for its days: %s", diff)
	}
	ok(t, settle(t, store, over))
	closed := find(answered.ID)
	if closed.State != subjectrequest.Closed || closed.Closing != subjectrequest.Answered || !closed.ClosedAt.Equal(over) ||
		closed.Email != (email.Address{}) || closed.Message != "" || closed.Answer.Note != "" || closed.Requester != answered.Requester {
		t.Errorf("after its days the request is %+v", closed)
	}
	ok(t, settle(t, store, over.Add(time.Hour)))
	for _, want := range []subjectrequest.Request{open, closed} {
		if diff := cmp.Diff(want, find(want.ID)); diff != "" {
			t.Errorf("a second run changed a request: %s", diff)
		}
	}

	ok(t, settle(t, store, midnight.AddDate(1, 0, 0)))
	if find(answered.ID).Requester != (subjectrequest.Requester{}) {
		t.Error("in the next year it is known who asked")
	}
	kept, m := standard(t, retention.SubjectRequests), purged{}
	ok(t, Purge(store, kept, m).Run(t.Context(), over.AddDate(4, 0, 0)))
	if m["subject_requests"] != 1 {
		t.Errorf("%d requests were purged", m["subject_requests"])
	}
}
