package operator

import (
	"context"
	"fmt"
)

// SealedSecrets are all that lie sealed, by operator.
type SealedSecrets interface {
	Sealed(ctx context.Context) (map[string][]byte, error)
	// Reseal changes nothing if the operator's secret is another one by now.
	Reseal(ctx context.Context, name string, former, sealed []byte) error
}

// Resealer seals under a present key what a former one sealed.
type Resealer interface {
	Sealer
	Current(sealed []byte) bool
}

// Reseal seals under the present key what is under former ones, and says how many
// secrets these were.
func Reseal(ctx context.Context, kept SealedSecrets, by Resealer) (n int, err error) {
	all, err := kept.Sealed(ctx)
	if err != nil {
		return 0, err
	}
	for name, former := range all {
		if by.Current(former) {
			continue
		}
		plain, err := by.Open(ctx, about(name), former)
		if err != nil {
			return n, fmt.Errorf("seal an operator's secret anew: %w", err)
		}
		sealed, err := by.Seal(ctx, about(name), plain)
		if err != nil {
			return n, fmt.Errorf("seal an operator's secret anew: %w", err)
		}
		if err := kept.Reseal(ctx, name, former, sealed); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Stale counts the secrets that are under former keys.
func Stale(ctx context.Context, kept SealedSecrets, by Resealer) (n int, err error) {
	all, err := kept.Sealed(ctx)
	for _, sealed := range all {
		if !by.Current(sealed) {
			n++
		}
	}
	return n, err
}
