package keyring

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// keyFile reads the file that a file:// URL names, and makes it first where it
// may be made.
func keyFile(u *url.URL, make bool) (key [32]byte, err error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
		return key, errors.New("want an absolute path and nothing else, as in file:///var/lib/photos/master.key")
	}
	key, err = readKey(u.Path)
	if errors.Is(err, fs.ErrNotExist) && make {
		if err := makeKey(u.Path); err != nil {
			return key, fmt.Errorf("make it: %w", err)
		}
		key, err = readKey(u.Path)
	}
	if err != nil {
		return key, fmt.Errorf("read it: %w", err)
	}
	return key, nil
}

func readKey(path string) (key [32]byte, err error) {
	info, err := os.Stat(path) // #nosec G703 -- the configured file
	if err != nil {
		return key, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return key, fmt.Errorf("others than its owner can read %s: chmod 600 it", path)
	}
	b, err := os.ReadFile(path) // #nosec G304 G703 -- the configured file
	if err != nil {
		return key, err
	}
	if len(b) != len(key) {
		return key, fmt.Errorf("%s holds %d bytes, not %d", path, len(b), len(key))
	}
	return [32]byte(b), nil
}

// makeKey puts a new key at path unless there is one. The key is complete and
// on the disk before it gets its name, and link, unlike rename, replaces
// nothing: so no process ever sees half a key, or one that is replaced later.
func makeKey(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil { // #nosec G703 -- the configured directory
		return err
	}
	f, err := os.CreateTemp(dir, ".master-key-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // #nosec G703 -- the file just made
	key := make([]byte, 32)
	rand.Read(key)
	_, err = f.Write(key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
