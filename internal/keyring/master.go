package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"gocloud.dev/secrets"
	"gocloud.dev/secrets/localsecrets"
)

// OpenMaster opens the master key. `file:///PATH` is a file of 32 random bytes,
// made if it is missing; of several processes that start at once the first
// makes it and all use it. `base64key://KEY` is the key itself, 32 bytes in
// URL-safe base64.
func OpenMaster(ctx context.Context, masterKeyURL string) (*secrets.Keeper, error) {
	u, err := url.Parse(masterKeyURL)
	if err != nil {
		return nil, errors.New("master key URL: not a URL") // the text may hold the key
	}
	switch u.Scheme {
	case "file":
		return openKeyFile(u)
	case localsecrets.Scheme:
		if u.Host == "" {
			return nil, errors.New("master key URL: base64key:// without a key would make a different key in each process, and none of them could read what another wrote: give 32 bytes in URL-safe base64")
		}
		keeper, err := secrets.OpenKeeper(ctx, masterKeyURL)
		if err != nil {
			return nil, errors.New("master key URL: base64key:// wants 32 bytes in URL-safe base64")
		}
		return keeper, nil
	}
	return nil, fmt.Errorf("master key URL: the scheme %q is not supported; want file:///PATH or base64key://KEY", u.Scheme)
}

func openKeyFile(u *url.URL) (*secrets.Keeper, error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
		return nil, errors.New("master key URL: want an absolute path and nothing else, as in file:///var/lib/photos/master.key")
	}
	key, err := readKey(u.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(u.Path); err != nil {
			return nil, fmt.Errorf("make the master key: %w", err)
		}
		key, err = readKey(u.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	return localsecrets.NewKeeper(key), nil
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
