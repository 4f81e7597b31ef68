// Package keyring keeps one data key per photo. A key is wrapped by the master
// key and lies in a database of its own, which is never backed up: losing it
// costs the photos of three days at most, and erasing a photo's key there makes
// every copy of its blobs unreadable, wherever it lies. Nothing is cached, so
// an erased key is gone for all processes at once.
//
// On SQLite an erased key is gone from the files as well. PostgreSQL keeps the
// wrapped bytes on its disk until its next vacuum and in its log until that is
// recycled; they open nothing without the master key.
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

	"gocloud.dev/secrets"

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
	master *secrets.Keeper
}

// New returns the keyring in a database that OpenDatabase opened, under a master
// key that OpenMaster opened. The caller closes both.
func New(db *sqldb.DB, master *secrets.Keeper) *Keyring { return &Keyring{db, master} }

// Create returns the photo's cipher, with a new key if it has none. Of several
// that create at once all get the same key.
func (k *Keyring) Create(ctx context.Context, id photo.ID) (vault.Cipher, error) {
	var key dataKey
	rand.Read(key[:]) // never fails: crypto/rand ends the program instead
	wrapped, err := k.wrap(ctx, id, key)
	if err != nil {
		return nil, fmt.Errorf("create a photo's key: %w", err)
	}
	_, err = k.db.ExecContext(ctx, `
		INSERT INTO photo_keys (photo_id, wrapped, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (photo_id) DO NOTHING`, id, wrapped, sqldb.Millis(time.Now()))
	if err != nil {
		return nil, fmt.Errorf("create a photo's key: %w", err)
	}
	return k.Find(ctx, id) // the key that is there now, whoever made it
}

// Find returns the photo's cipher; vault.ErrMissing if it has no key, or none
// any more.
func (k *Keyring) Find(ctx context.Context, id photo.ID) (vault.Cipher, error) {
	var wrapped []byte
	err := k.db.QueryRowContext(ctx, `SELECT wrapped FROM photo_keys WHERE photo_id = $1`, id).Scan(&wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		err = vault.ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("find a photo's key: %w", err)
	}
	key, err := k.unwrap(ctx, id, wrapped)
	if err != nil {
		return nil, fmt.Errorf("find a photo's key: %w", err)
	}
	return newCipher(key)
}

// Erase deletes the photo's key for good. It succeeds when there is none. After
// an error the key may still be readable on the disk: erase again.
func (k *Keyring) Erase(ctx context.Context, id photo.ID) error {
	if _, err := k.db.ExecContext(ctx, `DELETE FROM photo_keys WHERE photo_id = $1`, id); err != nil {
		return fmt.Errorf("erase a photo's key: %w", err)
	}
	if err := k.db.Scrub(ctx); err != nil {
		return fmt.Errorf("erase a photo's key: %w", err)
	}
	return nil
}
