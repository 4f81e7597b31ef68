// Package blobstore keeps opaque bytes under names, in a directory
// (`file://DIR`) or in an S3 bucket (`s3://BUCKET?...`). It knows nothing of
// what they hold: the vault encrypts before it stores.
//
// A blob appears whole, when its writer is closed, or not at all, when the
// writer's context is cancelled first. What a killed process leaves of an
// unfinished blob lies, in a directory, beside the blob and goes with it; on S3
// it is an incomplete multipart upload, which a lifecycle rule of the bucket
// has to remove.
package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"

	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Store is a place for blobs. It implements vault.Blobs.
type Store struct {
	bucket *blob.Bucket
	dir    string // of a directory; empty for a bucket
	name   string // of a bucket; empty for a directory
}

// Open opens the place at `file:///DIR`, an absolute path that is created if
// missing and readable by its owner alone, or `s3://BUCKET?...` with gocloud's
// parameters (region, endpoint, s3ForcePathStyle, ...) and the credentials from
// AWS's usual environment. S3 is not contacted yet: Ready tells.
func Open(ctx context.Context, blobURL string) (*Store, error) {
	u, err := url.Parse(blobURL)
	if err != nil {
		return nil, errors.New("blob URL: not a URL") // the text may hold a secret
	}
	switch u.Scheme {
	case fileblob.Scheme:
		return openDirectory(u)
	case s3blob.Scheme:
		return openBucket(ctx, u)
	}
	return nil, errors.New("blob URL: want file:///DIR or s3://BUCKET?region=REGION")
}

func openBucket(ctx context.Context, u *url.URL) (*Store, error) {
	const checksums = "response_checksum_validation"
	if q := u.Query(); !q.Has(checksums) {
		// The vault authenticates what it reads; the SDK's own check warns, on
		// standard error, of each blob that was uploaded in parts.
		q.Set(checksums, "when_required")
		u.RawQuery = q.Encode()
	}
	bucket, err := new(s3blob.URLOpener).OpenBucketURL(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("blob URL: %w", err)
	}
	return &Store{bucket: bucket, name: u.Host}, nil
}

func openDirectory(u *url.URL) (*Store, error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
		return nil, errors.New("blob URL: want an absolute path and nothing else, as in file:///var/lib/photos")
	}
	bucket, err := fileblob.OpenBucket(u.Path, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		// Beside the blob, so that erasing a photo takes unfinished blobs too.
		NoTempDir: true,
		Metadata:  fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("blob directory: %w", err)
	}
	return &Store{bucket: bucket, dir: u.Path}, nil
}

// Close releases the connections.
func (s *Store) Close() error { return s.bucket.Close() }

// Ready reports why blobs can't be reached.
func (s *Store) Ready(ctx context.Context) error {
	ok, err := s.bucket.IsAccessible(ctx)
	if err != nil {
		return fmt.Errorf("blob store: %w", err)
	}
	if s.dir != "" {
		_, err := os.Stat(s.dir)
		ok = err == nil
	}
	if !ok {
		return errors.New("blob store: the directory or bucket is not there")
	}
	return nil
}

// An upload to S3 holds one part at a time: S3's smallest, 5 MiB.
const (
	partSize  = 5 << 20
	atOnce    = 1
	blobsType = "application/octet-stream" // or gocloud would guess, from ciphertext
)

// Create opens a new blob for writing; it is there when Close has returned nil.
// Cancelling ctx before Close leaves nothing.
func (s *Store) Create(ctx context.Context, name string) (io.WriteCloser, error) {
	w, err := s.bucket.NewWriter(ctx, name, &blob.WriterOptions{
		BufferSize: partSize, MaxConcurrency: atOnce, ContentType: blobsType})
	if err != nil {
		return nil, fmt.Errorf("create blob: %w", err)
	}
	return w, nil
}

// Open opens a blob for reading; vault.ErrMissing if there is none.
func (s *Store) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := s.bucket.NewReader(ctx, name, nil)
	if err == nil {
		return r, nil
	}
	if gcerrors.Code(err) != gcerrors.NotFound {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	// A disk that is not mounted is no reason to believe that a blob is gone.
	if err := s.Ready(ctx); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("open blob: %w", vault.ErrMissing)
}

// DeleteAll deletes every blob whose name begins with prefix, which ends in a
// slash, and what is left of unfinished ones. It succeeds when there is none.
func (s *Store) DeleteAll(ctx context.Context, prefix string) error {
	folder, slash := strings.CutSuffix(prefix, "/")
	if !slash || folder == "." || !fs.ValidPath(folder) {
		return errors.New("delete blobs: the prefix must be a folder's path with a slash at its end")
	}
	var err error
	if s.dir != "" {
		err = os.RemoveAll(filepath.Join(s.dir, filepath.FromSlash(folder)))
	} else {
		err = s.deleteListed(ctx, prefix)
	}
	if err != nil {
		return fmt.Errorf("delete blobs: %w", err)
	}
	return nil
}

func (s *Store) deleteListed(ctx context.Context, prefix string) error {
	return s.each(ctx, prefix, func(o *blob.ListObject) error { return unlessGone(s.bucket.Delete(ctx, o.Key)) })
}

// Names returns the names of all blobs that begin with prefix.
func (s *Store) Names(ctx context.Context, prefix string) (names []string, err error) {
	err = s.each(ctx, prefix, func(o *blob.ListObject) error {
		names = append(names, o.Key)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list blobs: %w", err)
	}
	return names, nil
}
