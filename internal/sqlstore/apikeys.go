package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

func insertKey(ctx context.Context, tx *sql.Tx, id apiclient.ID, k apiclient.KeyRecord) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO api_keys (key_hash, client, hint, issued_at) VALUES ($1, $2, $3, $4)`,
		k.Hash[:], id, k.Hint, sqldb.Millis(k.Issued))
	return err
}

// keysOf returns a client's keys, the newest first.
func keysOf(ctx context.Context, in sqldb.Queryer, id apiclient.ID) ([]apiclient.KeyRecord, error) {
	return sqldb.All(ctx, in, func(row sqldb.Row) (k apiclient.KeyRecord, err error) {
		var hash []byte
		var issued, ends, used int64
		err = row.Scan(&hash, &k.Hint, &issued, &ends, &used)
		copy(k.Hash[:], hash)
		k.Issued, k.Ends, k.Used = sqldb.Time(issued), sqldb.Time(ends), sqldb.Time(used)
		return k, err
	}, `SELECT key_hash, hint, issued_at, ends_at, used_on FROM api_keys WHERE client = $1 ORDER BY issued_at DESC, hint`, id)
}

// ByKey returns whose key it is, and notes the day; apiclient.ErrUnknownKey if it is
// nobody's now.
func (r *APIClients) ByKey(ctx context.Context, k secret.Key, now time.Time) (apiclient.Client, error) {
	hash, today := k.Hash(), sqldb.Millis(apiclient.Day(now))
	var kept []byte
	var ends, used int64
	err := r.db.QueryRowContext(ctx, `SELECT key_hash, ends_at, used_on FROM api_keys WHERE key_hash = $1`, hash[:]).Scan(&kept, &ends, &used)
	if errors.Is(err, sql.ErrNoRows) {
		err = apiclient.ErrUnknownKey
	}
	if err != nil {
		return apiclient.Client{}, fmt.Errorf("find API key: %w", err)
	}
	// The index has compared already, over hashes, which tell nothing of the key; this
	// is the comparison that decides.
	record := apiclient.KeyRecord{Ends: sqldb.Time(ends)}
	copy(record.Hash[:], kept)
	if !record.Hash.Opens(k) || !record.Valid(now) {
		return apiclient.Client{}, fmt.Errorf("find API key: %w", apiclient.ErrUnknownKey)
	}
	c, err := scanClient(r.db.QueryRowContext(ctx, `
		SELECT `+clientColumns+` FROM api_clients WHERE revoked_at = 0 AND id = (SELECT client FROM api_keys WHERE key_hash = $1)`, hash[:]))
	if err != nil {
		return apiclient.Client{}, fmt.Errorf("find API client: %w", absent(err, apiclient.ErrUnknownKey))
	}
	if used < today {
		if _, err := r.db.ExecContext(ctx, `UPDATE api_keys SET used_on = $1 WHERE key_hash = $2 AND used_on < $1`, today, hash[:]); err != nil {
			return apiclient.Client{}, fmt.Errorf("note an API key's use: %w", err)
		}
	}
	return c, nil
}

// Used returns how many photos a client has sent on the day.
func (r *APIClients) Used(ctx context.Context, id apiclient.ID, now time.Time) (int, error) {
	n, err := usedOn(ctx, r.db, id, now)
	if err != nil {
		return 0, fmt.Errorf("count an API client's photos: %w", err)
	}
	return n, nil
}

func usedOn(ctx context.Context, in sqldb.Queryer, id apiclient.ID, now time.Time) (n int, err error) {
	err = in.QueryRowContext(ctx, `SELECT photos FROM api_usage WHERE client = $1 AND day = $2`, id, sqldb.Millis(apiclient.Day(now))).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return n, err
}

// hasQuota answers apiclient.ErrQuota if the client has used its day up. It takes
// nothing: a picture that does not arrive does not count.
func hasQuota(ctx context.Context, tx *sql.Tx, id apiclient.ID, now time.Time) error {
	var most int
	err := tx.QueryRowContext(ctx, `SELECT photos_per_day FROM api_clients WHERE id = $1`, id).Scan(&most)
	if err != nil {
		return err
	}
	used, err := usedOn(ctx, tx, id, now)
	if err == nil && used >= most {
		err = apiclient.ErrQuota
	}
	return err
}

// takeQuota counts a photo, exactly, in the transaction that queues it;
// apiclient.ErrQuota if others have taken the last one since it began to arrive.
func takeQuota(ctx context.Context, tx *sql.Tx, id apiclient.ID, now time.Time) error {
	if err := hasQuota(ctx, tx, id, now); err != nil {
		return err
	}
	counted, err := change(ctx, tx, `
		INSERT INTO api_usage (client, day, photos) VALUES ($1, $2, 1)
		ON CONFLICT (client, day) DO UPDATE SET photos = api_usage.photos + 1
		WHERE api_usage.photos < (SELECT photos_per_day FROM api_clients WHERE id = $1)`,
		id, sqldb.Millis(apiclient.Day(now)))
	if err == nil && !counted {
		err = apiclient.ErrQuota
	}
	return err
}
