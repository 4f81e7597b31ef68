package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// dataKey encrypts the blobs of one photo.
type dataKey [32]byte

// label stands before what is wrapped, with the photo's ID: so the key of one
// photo, put into another's row, is refused.
func label(id photo.ID) []byte {
	return fmt.Appendf(nil, "passportphotogenie/photo-key/1\x00%s\x00", id)
}

func (m *Master) wrap(ctx context.Context, id photo.ID, key dataKey) (wrapped, error) {
	return m.wrapUnder(ctx, label(id), key[:])
}

func (m *Master) unwrap(ctx context.Context, id photo.ID, w wrapped) (dataKey, error) {
	key, err := m.unwrapUnder(ctx, label(id), w)
	if errors.Is(err, errElsewhere) || err == nil && len(key) != len(dataKey{}) {
		return dataKey{}, errors.New("unwrap: the key belongs to another photo")
	}
	if err != nil {
		return dataKey{}, err
	}
	return dataKey(key), nil
}
