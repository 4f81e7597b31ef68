// Package vault keeps pictures at rest: every blob of a photo is encrypted
// under that photo's own data key, and bound to the photo, the kind of blob and
// the revision it belongs to, so that one can't be swapped for another. Once
// the key is erased every copy is noise, wherever it lies.
//
// The vault streams: a 25 MB original passes through in chunks.
package vault

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// ErrMissing says that there is no such blob, or no key for it any more.
var ErrMissing = errors.New("no such blob")

// Blobs stores opaque bytes under names. Delete and DeleteAll succeed when
// there is nothing to delete; Open answers ErrMissing.
type Blobs interface {
	Lister
	// Create commits the blob when Close returns nil; cancelling ctx before
	// Close leaves nothing.
	Create(ctx context.Context, name string) (io.WriteCloser, error)
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	DeleteAll(ctx context.Context, prefix string) error
	Folders
}

// Lister returns the names of all blobs that begin with prefix.
type Lister interface {
	Names(ctx context.Context, prefix string) ([]string, error)
}

// Keys keeps one data key per photo. Create answers the key made earlier when
// the photo has one; Find answers ErrMissing when it is erased.
type Keys interface {
	Create(ctx context.Context, id photo.ID) (Cipher, error)
	Find(ctx context.Context, id photo.ID) (Cipher, error)
	Erase(ctx context.Context, id photo.ID) error
}

// Cipher encrypts streams under one data key. bound is authenticated, not stored.
type Cipher interface {
	Encrypt(w io.Writer, bound []byte) (io.WriteCloser, error)
	Decrypt(r io.Reader, bound []byte) (io.Reader, error)
}

// Item names one blob of a photo.
type Item struct {
	Photo    photo.ID
	Kind     Kind
	Revision int // 0 for the original, which no edit changes
	Attempt  int // with Revision makes the name unique, so a blob is written once
}

// Kind is what a blob holds.
type Kind string

// The kinds of blob.
const (
	Original Kind = "original"
	Result   Kind = "result"
	Report   Kind = "report"
	Analysis Kind = "analysis" // outlives the result it came with: edits are made from it
)

// OriginalOf names a photo's uploaded picture.
func OriginalOf(id photo.ID) Item { return Item{Photo: id, Kind: Original} }

// Of names what one claim produces.
func Of(kind Kind, c photo.Claim) Item {
	return Item{Photo: c.ID, Kind: kind, Revision: c.Revision, Attempt: c.Attempt}
}

func (i Item) name() string {
	c := photo.Claim{ID: i.Photo, Revision: i.Revision, Attempt: i.Attempt}
	if i.Kind == Analysis {
		return analysisFolder(c) + string(i.Kind)
	}
	return resultFolder(c) + string(i.Kind)
}

func resultFolder(c photo.Claim) string {
	return fmt.Sprintf("%sr%d-a%d/", prefix(c.ID), c.Revision, c.Attempt)
}

func analysisFolder(c photo.Claim) string {
	return fmt.Sprintf("%sanalysis-r%d-a%d/", prefix(c.ID), c.Revision, c.Attempt)
}

func (i Item) bound() []byte {
	return fmt.Appendf(nil, "passportphotogenie/blob/1\x00%s\x00%s\x00%d", i.Photo, i.Kind, i.Revision)
}

func prefix(id photo.ID) string { return Shelf + string(id) + "/" }

// Vault ties blobs to keys.
type Vault struct {
	blobs Blobs
	keys  Keys
}

// New returns a vault over the two stores.
func New(blobs Blobs, keys Keys) *Vault { return &Vault{blobs, keys} }
