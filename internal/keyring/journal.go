package keyring

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Journal remembers, longer than any backup of the records lives, which photos
// were erased: it holds receipts, and photos only as HMACs of their IDs. It lies
// with the keys because, like them, it must be in no backup: a restored database
// is older than the journal it is held against. The key of the HMACs lies there
// too; an ID can't be found by trying, so it is only to keep apart whoever knows
// an ID from who has nothing but the entries.
type Journal struct{ db *sqldb.DB }

// NewJournal returns the journal in a database that OpenDatabase opened.
func NewJournal(db *sqldb.DB) *Journal { return &Journal{db} }

// Note keeps the receipt of a photo's erasure. A pending one never replaces a
// finished one.
func (j *Journal) Note(ctx context.Context, id photo.ID, r photo.Receipt) error {
	mac, err := j.mac(ctx, id)
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	_, err = j.db.ExecContext(ctx, `
		INSERT INTO erasure_journal (photo_mac, receipt, begun_at, finished_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (photo_mac) DO UPDATE SET receipt = excluded.receipt, finished_at = excluded.finished_at
		WHERE erasure_journal.finished_at = 0`,
		mac, string(text), sqldb.Millis(r.CreatedAt), sqldb.Millis(r.FinishedAt))
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	return nil
}

// Find returns the receipt of a photo's erasure; photo.ErrNotFound if none was
// noted.
func (j *Journal) Find(ctx context.Context, id photo.ID) (r photo.Receipt, err error) {
	mac, err := j.mac(ctx, id)
	if err != nil {
		return r, fmt.Errorf("look for an erasure: %w", err)
	}
	r, err = scanReceipt(j.db.QueryRowContext(ctx, `SELECT receipt FROM erasure_journal WHERE photo_mac = $1`, mac))
	if errors.Is(err, sql.ErrNoRows) {
		err = photo.ErrNotFound
	}
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("look for an erasure: %w", err)
	}
	return r, nil
}

// Noted returns all receipts, the oldest first.
func (j *Journal) Noted(ctx context.Context) (all []photo.Receipt, err error) {
	all, err = sqldb.All(ctx, j.db, scanReceipt, `SELECT receipt FROM erasure_journal ORDER BY begun_at`)
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return all, nil
}

func scanReceipt(row sqldb.Row) (r photo.Receipt, err error) {
	text, err := sqldb.Only[string](row)
	if err == nil {
		err = json.Unmarshal([]byte(text), &r)
	}
	return r, err
}

func journalRegister() sqldb.Register {
	return sqldb.Register{Table: "erasure_journal", Key: "photo_mac", Anchor: "finished_at"}
}

// Oldest returns when the erasure that was finished first was; false if none is.
func (j *Journal) Oldest(ctx context.Context) (time.Time, bool, error) {
	return j.db.Oldest(ctx, journalRegister())
}

// Purge forgets erasures that were finished long enough ago; see scheduler.Purger.
func (j *Journal) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return j.db.Purge(ctx, journalRegister(), cutoff, limit)
}

func (j *Journal) mac(ctx context.Context, id photo.ID) ([]byte, error) {
	key, err := j.key(ctx)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id))
	return mac.Sum(nil), nil
}

// key makes the key when it is first asked for; of several that do so at once all
// get the same.
func (j *Journal) key(ctx context.Context) (key []byte, err error) {
	find := func() error { return j.db.QueryRowContext(ctx, `SELECT hmac_key FROM journal_key`).Scan(&key) }
	if err = find(); !errors.Is(err, sql.ErrNoRows) {
		return key, err
	}
	fresh := make([]byte, 32)
	rand.Read(fresh)
	if _, err := j.db.ExecContext(ctx, `INSERT INTO journal_key (one, hmac_key) VALUES (1, $1) ON CONFLICT DO NOTHING`, fresh); err != nil {
		return nil, err
	}
	err = find()
	return key, err
}
