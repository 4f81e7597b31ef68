// Package progress carries the events of a photo from the worker that develops
// it to whoever watches it, over Redis' sharded publish/subscribe, which on a cluster
// goes by the one server that the photo's channel belongs to. Events are news, not
// records: nobody keeps them, a slow or late watcher misses some, and the state
// in SQL always says more. So a watcher subscribes first and then reads the
// state.
package progress

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func channel(id photo.ID) string { return "photo-progress:" + string(id) }

// Publisher sends events.
type Publisher struct{ redis redis.UniversalClient }

// NewPublisher returns a publisher on a client that the caller closes.
func NewPublisher(c redis.UniversalClient) Publisher { return Publisher{c} }

// Publish sends one event. A photo must not stop because an event is lost: the
// caller logs the error and goes on.
func (p Publisher) Publish(ctx context.Context, id photo.ID, e photo.Event) error {
	b, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("publish progress: %w", err)
	}
	if err := p.redis.SPublish(ctx, channel(id), b).Err(); err != nil {
		return fmt.Errorf("publish progress: %w", err)
	}
	return nil
}

// Subscriber receives events.
type Subscriber struct{ redis redis.UniversalClient }

// NewSubscriber returns a subscriber on a client that the caller closes.
func NewSubscriber(c redis.UniversalClient) Subscriber { return Subscriber{c} }

// backlog is how many events a slow watcher may lag behind before it loses the
// next ones: more than one photo's whole run has.
const backlog = 32

// Subscribe returns once Redis has confirmed the subscription, so that no event
// published afterwards is missed. The channel is closed when stop is called or
// ctx ends; stop may be called more than once. A lost connection to Redis is
// made again on its own, without the events in between.
func (s Subscriber) Subscribe(ctx context.Context, id photo.ID) (events <-chan photo.Event, stop func(), err error) {
	sub := s.redis.SSubscribe(ctx, channel(id))
	if _, err := sub.Receive(ctx); err != nil {
		_ = sub.Close()
		return nil, nil, fmt.Errorf("subscribe to progress: %w", err)
	}
	done := make(chan struct{})
	var once sync.Once
	stop = func() { once.Do(func() { close(done) }) }
	out := make(chan photo.Event, backlog)
	go forward(ctx, sub, done, out)
	return out, stop, nil
}

// forward owns the subscription and the outgoing channel and closes both.
func forward(ctx context.Context, sub *redis.PubSub, done <-chan struct{}, out chan<- photo.Event) {
	defer close(out)
	defer func() { _ = sub.Close() }()
	in := sub.Channel(redis.WithChannelSize(backlog))
	for {
		select {
		case <-ctx.Done():
			return
		case <-done:
			return
		case m, ok := <-in:
			if !ok {
				return
			}
			var e photo.Event
			if json.Unmarshal([]byte(m.Payload), &e) != nil {
				continue // not ours; the next state read makes up for it
			}
			select {
			case out <- e:
			default:
			}
		}
	}
}
