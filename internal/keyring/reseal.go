package keyring

import (
	"context"
	"fmt"
)

// SealedRows are rows elsewhere with secrets that Seal sealed, by their names.
type SealedRows interface {
	Sealed(ctx context.Context) (map[string][]byte, error)
	// Reseal changes nothing if the name's secret is another one by now.
	Reseal(ctx context.Context, name string, former, sealed []byte) error
}

// Secrets are rows, and what the secret of each name is about.
type Secrets struct {
	Rows  SealedRows
	About func(name string) string
}

// Reseal seals under the present master key what is under others, and says how many
// secrets these were. What is deleted meanwhile stays deleted. Broken off anywhere, it
// can be begun again.
func (m *Master) Reseal(ctx context.Context, s Secrets) (n int, err error) {
	all, err := s.Rows.Sealed(ctx)
	if err != nil {
		return 0, err
	}
	for name, former := range all {
		if m.Current(former) {
			continue
		}
		plain, err := m.Open(ctx, s.About(name), former)
		if err != nil {
			return n, fmt.Errorf("seal anew: %w", err)
		}
		sealed, err := m.Seal(ctx, s.About(name), plain)
		if err != nil {
			return n, fmt.Errorf("seal anew: %w", err)
		}
		if err := s.Rows.Reseal(ctx, name, former, sealed); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Stale counts the secrets that are under other master keys than the present one.
func (m *Master) Stale(ctx context.Context, s Secrets) (n int, err error) {
	all, err := s.Rows.Sealed(ctx)
	for _, sealed := range all {
		if !m.Current(sealed) {
			n++
		}
	}
	return n, err
}
