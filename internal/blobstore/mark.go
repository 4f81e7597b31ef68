package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gocloud.dev/blob"

	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Mark is a text that is written once into a store, in a blob beside the photos'
// folders. It implements installation.Store.
type Mark struct{ store *Store }

// The blob, and the most that is read of it.
const (
	markName  = "installation"
	markBytes = 100
)

// Mark is the store's.
func (s *Store) Mark() Mark { return Mark{s} }

// ID is the text, or empty.
func (m Mark) ID(ctx context.Context) (id string, err error) {
	r, err := m.store.Open(ctx, markName)
	if errors.Is(err, vault.ErrMissing) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b, err := io.ReadAll(io.LimitReader(r, markBytes))
	if err != nil {
		return "", fmt.Errorf("read the mark: %w", err)
	}
	return string(b), nil
}

// Keep writes the text unless there is one, and returns that which is there. Not
// every S3 can refuse to write a second time: of two that differ and are written at
// once one is lost.
func (m Mark) Keep(ctx context.Context, id string) (string, error) {
	if kept, err := m.ID(ctx); err != nil || kept != "" {
		return kept, err
	}
	err := m.store.bucket.WriteAll(ctx, markName, []byte(id), &blob.WriterOptions{ContentType: blobsType})
	if err != nil {
		return "", fmt.Errorf("write the mark: %w", err)
	}
	return m.ID(ctx)
}

// Used reports whether there is any photo's blob.
func (m Mark) Used(ctx context.Context) (bool, error) {
	for _, shelf := range []string{vault.Shelf, vault.HeldShelf} {
		_, err := m.store.bucket.List(&blob.ListOptions{Prefix: shelf}).Next(ctx)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("look whether the store is empty: %w", err)
		}
	}
	return false, nil
}
