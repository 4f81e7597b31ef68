package keyring

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"gocloud.dev/secrets"
	"gocloud.dev/secrets/localsecrets"

	"github.com/passportphotogenie/passportphotogenie/internal/keyfile"
)

// Master is the master key, and others that may still open what they wrapped:
// the former one while keys are wrapped anew, or the next one while processes
// are started again one after the other.
type Master struct{ keys []masterKey } // the first one wraps

// masterKey is one of them.
type masterKey struct {
	id     string // what rows remember of it: it tells nothing of the key
	keeper *secrets.Keeper
	remote bool // a call takes milliseconds, may fail, and is paid for
}

// keeperLimit is how long a key service may take, its client's own retries
// included.
const keeperLimit = 5 * time.Second

// OpenMaster opens the master key, and old ones:
//
//   - `file:///PATH` is a file of 32 random bytes, made if it is missing unless it
//     is an old one; of several processes that start at once the first makes it
//     and all use it;
//   - `base64key://KEY` is the key itself, 32 bytes in URL-safe base64;
//   - `awskms`, `gcpkms`, `azurekeyvault` and `hashivault` URLs, as gocloud.dev
//     has them, name a key of a key service. Services are not asked yet.
func OpenMaster(ctx context.Context, masterKeyURL string, old ...string) (*Master, error) {
	m := &Master{}
	for i, text := range append([]string{masterKeyURL}, old...) {
		k, err := openKey(ctx, text, i == 0)
		if err != nil {
			err = fmt.Errorf("%s: %w", []string{"master key URL", "old master key URL"}[min(i, 1)], err)
			return nil, errors.Join(err, m.Close())
		}
		m.keys = append(m.keys, k)
	}
	return m, nil
}

func openKey(ctx context.Context, text string, make bool) (masterKey, error) {
	u, err := url.Parse(text)
	if err != nil {
		return masterKey{}, errors.New("not a URL") // the text may hold the key
	}
	if u.Scheme != "file" && u.Scheme != localsecrets.Scheme {
		return openService(ctx, u)
	}
	open := keyfile.Open
	if !make {
		open = keyfile.Read
	}
	key, err := open(text)
	if err != nil {
		return masterKey{}, err
	}
	return localKey(key)
}

// localKey goes by the key itself and not by its URL: a key stays the same when
// its file is moved, and is another when the file's content is.
func localKey(key [32]byte) (masterKey, error) {
	id, err := hkdf.Key(sha256.New, key[:], nil, "passportphotogenie/master-key-id/1", idBytes)
	if err != nil {
		return masterKey{}, err
	}
	return masterKey{id: hex.EncodeToString(id), keeper: localsecrets.NewKeeper(key)}, nil
}

// idBytes is enough to tell the few keys of an installation apart.
const idBytes = 8

// Close closes all of them.
func (m *Master) Close() error {
	var errs []error
	for _, k := range m.keys {
		errs = append(errs, k.keeper.Close())
	}
	return errors.Join(errs...)
}

// current is the one that wraps.
func (m *Master) current() masterKey { return m.keys[0] }

// openers are those that may open what the named one wrapped: itself, or all of
// them where no such key is known.
func (m *Master) openers(id string) []masterKey {
	for _, k := range m.keys {
		if k.id == id {
			return []masterKey{k}
		}
	}
	return m.keys
}

func (k masterKey) encrypt(ctx context.Context, plain []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, keeperLimit)
	defer cancel()
	return k.keeper.Encrypt(ctx, plain)
}

func (k masterKey) decrypt(ctx context.Context, sealed []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, keeperLimit)
	defer cancel()
	return k.keeper.Decrypt(ctx, sealed)
}
