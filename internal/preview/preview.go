// Package preview carries a small picture from the process that received it to a
// worker with a free place, and back what it shows. The picture must leave no
// trace, so it goes over Redis' publish/subscribe, which stores nothing; only an ID
// goes through the queue, to find somebody who has time. The channels are sharded ones:
// on a cluster others would be heard by all servers, and count no listener elsewhere.
//
// The conversation about one preview, on two channels with its ID in their names:
//
//	Asker  listens, and puts the ID into the queue
//	Taker  takes the ID, listens, and offers to look: a public key of its own
//	Asker  sends the picture and a public key, sealed for the Taker's key
//	Taker  looks, and sends what it shows, sealed for the Asker's key
//
// Both keys are made for one preview and held in memory. Redis passes on what it
// cannot read, so neither its slow log nor a replica, a debugging operator or the
// network in between sees anything of a person.
//
// Nobody waits for long: an Asker without an offer says ErrBusy, a Taker that
// nobody listens to stops at once.
package preview

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Why there is no answer.
var (
	ErrBusy   = errors.New("nobody has looked at the preview in time")
	ErrFailed = errors.New("the preview could not be looked at")
	ErrNobody = errors.New("nobody waits for the preview")
)

// Answer is what a preview shows: a report, or the reason why no photo could be
// made of it.
type Answer struct {
	Reason photo.Reason    `json:"reason,omitempty"`
	Report json.RawMessage `json:"report,omitempty"` // check.Report
}

// request is what an Asker sends.
type request struct {
	Preview  photo.Preview `json:"preview"`
	AnswerTo []byte        `json:"answer_to"` // public key
}

// response is what a Taker sends last.
type response struct {
	Answer Answer `json:"answer"`
	Failed bool   `json:"failed,omitempty"`
}

// What a message to an Asker is, in its first byte.
const (
	offers  = 'o' // the rest is a public key
	answers = 'a' // the rest is a sealed response
)

// toAsker and toTaker name the two channels.
func toAsker(id photo.PreviewID) string { return "preview-answer:" + string(id) }
func toTaker(id photo.PreviewID) string { return "preview-picture:" + string(id) }

// listen returns once Redis has confirmed the subscription.
func listen(ctx context.Context, c redis.UniversalClient, channel string) (*redis.PubSub, error) {
	sub := c.SSubscribe(ctx, channel)
	if _, err := sub.Receive(ctx); err != nil {
		_ = sub.Close()
		return nil, fmt.Errorf("listen: %w", err)
	}
	return sub, nil
}

// next waits for a message. It is an error of the context that none came.
func next(ctx context.Context, in <-chan *redis.Message) ([]byte, error) {
	select {
	case m, open := <-in:
		if !open {
			return nil, errors.New("the connection to Redis is gone")
		}
		return []byte(m.Payload), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
