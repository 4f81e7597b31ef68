package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Unfinished returns erasures whose photos' records are gone, in the order of
// their receipts' IDs, those after the given one and at most limit.
func (r *Receipts) Unfinished(ctx context.Context, after string, limit int) (all []photo.Erasure, err error) {
	all, err = sqldb.All(ctx, r.db, func(row sqldb.Row) (x photo.Erasure, err error) {
		var begun int64
		err = row.Scan(&x.Receipt.ID, &x.Receipt.Reason, &begun, &x.Photo, &x.Revision)
		x.Receipt.CreatedAt = sqldb.Time(begun)
		return x, err
	}, `
		SELECT r.receipt, r.reason, r.created_at, e.photo_id, e.revision
		FROM erasures e JOIN erasure_receipts r ON r.receipt = e.receipt
		WHERE r.receipt > $1 AND NOT EXISTS (SELECT 1 FROM photos WHERE photos.id = e.photo_id)
		ORDER BY r.receipt LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list unfinished erasures: %w", err)
	}
	return all, nil
}

// Erased counts the erasures that were finished from one time until before another,
// by reason, and what they deleted, by kind.
func (r *Receipts) Erased(ctx context.Context, from, until time.Time) (proof.Erased, error) {
	photos, err := sqldb.Counts[photo.ErasureReason](ctx, r.db, `
		SELECT reason, COUNT(*) FROM erasure_receipts WHERE finished_at >= $1 AND finished_at < $2 GROUP BY reason`, sqldb.Millis(from), sqldb.Millis(until))
	if err != nil {
		return proof.Erased{}, fmt.Errorf("count erasures: %w", err)
	}
	traces, err := sqldb.Counts[photo.Trace](ctx, r.db, `
		SELECT kind, SUM(count) FROM erasure_counts c JOIN erasure_receipts r ON r.receipt = c.receipt
		WHERE finished_at >= $1 AND finished_at < $2 GROUP BY kind`, sqldb.Millis(from), sqldb.Millis(until))
	if err != nil {
		return proof.Erased{}, fmt.Errorf("count what was erased: %w", err)
	}
	return proof.Erased{Photos: photos, Traces: traces}, nil
}

// Pending returns how many erasures are not finished, and when the first of them
// was begun.
func (r *Receipts) Pending(ctx context.Context) (count int, since time.Time, err error) {
	var millis int64
	err = r.db.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM erasure_receipts WHERE finished_at = 0`).Scan(&count, &millis)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count unfinished erasures: %w", err)
	}
	return count, sqldb.Time(millis), nil
}

// Restore keeps a receipt that a restored database has lost; one that it has stays
// as it is.
func (r *Receipts) Restore(ctx context.Context, lost photo.Receipt) error {
	err := inTx(ctx, r.db, func(tx *sql.Tx) error { return insertReceipt(ctx, tx, lost) })
	if err != nil {
		return fmt.Errorf("restore receipt: %w", err)
	}
	return nil
}

// FindReceipt looks a receipt up by its ID; photo.ErrNotFound if there is none.
func (r *Receipts) FindReceipt(ctx context.Context, receipt string) (got photo.Receipt, err error) {
	got, err = findReceipt(ctx, r.db, `receipt = $1`, receipt)
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("find receipt: %w", err)
	}
	return got, nil
}

func findReceipt(ctx context.Context, in sqldb.Queryer, where, value string) (got photo.Receipt, err error) {
	var begun, finished int64
	var key []byte
	err = in.QueryRowContext(ctx, `
		SELECT receipt, reason, created_at, finished_at, statement, signature, public_key
		FROM erasure_receipts LEFT JOIN signing_keys ON signing_keys.key_id = erasure_receipts.key_id
		WHERE `+where, value).
		Scan(&got.ID, &got.Reason, &begun, &finished, &got.Proof.Text, &got.Proof.Signature, &key)
	if err != nil {
		return photo.Receipt{}, absent(err, photo.ErrNotFound)
	}
	got.CreatedAt, got.FinishedAt, got.Proof.Key = sqldb.Time(begun), sqldb.Time(finished), key
	got.Erased, err = counted(ctx, in, got.ID)
	return got, err
}

func counted(ctx context.Context, in sqldb.Queryer, receipt string) (photo.Traces, error) {
	return sqldb.Counts[photo.Trace](ctx, in, `SELECT kind, count FROM erasure_counts WHERE receipt = $1`, receipt)
}
