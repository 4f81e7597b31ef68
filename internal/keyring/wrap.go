package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// dataKey encrypts the blobs of one photo.
type dataKey [32]byte

// wrapped is a data key as it lies in its row.
type wrapped struct {
	sealed []byte
	master string // the ID of the master key that wrapped it; empty if it is not known
}

// label stands before what is wrapped, with the photo's ID: so the key of one
// photo, put into another's row, is refused.
func label(id photo.ID) []byte {
	return fmt.Appendf(nil, "passportphotogenie/photo-key/1\x00%s\x00", id)
}

func (m *Master) wrap(ctx context.Context, id photo.ID, key dataKey) (wrapped, error) {
	by := m.current()
	sealed, err := by.encrypt(ctx, append(label(id), key[:]...))
	if err != nil {
		return wrapped{}, fmt.Errorf("wrap: %w", err)
	}
	return wrapped{sealed, by.id}, nil
}

func (m *Master) unwrap(ctx context.Context, id photo.ID, w wrapped) (dataKey, error) {
	var errs []error
	for _, by := range m.openers(w.master) {
		plain, err := by.decrypt(ctx, w.sealed)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		key, own := bytes.CutPrefix(plain, label(id))
		if !own || len(key) != len(dataKey{}) {
			return dataKey{}, errors.New("unwrap: the key belongs to another photo")
		}
		return dataKey(key), nil
	}
	return dataKey{}, fmt.Errorf("unwrap (was it changed, or wrapped under a master key that is not configured?): %w", errors.Join(errs...))
}
