package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// SigningKeys is the table of the public keys of all who ever signed a statement
// that is kept here. A key comes into it together with the first statement that it
// signed, and stays.
type SigningKeys struct{ db *sqldb.DB }

// NewSigningKeys returns the table in a database that Open opened.
func NewSigningKeys(db *sqldb.DB) *SigningKeys { return &SigningKeys{db} }

// publish notes a key that has signed; the zero key of what is unsigned is none.
func publish(ctx context.Context, on execer, key attest.PublicKey, now time.Time) error {
	if len(key) == 0 {
		return nil
	}
	_, err := on.ExecContext(ctx, `
		INSERT INTO signing_keys (key_id, public_key, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		key.ID(), []byte(key), sqldb.Millis(now))
	if err != nil {
		return fmt.Errorf("publish a signing key: %w", err)
	}
	return nil
}

// Keys returns them all, the newest first.
func (s *SigningKeys) Keys(ctx context.Context) (keys []attest.PublicKey, err error) {
	keys, err = sqldb.All(ctx, s.db, sqldb.Only[attest.PublicKey], `SELECT public_key FROM signing_keys ORDER BY since DESC, key_id`)
	if err != nil {
		return nil, fmt.Errorf("list signing keys: %w", err)
	}
	return keys, nil
}
