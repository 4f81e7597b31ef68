// Package keyring keeps one data key per photo. A key is wrapped by the master
// key and lies in a database of its own, which is never backed up: losing it
// costs the photos of three days at most, and erasing a photo's key there makes
// every copy of its blobs unreadable, wherever it lies. Every use looks at the
// key's row, so an erased key is gone for all processes at once.
//
// Each row says which master key wrapped it, so that the master key can be
// changed by wrapping the keys anew, without touching a blob.
//
// On SQLite an erased key is gone from the files when Erase returns. PostgreSQL
// keeps the bytes of deleted rows in the table's file, also after a plain
// VACUUM; Scrub has the table written anew. Its write-ahead log keeps them until
// that is overwritten. They open nothing without the master key.
package keyring

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

//go:embed migrations/*.sql
var embedded embed.FS

// OpenDatabase opens the keys' database, `sqlite:PATH` or `postgres://...`; see
// sqldb.Open.
func OpenDatabase(ctx context.Context, databaseURL string) (*sqldb.DB, error) {
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, err
	}
	return sqldb.Open(ctx, databaseURL, sqldb.Schema{Name: "keys", Migrations: migrations})
}

// Keyring implements vault.Keys.
type Keyring struct {
	db     *sqldb.DB
	master *Master
	opened *cache // nil where opening a key is quick
	meter  Meter
	probe  probe
}

// New returns the keyring in a database that OpenDatabase opened, under a master
// key that OpenMaster opened. The caller closes both.
func New(db *sqldb.DB, master *Master) *Keyring {
	k := &Keyring{db: db, master: master, meter: unwatched{}}
	for _, m := range master.keys {
		if m.remote {
			k.opened = newCache()
		}
	}
	return k
}

// Create returns the photo's cipher, with a new key if it has none. Of several
// that create at once all get the same key.
func (k *Keyring) Create(ctx context.Context, id photo.ID) (vault.Cipher, error) {
	var key dataKey
	rand.Read(key[:]) // never fails: crypto/rand ends the program instead
	w, err := k.master.wrap(ctx, id, key)
	if err != nil {
		return nil, fmt.Errorf("create a photo's key: %w", k.failed(ctx, byWrapping, err))
	}
	result, err := k.db.ExecContext(ctx, `
		INSERT INTO photo_keys (photo_id, wrapped, master, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (photo_id) DO NOTHING`, id, w.sealed, w.master, sqldb.Millis(time.Now()))
	if err != nil {
		return nil, fmt.Errorf("create a photo's key: %w", k.failed(ctx, byStore, err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return nil, fmt.Errorf("create a photo's key: %w", err)
	}
	if n == 0 {
		return k.Find(ctx, id) // somebody else's
	}
	k.keep(id, w, key)
	return newCipher(key)
}

// Find returns the photo's cipher; vault.ErrMissing if it has no key, or none
// any more.
func (k *Keyring) Find(ctx context.Context, id photo.ID) (vault.Cipher, error) {
	var w wrapped
	err := k.db.QueryRowContext(ctx, `SELECT wrapped, master FROM photo_keys WHERE photo_id = $1`, id).Scan(&w.sealed, &w.master)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find a photo's key: %w", vault.ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("find a photo's key: %w", k.failed(ctx, byStore, err))
	}
	key, err := k.open(ctx, id, w)
	if err != nil {
		return nil, fmt.Errorf("find a photo's key: %w", k.failed(ctx, byUnwrapping, err))
	}
	return newCipher(key)
}

func (k *Keyring) open(ctx context.Context, id photo.ID, w wrapped) (dataKey, error) {
	if k.opened != nil {
		if key, ok := k.opened.find(id, w.sealed); ok {
			return key, nil
		}
	}
	key, err := k.master.unwrap(ctx, id, w)
	if err == nil {
		k.keep(id, w, key)
	}
	return key, err
}

func (k *Keyring) keep(id photo.ID, w wrapped, key dataKey) {
	if k.opened != nil {
		k.opened.keep(id, w.sealed, key)
	}
}

// Has reports whether the photo has a key, and asks nothing of the master key.
func (k *Keyring) Has(ctx context.Context, id photo.ID) (bool, error) {
	var n int
	if err := k.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM photo_keys WHERE photo_id = $1`, id).Scan(&n); err != nil {
		return false, fmt.Errorf("look for a photo's key: %w", err)
	}
	return n > 0, nil
}

// Erase deletes the photo's key for good. It succeeds when there is none. After
// an error the key may still be readable on the disk: erase again.
func (k *Keyring) Erase(ctx context.Context, id photo.ID) error {
	if k.opened != nil {
		defer k.opened.forget(id)
	}
	if _, err := k.db.ExecContext(ctx, `DELETE FROM photo_keys WHERE photo_id = $1`, id); err != nil {
		return fmt.Errorf("erase a photo's key: %w", err)
	}
	if err := k.db.Scrub(ctx); err != nil {
		return fmt.Errorf("erase a photo's key: %w", err)
	}
	return nil
}

// Scrub removes what erased and former keys left in the database's files. On
// PostgreSQL nobody can use a key while the table is written anew.
func (k *Keyring) Scrub(ctx context.Context) error {
	if err := k.db.Scrub(ctx); err != nil {
		return fmt.Errorf("scrub the keys: %w", err)
	}
	if err := k.db.Rewrite(ctx, "photo_keys"); err != nil {
		return fmt.Errorf("scrub the keys: %w", err)
	}
	return nil
}
