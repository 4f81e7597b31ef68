package preview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Taker looks at previews.
type Taker struct{ redis redis.UniversalClient }

// NewTaker returns a taker on a client that the caller closes.
func NewTaker(c redis.UniversalClient) Taker { return Taker{c} }

// pictureWait is how long a taker waits for the picture after its offer: the
// other side only has to send it.
const pictureWait = 500 * time.Millisecond

// Take offers to look at a preview and tells whoever waits for it what look saw.
// It ends at once with ErrNobody when nobody does. An error of look is returned as
// it is; the other side learns only that there was one.
func (t Taker) Take(ctx context.Context, id photo.PreviewID, look func(context.Context, photo.Preview) (Answer, error)) error {
	r, err := t.receive(ctx, id)
	if err != nil {
		return fmt.Errorf("take a preview: %w", err)
	}
	answer, failed := look(ctx, r.Preview)
	sealed, err := seal(r.AnswerTo, id, response{answer, failed != nil})
	if err != nil {
		return errors.Join(failed, fmt.Errorf("answer a preview: %w", err))
	}
	if err := t.redis.SPublish(ctx, toAsker(id), append([]byte{answers}, sealed...)).Err(); err != nil {
		return errors.Join(failed, fmt.Errorf("answer a preview: %w", err))
	}
	return failed
}

// receive makes the offer and waits for what comes of it.
func (t Taker) receive(ctx context.Context, id photo.PreviewID) (request, error) {
	mine, err := newBox(id)
	if err != nil {
		return request{}, err
	}
	sub, err := listen(ctx, t.redis, toTaker(id))
	if err != nil {
		return request{}, err
	}
	defer func() { _ = sub.Close() }()
	reached, err := t.redis.SPublish(ctx, toAsker(id), append([]byte{offers}, mine.slot()...)).Result()
	if err != nil {
		return request{}, fmt.Errorf("offer: %w", err)
	}
	if reached == 0 {
		return request{}, ErrNobody
	}
	waiting, cancel := context.WithTimeoutCause(ctx, pictureWait, ErrNobody)
	defer cancel()
	sealed, err := next(waiting, sub.Channel())
	if err != nil {
		return request{}, errors.Join(err, context.Cause(waiting))
	}
	var r request
	if err := mine.open(sealed, &r); err != nil {
		return request{}, err
	}
	if len(r.Preview.Picture) > photo.MaxPreviewBytes {
		return request{}, errors.New("a preview that is too large")
	}
	return r, nil
}
