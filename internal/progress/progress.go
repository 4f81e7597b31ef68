// Package progress carries the events of a photo from the worker that develops
// it to whoever watches it, over Redis' sharded publish/subscribe. Events are news, not
// records: nobody keeps them, a slow or late watcher misses some, and the state
// in SQL always says more. So a watcher subscribes first and then reads the
// state.
//
// Photos share a few channels, and all watchers in a process share its subscription to
// each: thousands may watch while a Redis that is short of connections, and a process that
// is short of memory, have to bear eight. On a cluster the channels lie on several
// servers.
package progress

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// channels is how many there are. Changing it makes processes of different versions miss
// each other's news.
const channels = 8

func channelOf(id photo.ID) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % channels)
}

func nameOf(channel int) string { return "photo-progress:" + strconv.Itoa(channel) }

// message is what is published: an event of a photo, or a probe.
type message struct {
	ID    photo.ID    `json:"id,omitempty"`
	Event photo.Event `json:"event,omitzero"`
	Probe string      `json:"probe,omitempty"` // sent by a subscriber to hear it come back
}

// Publisher sends events.
type Publisher struct{ redis redis.UniversalClient }

// NewPublisher returns a publisher on a client that the caller closes.
func NewPublisher(c redis.UniversalClient) Publisher { return Publisher{c} }

// Publish sends one event. A photo must not stop because an event is lost: the
// caller logs the error and goes on.
func (p Publisher) Publish(ctx context.Context, id photo.ID, e photo.Event) error {
	if err := publish(ctx, p.redis, channelOf(id), message{ID: id, Event: e}); err != nil {
		return fmt.Errorf("publish progress: %w", err)
	}
	return nil
}

func publish(ctx context.Context, c redis.UniversalClient, channel int, m message) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return c.SPublish(ctx, nameOf(channel), b).Err()
}
