package scheduler

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// rounds do something with each of what is due, until a batch brings nothing new. What
// resists is found again each time, before the rest, and does not stop that.
type rounds[T any, K comparable] struct {
	batch int                                               // how many are looked up at a time
	find  func(ctx context.Context, limit int) ([]T, error) // what is due, in a stable order
	key   func(T) K
	do    func(ctx context.Context, one T) error
	// atOnce is how many are done at a time, from as many goroutines: one by one if
	// zero.
	atOnce int
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
		var fresh []T
		for _, one := range found {
			if !tried[r.key(one)] {
				tried[r.key(one)] = true
				fresh = append(fresh, one)
			}
		}
		if len(fresh) == 0 {
			return failed, nil
		}
		for _, err := range r.all(ctx, fresh) {
			switch {
			case errors.Is(err, errLeft):
				left++
			case err != nil:
				left++
				failed = resisted{failed.count + 1, err}
			}
		}
		if err := ctx.Err(); err != nil {
			return failed, err
		}
	}
}

// all does all of them, or as many as there is time for, and returns how each went that
// did not go well.
func (r rounds[T, K]) all(ctx context.Context, some []T) (errs []error) {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(max(1, r.atOnce))
	for _, one := range some {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			if err := r.do(ctx, one); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
			return nil // one that resists does not stop the rest
		})
	}
	_ = group.Wait() // nothing was returned
	return errs
}
