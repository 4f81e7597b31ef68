package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Receipts is the table of erasures' receipts. A receipt knows its photo only
// while the photo's row exists.
type Receipts struct{ db *sqldb.DB }

// NewReceipts returns the table in a database that Open opened.
func NewReceipts(db *sqldb.DB) *Receipts { return &Receipts{db} }

// BeginReceipt keeps the receipt of an erasure that has begun and returns it;
// or, if that erasure has one already, the earlier. photo.ErrNotFound says that
// the photo is not being erased.
func (r *Receipts) BeginReceipt(ctx context.Context, id photo.ID, fresh photo.Receipt) (photo.Receipt, error) {
	_, err := r.db.ExecContext(ctx, `
		INSERT INTO erasure_receipts (receipt, reason, created_at, photo_id)
		SELECT $1, $2, CAST($3 AS BIGINT), id FROM photos WHERE id = $4 AND status = $5
		ON CONFLICT (photo_id) DO NOTHING`,
		fresh.ID, fresh.Reason, sqldb.Millis(fresh.CreatedAt), id, photo.Erasing)
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("begin receipt: %w", err)
	}
	got, err := r.find(ctx, `photo_id = $1`, string(id))
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("begin receipt: %w", err)
	}
	return got, nil
}

// FinishReceipts finishes the receipts of all photos whose rows are gone, and
// makes them forget which photos these were. It says how many. Each time it also
// makes what was deleted unreadable in the database's files, so that a run that
// broke off before that is made good by the next.
func (r *Receipts) FinishReceipts(ctx context.Context, now time.Time) (int, error) {
	result, err := r.db.ExecContext(ctx, `
		UPDATE erasure_receipts SET finished_at = $1, photo_id = NULL
		WHERE photo_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM photos WHERE photos.id = erasure_receipts.photo_id)`,
		sqldb.Millis(now))
	if err != nil {
		return 0, fmt.Errorf("finish receipts: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("finish receipts: %w", err)
	}
	if err := r.db.Scrub(ctx); err != nil {
		return int(n), fmt.Errorf("finish receipts: %w", err)
	}
	return int(n), nil
}

// FindReceipt looks a receipt up by its ID; photo.ErrNotFound if there is none.
func (r *Receipts) FindReceipt(ctx context.Context, receipt string) (photo.Receipt, error) {
	got, err := r.find(ctx, `receipt = $1`, receipt)
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("find receipt: %w", err)
	}
	return got, nil
}

func (r *Receipts) find(ctx context.Context, where, value string) (photo.Receipt, error) {
	var got photo.Receipt
	var begun, finished int64
	err := r.db.QueryRowContext(ctx,
		`SELECT receipt, reason, created_at, finished_at FROM erasure_receipts WHERE `+where, value).
		Scan(&got.ID, &got.Reason, &begun, &finished)
	if err != nil {
		return photo.Receipt{}, absent(err, photo.ErrNotFound)
	}
	got.CreatedAt, got.FinishedAt = sqldb.Time(begun), sqldb.Time(finished)
	return got, nil
}
