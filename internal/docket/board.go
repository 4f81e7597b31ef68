package docket

import (
	"context"
	"time"
)

// Source is a register with things that fall due. Lists are in the order of ByExpiry or
// ByDue, hold at most limit items and none of what is settled.
type Source interface {
	// Living are those of a living photo.
	Living(ctx context.Context, now time.Time, limit int) ([]Item, error)
	// Waiting are the others, after a place.
	Waiting(ctx context.Context, now time.Time, after Place, limit int) ([]Item, error)
	// DueBy are all that are due at a moment or before, after a place.
	DueBy(ctx context.Context, end time.Time, after Place, limit int) ([]Item, error)
}

// Board is all registers as one.
type Board []Source

// Living implements Source.
func (b Board) Living(ctx context.Context, now time.Time, limit int) ([]Item, error) {
	return b.merged(ByExpiry, limit, func(s Source) ([]Item, error) { return s.Living(ctx, now, limit) })
}

// Waiting implements Source.
func (b Board) Waiting(ctx context.Context, now time.Time, after Place, limit int) ([]Item, error) {
	return b.merged(ByDue, limit, func(s Source) ([]Item, error) { return s.Waiting(ctx, now, after, limit) })
}

// DueBy implements Source.
func (b Board) DueBy(ctx context.Context, end time.Time, after Place, limit int) ([]Item, error) {
	return b.merged(ByDue, limit, func(s Source) ([]Item, error) { return s.DueBy(ctx, end, after, limit) })
}

// merged asks each register for as many as are wanted, because all may lie in one.
func (b Board) merged(order func([]Item), limit int, ask func(Source) ([]Item, error)) (all []Item, err error) {
	for _, s := range b {
		found, err := ask(s)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	order(all)
	return all[:min(limit, len(all))], nil
}
