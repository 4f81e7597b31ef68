package preview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Queue finds a worker that has time.
type Queue interface {
	EnqueuePreview(ctx context.Context, id photo.PreviewID) error
	ForgetPreview(ctx context.Context, id photo.PreviewID) error
}

// Asker has previews looked at.
type Asker struct {
	redis redis.UniversalClient
	queue Queue
	waits Waits
}

// Waits are how long an Asker waits.
type Waits struct {
	Offer  time.Duration // for somebody to take the preview
	Answer time.Duration // for everything
}

// DefaultWaits leave room for three others before oneself, and for an answer that
// a busy machine takes several times longer for than it should.
func DefaultWaits() Waits { return Waits{Offer: 400 * time.Millisecond, Answer: 2 * time.Second} }

// NewAsker returns an asker on a client that the caller closes.
func NewAsker(c redis.UniversalClient, q Queue, w Waits) *Asker { return &Asker{c, q, w} }

// forgetLimit is how long taking an ID out of the queue again may take.
const forgetLimit = time.Second

// Look has a preview looked at. ErrBusy says that nobody had the time, or that
// whoever had it is gone; ErrFailed that looking was to no avail.
func (a *Asker) Look(ctx context.Context, p photo.Preview) (Answer, error) {
	limited, cancel := context.WithTimeoutCause(ctx, a.waits.Answer, ErrBusy)
	defer cancel()
	c := &call{Asker: a, id: photo.NewPreviewID()}
	answer, err := c.make(limited, p)
	if err != nil && errors.Is(context.Cause(limited), ErrBusy) {
		err = ErrBusy
	}
	if err != nil {
		return Answer{}, fmt.Errorf("preview: %w", err)
	}
	return answer, nil
}

// call is one preview on its way.
type call struct {
	*Asker
	id photo.PreviewID
	in <-chan *redis.Message
}

func (c *call) make(ctx context.Context, p photo.Preview) (Answer, error) {
	sub, err := listen(ctx, c.redis, toAsker(c.id))
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = sub.Close() }()
	c.in = sub.Channel()
	offer, err := c.find(ctx)
	if err != nil {
		return Answer{}, err
	}
	mine, err := newBox(c.id)
	if err != nil {
		return Answer{}, err
	}
	sealed, err := seal(offer, c.id, request{p, mine.slot()})
	if err != nil {
		return Answer{}, err
	}
	reached, err := c.redis.SPublish(ctx, toTaker(c.id), sealed).Result()
	if err != nil {
		return Answer{}, fmt.Errorf("send: %w", err)
	}
	if reached == 0 {
		return Answer{}, ErrBusy // gone between offer and picture
	}
	sealed, err = c.await(ctx, answers)
	if err != nil {
		return Answer{}, err
	}
	var r response
	if err := mine.open(sealed, &r); err != nil {
		return Answer{}, err
	}
	if r.Failed {
		return Answer{}, ErrFailed
	}
	return r.Answer, nil
}

// find has the queue find somebody, and returns the offer.
func (c *call) find(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.waits.Offer, ErrBusy)
	defer cancel()
	if err := c.queue.EnqueuePreview(ctx, c.id); err != nil {
		return nil, err
	}
	offer, err := c.await(ctx, offers)
	if err == nil {
		return offer, nil
	}
	// Also when the client has gone. What stays in the queue all the same is found
	// out by whoever takes it.
	forget, done := context.WithTimeout(context.WithoutCancel(ctx), forgetLimit)
	defer done()
	_ = c.queue.ForgetPreview(forget, c.id)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return nil, err
}

// await waits for a message of a kind. Others are of a second taker, which the
// queue may send when it is not sure of the first.
func (c *call) await(ctx context.Context, kind byte) ([]byte, error) {
	for {
		m, err := next(ctx, c.in)
		if err != nil {
			return nil, err
		}
		if len(m) > 0 && m[0] == kind {
			return m[1:], nil
		}
	}
}
