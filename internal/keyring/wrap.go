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

// label stands before what is wrapped, with the photo's ID: so the key of one
// photo, put into another's row, is refused.
func label(id photo.ID) []byte {
	return fmt.Appendf(nil, "passportphotogenie/photo-key/1\x00%s\x00", id)
}

func (k *Keyring) wrap(ctx context.Context, id photo.ID, key dataKey) ([]byte, error) {
	wrapped, err := k.master.Encrypt(ctx, append(label(id), key[:]...))
	if err != nil {
		return nil, fmt.Errorf("wrap: %w", err)
	}
	return wrapped, nil
}

func (k *Keyring) unwrap(ctx context.Context, id photo.ID, wrapped []byte) (dataKey, error) {
	plain, err := k.master.Decrypt(ctx, wrapped)
	if err != nil {
		return dataKey{}, fmt.Errorf("unwrap (was it wrapped under another master key?): %w", err)
	}
	key, own := bytes.CutPrefix(plain, label(id))
	if !own || len(key) != len(dataKey{}) {
		return dataKey{}, errors.New("unwrap: the key belongs to another photo")
	}
	return dataKey(key), nil
}
