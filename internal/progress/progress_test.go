package progress_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func next(t *testing.T, events <-chan photo.Event) (photo.Event, bool) {
	t.Helper()
	select {
	case e, ok := <-events:
		return e, ok
	case <-time.After(10 * time.Second):
		t.Fatal("no event came")
		return photo.Event{}, false
	}
}

func TestEveryWatcherOfAPhotoSeesItsEventsInOrder(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	id := photo.NewID()
	var watchers []<-chan photo.Event
	for range 2 {
		events, stop, err := progress.NewSubscriber(c).Subscribe(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		watchers = append(watchers, events)
	}
	p := progress.NewPublisher(c)
	sent := []photo.Event{
		{Status: photo.Processing, Step: photo.StepDecode, Revision: 1},
		{Status: photo.Processing, Step: photo.StepRender, Revision: 1},
		{Status: photo.Ready, Revision: 1},
	}
	for _, e := range sent {
		if err := p.Publish(t.Context(), photo.NewID(), photo.Event{Status: photo.Failed}); err != nil {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context(), id, e); err != nil {
			t.Fatal(err)
		}
	}
	for _, events := range watchers {
		for _, want := range sent {
			got, _ := next(t, events)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestASlowWatcherLosesEventsAndHoldsNobodyUp(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	id := photo.NewID()
	slow, stopSlow, err := progress.NewSubscriber(c).Subscribe(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer stopSlow()
	p := progress.NewPublisher(c)
	const many = 500
	for i := range many {
		if err := p.Publish(t.Context(), id, photo.Event{Revision: i}); err != nil {
			t.Fatal(err)
		}
	}
	quick, stopQuick, err := progress.NewSubscriber(c).Subscribe(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer stopQuick()
	if err := p.Publish(t.Context(), id, photo.Event{Revision: many}); err != nil {
		t.Fatal(err)
	}
	if e, _ := next(t, quick); e.Revision != many {
		t.Errorf("the quick one got %+v", e)
	}
	if e, _ := next(t, slow); e.Revision != 0 {
		t.Errorf("the slow one got %+v first", e)
	}
	if n := len(slow); n >= many {
		t.Errorf("%d events wait for the slow one", n)
	}
}

func TestStoppingOrTheContextEndsASubscription(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	ctx, cancel := context.WithCancel(t.Context())
	byContext, stop, err := progress.NewSubscriber(c).Subscribe(ctx, photo.NewID())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	byStop, stop, err := progress.NewSubscriber(c).Subscribe(t.Context(), photo.NewID())
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	stop()
	stop()
	for name, events := range map[string]<-chan photo.Event{"context": byContext, "stop": byStop} {
		if _, open := next(t, events); open {
			t.Errorf("%s left it open", name)
		}
	}
}

func TestWithoutRedisBothSay(t *testing.T) {
	server := testservers.StartRedis(t)
	c := testservers.RedisClient(t, server.URL)
	server.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := progress.NewPublisher(c).Publish(ctx, photo.NewID(), photo.Event{}); err == nil {
		t.Error("published to nobody")
	}
	if _, _, err := progress.NewSubscriber(c).Subscribe(ctx, photo.NewID()); err == nil {
		t.Error("subscribed to nothing")
	}
}

func TestAThousandWatchersShareEightConnections(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	s := progress.NewSubscriber(c)
	t.Cleanup(func() { _ = s.Close() })
	watched := map[photo.ID]<-chan photo.Event{}
	for range 1000 {
		id := photo.NewID()
		events, stop, err := s.Subscribe(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		watched[id] = events
	}
	list, err := c.ClientList(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	listening := 0
	for line := range strings.Lines(list) {
		if strings.Contains(line, " ssub=1") {
			listening++
		}
	}
	if listening == 0 || listening > 8 {
		t.Errorf("%d connections listen", listening)
	}
	p := progress.NewPublisher(c)
	n := 0
	for id := range watched {
		n++
		if err := p.Publish(t.Context(), id, photo.Event{Revision: n}); err != nil {
			t.Fatal(err)
		}
		if e, _ := next(t, watched[id]); e.Revision != n {
			t.Fatalf("got %+v, want revision %d", e, n)
		}
	}
}

func TestWatchersHearAgainAfterTheirConnectionBroke(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	s := progress.NewSubscriber(c)
	t.Cleanup(func() { _ = s.Close() })
	id := photo.NewID()
	events, stop, err := s.Subscribe(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := c.Do(t.Context(), "CLIENT", "KILL", "TYPE", "pubsub").Err(); err != nil {
		t.Fatal(err)
	}
	p := progress.NewPublisher(c)
	deadline := time.After(20 * time.Second)
	for again := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-events:
			// Whoever comes now is told only once news arrive here.
			if _, stop, err := s.Subscribe(t.Context(), photo.NewID()); err != nil {
				t.Error(err)
			} else {
				stop()
			}
			return
		case <-again.C:
			if err := p.Publish(t.Context(), id, photo.Event{Revision: 1}); err != nil {
				t.Fatal(err)
			}
		case <-deadline:
			t.Fatal("no event came any more")
		}
	}
}

func TestAClosedSubscriberTellsItsWatchers(t *testing.T) {
	s := progress.NewSubscriber(testservers.RedisClient(t, testservers.Redis(t)))
	events, stop, err := s.Subscribe(t.Context(), photo.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, open := next(t, events); open {
		t.Error("an event came")
	}
	stop()
}
