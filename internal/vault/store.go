package vault

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Put encrypts what r gives and stores it; nothing remains stored when r or the
// store fails. It returns how many bytes r gave. The photo gets its key with its
// original; anything else answers ErrMissing without one, so that work which
// ends after an erasure can't bring a key back.
func (v *Vault) Put(ctx context.Context, item Item, r io.Reader) (int64, error) {
	key := v.keys.Find
	if item.Kind == Original {
		key = v.keys.Create
	}
	cipher, err := key(ctx, item.Photo)
	if err != nil {
		return 0, fmt.Errorf("key for %s: %w", item.Kind, err)
	}
	// Closing a blob's writer commits it, also after a failed read: only a
	// cancelled context makes Close drop what was written.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	blob, err := v.blobs.Create(ctx, item.name())
	if err != nil {
		return 0, fmt.Errorf("create %s: %w", item.Kind, err)
	}
	n, err := encrypt(blob, r, cipher, item.bound())
	if err != nil {
		cancel()
		_ = blob.Close() // reports the cancellation just asked for
		return n, fmt.Errorf("store %s: %w", item.Kind, err)
	}
	if err := blob.Close(); err != nil {
		return n, fmt.Errorf("commit %s: %w", item.Kind, err)
	}
	return n, nil
}

func encrypt(w io.Writer, r io.Reader, cipher Cipher, bound []byte) (int64, error) {
	sealed, err := cipher.Encrypt(w, bound)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(sealed, r)
	if err != nil {
		return n, err
	}
	return n, sealed.Close()
}

// Open returns the decrypted stream. A blob that was tampered with, cut or
// swapped fails while reading, before its false bytes are given out.
func (v *Vault) Open(ctx context.Context, item Item) (io.ReadCloser, error) {
	cipher, err := v.keys.Find(ctx, item.Photo)
	if err != nil {
		return nil, fmt.Errorf("key for %s: %w", item.Kind, err)
	}
	blob, err := v.open(ctx, item.name())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", item.Kind, err)
	}
	plain, err := cipher.Decrypt(blob, item.bound())
	if err != nil {
		_ = blob.Close()
		return nil, fmt.Errorf("decrypt %s: %w", item.Kind, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, blob}, nil
}

// Read returns a small blob whole: results and reports, never originals.
func (v *Vault) Read(ctx context.Context, item Item) ([]byte, error) {
	r, err := v.Open(ctx, item)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("read %s: %w", item.Kind, err)
	}
	return b.Bytes(), nil
}

// Discard deletes what one claim produced, for a worker that lost its claim.
func (v *Vault) Discard(ctx context.Context, c photo.Claim) error {
	if err := v.DiscardResult(ctx, c); err != nil {
		return err
	}
	return v.deleteAll(ctx, analysisFolder(c))
}

// DiscardResult deletes a claim's result and report, when an edit has made them
// useless, and leaves its analysis.
func (v *Vault) DiscardResult(ctx context.Context, c photo.Claim) error {
	if c.Attempt == 0 {
		return fmt.Errorf("discard: a claim has an attempt of at least 1")
	}
	return v.deleteAll(ctx, resultFolder(c))
}

// Count says how many blobs of each kind are stored of the photo, held ones too. One
// that is on its way between the shelves may be counted twice.
func (v *Vault) Count(ctx context.Context, id photo.ID) (map[Kind]int, error) {
	var names []string
	for _, shelf := range []string{prefix(id), heldName(prefix(id))} {
		on, err := v.blobs.Names(ctx, shelf)
		if err != nil {
			return nil, fmt.Errorf("count a photo's blobs: %w", err)
		}
		names = append(names, on...)
	}
	found := map[Kind]int{}
	for _, name := range names {
		switch kind := Kind(path.Base(name)); kind {
		case Original, Result, Report, Analysis:
			found[kind]++
		}
	}
	return found, nil
}

// EraseKey makes every blob of the photo unreadable at once, copies included.
func (v *Vault) EraseKey(ctx context.Context, id photo.ID) error { return v.keys.Erase(ctx, id) }

// EraseBlobs deletes everything stored of the photo.
func (v *Vault) EraseBlobs(ctx context.Context, id photo.ID) error {
	return v.deleteAll(ctx, prefix(id))
}
