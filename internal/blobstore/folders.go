package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Exists reports whether there is a blob of the name. A store that is not there,
// or a directory in which nothing was ever stored, is an error: that a blob is gone
// must be known and not guessed.
func (s *Store) Exists(ctx context.Context, name string) (bool, error) {
	found, err := s.bucket.Exists(ctx, name)
	if err == nil && !found {
		err = errors.Join(s.Ready(ctx), s.mounted())
	}
	if err != nil {
		return false, fmt.Errorf("look for a blob: %w", err)
	}
	return found, nil
}

// mounted is an error for a directory without anything in it: the disk is likely
// to be missing, and not the blobs.
func (s *Store) mounted() error {
	if s.dir == "" {
		return nil
	}
	d, err := os.Open(s.dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.ReadDir(1); err != nil {
		return errors.New("there is nothing in the directory: is the disk mounted?")
	}
	return nil
}

// Newest returns when the youngest blob of a folder was written, by the store's
// clock; the zero time if there is none.
func (s *Store) Newest(ctx context.Context, folder string) (newest time.Time, err error) {
	err = s.each(ctx, folder, func(o *blob.ListObject) error {
		if o.ModTime.After(newest) {
			newest = o.ModTime
		}
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("age of blobs: %w", err)
	}
	return newest, nil
}

// Move brings all blobs of one folder into another, on the server's side. Each is
// in one of them at every moment, and in both for a while; one that is written
// meanwhile stays where it is. It can be broken off and begun again, and succeeds
// when there is nothing to move.
func (s *Store) Move(ctx context.Context, from, to string) error {
	var moved []string
	err := s.each(ctx, from, func(o *blob.ListObject) error {
		err := s.bucket.Copy(ctx, to+strings.TrimPrefix(o.Key, from), o.Key, nil)
		if err == nil {
			moved = append(moved, o.Key)
		}
		return unlessGone(err)
	})
	for _, name := range moved { // not before the end: deleting disturbs a list
		err = errors.Join(err, unlessGone(s.bucket.Delete(ctx, name)))
	}
	if err != nil {
		return fmt.Errorf("move blobs: %w", err)
	}
	return nil
}

// unlessGone passes over what was deleted since it was listed.
func unlessGone(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}

// each goes through the blobs of a folder, whose name ends in a slash.
func (s *Store) each(ctx context.Context, folder string, do func(*blob.ListObject) error) error {
	for list := s.bucket.List(&blob.ListOptions{Prefix: folder}); ; {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(object)
		}
		if err != nil {
			return err
		}
	}
}

// Walk goes through the names of the folders in a folder, such as `photos/`, which
// may be millions: some at a time, and with only these in memory.
func (s *Store) Walk(root string) vault.Names {
	if s.dir != "" {
		return &entries{path: filepath.Join(s.dir, filepath.FromSlash(root))}
	}
	return &prefixes{bucket: s.bucket, root: root, token: blob.FirstPageToken}
}

// prefixes walks a bucket, by pages.
type prefixes struct {
	bucket *blob.Bucket
	root   string
	token  []byte
}

// Next returns up to n names, and io.EOF after the last.
func (p *prefixes) Next(ctx context.Context, n int) (names []string, err error) {
	if len(p.token) == 0 {
		return nil, io.EOF
	}
	page, next, err := p.bucket.ListPage(ctx, p.token, n, &blob.ListOptions{Prefix: p.root, Delimiter: "/"})
	if err != nil {
		return nil, fmt.Errorf("list folders: %w", err)
	}
	for _, o := range page {
		if o.IsDir {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(o.Key, p.root), "/"))
		}
	}
	p.token = next
	return names, nil
}

// Close is for directories.
func (p *prefixes) Close() error { return nil }

// entries walks a directory, which stays open meanwhile: gocloud's own list would
// read the whole tree again for each page.
type entries struct {
	path string
	file *os.File
}

// Next returns up to n names, and io.EOF after the last.
func (e *entries) Next(_ context.Context, n int) (names []string, err error) {
	if e.file == nil {
		if e.file, err = os.Open(e.path); errors.Is(err, os.ErrNotExist) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("list folders: %w", err)
		}
	}
	found, err := e.file.ReadDir(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("list folders: %w", err)
	}
	for _, f := range found {
		if f.IsDir() {
			names = append(names, f.Name())
		}
	}
	return names, err // io.EOF, unwrapped as readers do
}

// Close closes the directory.
func (e *entries) Close() error {
	if e.file == nil {
		return nil
	}
	return e.file.Close()
}
