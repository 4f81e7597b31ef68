package scheduler

import (
	"context"
	"errors"
)

// rounds do something with each of what is due, until a batch brings nothing new. What
// resists is found again each time, before the rest, and does not stop that.
type rounds[T any, K comparable] struct {
	batch int                                               // how many are looked up at a time
	find  func(ctx context.Context, limit int) ([]T, error) // what is due, in a stable order
	key   func(T) K
	do    func(ctx context.Context, one T) error
}

// errLeft is do's for what is left as it is, and may be found again, without being a
// failure.
var errLeft = errors.New("left to somebody else")

// resisted is what failed.
type resisted struct {
	count int
	last  error
}

func (r rounds[T, K]) run(ctx context.Context) (failed resisted, err error) {
	tried, left := map[K]bool{}, 0
	for {
		found, err := r.find(ctx, r.batch+left)
		if err != nil {
			return failed, err
		}
		fresh := 0
		for _, one := range found {
			if err := ctx.Err(); err != nil {
				return failed, err
			}
			if tried[r.key(one)] {
				continue
			}
			tried[r.key(one)] = true
			fresh++
			switch err := r.do(ctx, one); {
			case errors.Is(err, errLeft):
				left++
			case err != nil:
				left++
				failed = resisted{failed.count + 1, err}
			}
		}
		if fresh == 0 {
			return failed, nil
		}
	}
}
