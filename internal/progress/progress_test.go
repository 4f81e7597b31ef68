package progress_test

import (
	"context"
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
