package progress

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Subscriber receives events, for many watchers at once.
type Subscriber struct {
	redis redis.UniversalClient
	heard [channels]*hub
}

// NewSubscriber returns a subscriber on a client that the caller closes after it. It does
// not connect before somebody watches.
func NewSubscriber(c redis.UniversalClient) *Subscriber {
	s := &Subscriber{redis: c}
	for i := range s.heard {
		s.heard[i] = newHub()
	}
	return s
}

// backlog is how many events a slow watcher may lag behind before it loses the
// next ones: more than one photo's whole run has.
const backlog = 32

// Subscribe returns once Redis has shown that what is published arrives here, so that no
// event published afterwards is missed. The channel is closed when stop is called or
// ctx ends; stop may be called more than once. A lost connection to Redis is
// made again on its own, without the events in between.
func (s *Subscriber) Subscribe(ctx context.Context, id photo.ID) (events <-chan photo.Event, stop func(), err error) {
	channel := channelOf(id)
	h := s.heard[channel]
	if err := s.listen(ctx, channel); err != nil {
		return nil, nil, fmt.Errorf("subscribe to progress: %w", err)
	}
	out := h.watch(id)
	leave := sync.OnceFunc(func() { h.leave(id, out) })
	if err := s.probe(ctx, channel); err != nil {
		leave()
		return nil, nil, fmt.Errorf("subscribe to progress: %w", err)
	}
	forget := context.AfterFunc(ctx, leave)
	return out, func() { forget(); leave() }, nil
}

// listen begins the process's subscription to a channel, if it has none.
func (s *Subscriber) listen(ctx context.Context, channel int) error {
	h := s.heard[channel]
	h.starting.Lock()
	defer h.starting.Unlock()
	if h.sub != nil {
		return nil
	}
	sub := s.redis.SSubscribe(ctx, nameOf(channel))
	if _, err := sub.Receive(ctx); err != nil {
		return errors.Join(err, sub.Close())
	}
	h.sub = sub
	go h.run(sub.Channel())
	return nil
}

// probeLimit is how long a probe may take to come back. One that is lost came while the
// subscription's connection was being made again.
const probeLimit = time.Second

// probe sends a word into a channel and waits until it is heard.
func (s *Subscriber) probe(ctx context.Context, channel int) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	word := rand.Text()
	back, forget := s.heard[channel].expect(word)
	defer forget()
	if err := publish(ctx, s.redis, channel, message{Probe: word}); err != nil {
		return err
	}
	select {
	case <-back:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends all subscriptions, and with them what watchers get.
func (s *Subscriber) Close() error {
	var failed error
	for _, h := range s.heard {
		h.starting.Lock()
		if h.sub != nil {
			failed = errors.Join(failed, h.sub.Close())
		}
		h.starting.Unlock()
	}
	return failed
}
