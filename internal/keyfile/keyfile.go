// Package keyfile keeps a secret of 32 random bytes in a file that only its owner
// can read. It is made when it is missing, and of several processes that start at
// once the first makes it and all use it. Where a platform hands secrets over as
// variables, the secret itself may stand in the place of the file's address.
package keyfile

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Size is how many bytes a file holds.
const Size = 32

// Itself begins the address of a secret that is no address but the secret: its bytes
// in URL-safe base64 follow, as gocloud.dev has it.
const Itself = "base64key://"

// Open reads the secret at `file:///PATH`, an absolute path, and makes it first if
// it is missing. A file that others can read, or of another size, is refused. Of
// `base64key://KEY` it is the key. No error tells it.
func Open(keyURL string) (key [Size]byte, err error) {
	if text, itself := strings.CutPrefix(keyURL, Itself); itself {
		return parse(text)
	}
	path, err := pathOf(keyURL)
	if err != nil {
		return key, err
	}
	key, err = read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return key, fmt.Errorf("make the key file: %w", err)
		}
		key, err = read(path)
	}
	return key, reading(err)
}

// Read is Open for a file that must be there.
func Read(keyURL string) (key [Size]byte, err error) {
	if text, itself := strings.CutPrefix(keyURL, Itself); itself {
		return parse(text)
	}
	path, err := pathOf(keyURL)
	if err != nil {
		return key, err
	}
	key, err = read(path)
	return key, reading(err)
}

func parse(text string) (key [Size]byte, err error) {
	if text == "" {
		return key, errors.New(Itself + " without a key would make a different key in each process, and none of them could read what another wrote: give 32 bytes in URL-safe base64")
	}
	b, err := base64.URLEncoding.DecodeString(text)
	if err != nil || len(b) != Size {
		return key, errors.New(Itself + " wants 32 bytes in URL-safe base64")
	}
	return [Size]byte(b), nil
}

func reading(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read the key file: %w", err)
}

func pathOf(fileURL string) (string, error) {
	u, err := url.Parse(fileURL)
	if err != nil || u.Scheme != "file" || u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
		return "", errors.New("want an absolute path and nothing else, as in file:///var/lib/photos/the.key")
	}
	return u.Path, nil
}

func read(path string) (key [Size]byte, err error) {
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
	return [Size]byte(b), nil
}

// create puts a new key at path unless there is one. The key is complete and
// on the disk before it gets its name, and link, unlike rename, replaces
// nothing: so no process ever sees half a key, or one that is replaced later.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil { // #nosec G703 -- the configured directory
		return err
	}
	f, err := os.CreateTemp(dir, ".new-key-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // #nosec G703 -- the file just made
	key := make([]byte, Size)
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
