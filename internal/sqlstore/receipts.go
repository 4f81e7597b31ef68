package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Receipts is the table of erasures' receipts. Which photo a receipt is of stands in
// a table beside it (erasures), only until the last trace of that is gone.
type Receipts struct{ db *sqldb.DB }

// NewReceipts returns the table in a database that Open opened.
func NewReceipts(db *sqldb.DB) *Receipts { return &Receipts{db} }

// BeginReceipt keeps the receipt of an erasure that has begun, which fresh makes
// of the reason it was begun for; or, if that erasure has one already, answers
// with the earlier. In the same step it takes the photo's place in reports about a
// child. photo.ErrNotFound says that the photo is not being erased.
func (r *Receipts) BeginReceipt(ctx context.Context, id photo.ID, fresh func(photo.ErasureReason) (photo.Receipt, error)) (photo.Erasure, error) {
	x := photo.Erasure{Photo: id}
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		var why photo.ErasureReason
		err := tx.QueryRowContext(ctx, `SELECT reason, revision FROM photos WHERE id = $1 AND status = $2`, id, photo.Erasing).
			Scan(&why, &x.Revision)
		if err != nil {
			return absent(err, photo.ErrNotFound)
		}
		receipt, err := fresh(why)
		if err != nil {
			return err
		}
		begun, err := change(ctx, tx, `
			INSERT INTO erasures (photo_id, receipt, revision) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			id, receipt.ID, x.Revision)
		if err == nil && begun {
			// The record itself is there at this moment, and nothing but its erasure
			// will take it away.
			receipt.Erased = photo.Traces{photo.RecordTrace: 1}
			err = insertReceipt(ctx, tx, receipt)
		}
		if err == nil && begun { // whoever asked for it gets the proof, whatever breaks off from here on
			_, err = change(ctx, tx, `UPDATE subject_requests SET receipt = $1, photo_id = NULL WHERE photo_id = $2`, receipt.ID, id)
			if err == nil {
				err = endChildReports(ctx, tx, id, receipt)
			}
		}
		if err != nil {
			return err
		}
		x.Receipt, err = findReceipt(ctx, tx, `receipt = (SELECT receipt FROM erasures WHERE photo_id = $1)`, string(id))
		return err
	})
	if err != nil {
		return photo.Erasure{}, fmt.Errorf("begin receipt: %w", err)
	}
	return x, nil
}

// insertReceipt keeps a receipt with what it counts; one that is kept already stays
// as it is.
func insertReceipt(ctx context.Context, tx *sql.Tx, r photo.Receipt) error {
	if err := publish(ctx, tx, r.Proof.Key, r.CreatedAt); err != nil {
		return err
	}
	kept, err := change(ctx, tx, `
		INSERT INTO erasure_receipts (receipt, reason, created_at, finished_at, statement, signature, key_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		r.ID, r.Reason, sqldb.Millis(r.CreatedAt), sqldb.Millis(r.FinishedAt), r.Proof.Text, r.Proof.Signature, r.Proof.Key.ID())
	if err != nil || !kept {
		return err
	}
	return count(ctx, tx, r.ID, r.Erased)
}

// Note keeps how many of a kind an erasure found, before it deletes them. It keeps
// the most that was ever found: an erasure that broke off finds fewer the next
// time.
func (r *Receipts) Note(ctx context.Context, receipt string, found photo.Traces) error {
	if err := inTx(ctx, r.db, func(tx *sql.Tx) error { return count(ctx, tx, receipt, found) }); err != nil {
		return fmt.Errorf("note what is erased: %w", err)
	}
	return nil
}

func count(ctx context.Context, tx *sql.Tx, receipt string, found photo.Traces) error {
	for kind, n := range found {
		if n == 0 {
			continue
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO erasure_counts (receipt, kind, count) VALUES ($1, $2, $3)
			ON CONFLICT (receipt, kind) DO UPDATE SET count =
				CASE WHEN excluded.count > erasure_counts.count THEN excluded.count ELSE erasure_counts.count END`,
			receipt, kind, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// Finish finishes the receipt of a photo whose record is gone, as seal makes it of
// what was counted, and makes it forget which photo that was. A receipt that is
// finished already stays as it is. It returns the receipt as it stands.
func (r *Receipts) Finish(ctx context.Context, x photo.Erasure, seal func(photo.Receipt) (photo.Receipt, error)) (photo.Receipt, error) {
	counted, err := r.FindReceipt(ctx, x.Receipt.ID)
	if err != nil || !counted.FinishedAt.IsZero() {
		return counted, err
	}
	sealed, err := seal(counted)
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("finish receipt: %w", err)
	}
	err = inTx(ctx, r.db, func(tx *sql.Tx) error {
		if err := publish(ctx, tx, sealed.Proof.Key, sealed.FinishedAt); err != nil {
			return err
		}
		done, err := change(ctx, tx, `
			UPDATE erasure_receipts SET reason = $1, finished_at = $2, statement = $3, signature = $4, key_id = $5
			WHERE receipt = $6 AND finished_at = 0 AND NOT EXISTS (SELECT 1 FROM photos WHERE id = $7)`,
			sealed.Reason, sqldb.Millis(sealed.FinishedAt), sealed.Proof.Text, sealed.Proof.Signature, sealed.Proof.Key.ID(), sealed.ID, x.Photo)
		if err != nil || !done {
			return err
		}
		if _, err := change(ctx, tx, `DELETE FROM erasures WHERE photo_id = $1`, x.Photo); err != nil {
			return err
		}
		return count(ctx, tx, sealed.ID, sealed.Erased)
	})
	if err != nil {
		return photo.Receipt{}, fmt.Errorf("finish receipt: %w", err)
	}
	return r.FindReceipt(ctx, sealed.ID)
}

// Scrub makes what was deleted unreadable in the database's files too.
func (r *Receipts) Scrub(ctx context.Context) error { return r.db.Scrub(ctx) }
