package keyring

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Rotation says what came of wrapping keys anew.
type Rotation struct {
	Wrapped int // keys that are under the present master key now
	Refused int // keys that none of the master keys opens, or that could not be written
}

// Pace of a rotation.
const (
	rotateBatch  = 100 // keys that are written together
	rotateAtOnce = 8   // keys: a key service answers slowly, but many at a time
)

// Left counts the keys that are not known to be under the present master key.
func (k *Keyring) Left(ctx context.Context) (n int, err error) {
	err = k.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM photo_keys WHERE master <> $1`, k.master.current().id).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count keys: %w", err)
	}
	return n, nil
}

// Rotate wraps the keys that are under other master keys by the present one. No
// blob is touched, and everything else may go on meanwhile. A key that is
// erased meanwhile stays erased. Broken off anywhere, it can be begun again. It
// reports, after each batch, how many keys it has dealt with.
func (k *Keyring) Rotate(ctx context.Context, report func(done int)) (r Rotation, err error) {
	if err := k.tryMaster(ctx); err != nil {
		return r, fmt.Errorf("rotate the master key: %w", err)
	}
	var after photo.ID
	for done := 0; ; {
		rows, err := k.others(ctx, after)
		if err != nil {
			return r, fmt.Errorf("rotate the master key: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		n, last := k.rewrapAll(ctx, rows)
		r.Wrapped += n
		r.Refused += len(rows) - n
		if n == 0 {
			// The key service is away, or the old master key is not the one.
			return r, fmt.Errorf("rotate the master key: none of %d keys could be wrapped anew, the last because: %w", len(rows), last)
		}
		if err := k.db.Scrub(ctx); err != nil {
			return r, fmt.Errorf("rotate the master key: %w", err)
		}
		done += len(rows)
		report(done)
		after = rows[len(rows)-1].id
	}
	if err := k.Scrub(ctx); err != nil {
		return r, fmt.Errorf("rotate the master key: %w", err)
	}
	return r, nil
}

// tryMaster sees that the present master key opens what it wraps, before any key
// depends on it: a key service may permit one and not the other.
func (k *Keyring) tryMaster(ctx context.Context) error {
	id := photo.NewID()
	w, err := k.master.wrap(ctx, id, dataKey{})
	if err == nil {
		_, err = k.master.unwrap(ctx, id, w)
	}
	if err != nil {
		return fmt.Errorf("try the present master key: %w", err)
	}
	return nil
}

// row is a photo's key in the database.
type row struct {
	id photo.ID
	wrapped
}

func (k *Keyring) others(ctx context.Context, after photo.ID) (rows []row, err error) {
	found, err := k.db.QueryContext(ctx, `
		SELECT photo_id, wrapped, master FROM photo_keys
		WHERE master <> $1 AND photo_id > $2 ORDER BY photo_id LIMIT $3`,
		k.master.current().id, after, rotateBatch)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var r row
		if err := found.Scan(&r.id, &r.sealed, &r.master); err != nil {
			return nil, fmt.Errorf("list keys: %w", err)
		}
		rows = append(rows, r)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return rows, nil
}

// rewrapAll wraps keys anew and writes them. It returns how many of them are
// dealt with, and an error of the others.
func (k *Keyring) rewrapAll(ctx context.Context, rows []row) (n int, last error) {
	anew := make([]wrapped, len(rows))
	errs := make([]error, len(rows))
	var group errgroup.Group
	group.SetLimit(rotateAtOnce)
	for i, r := range rows {
		group.Go(func() error {
			anew[i], errs[i] = k.rewrap(ctx, r)
			return nil // one that fails does not stop the others
		})
	}
	_ = group.Wait()
	for i, err := range errs {
		if err == nil {
			n++
		} else {
			last, anew[i] = err, wrapped{}
		}
	}
	if n == 0 {
		return 0, last
	}
	if err := k.replace(ctx, rows, anew); err != nil {
		return 0, err
	}
	return n, last
}

func (k *Keyring) rewrap(ctx context.Context, r row) (wrapped, error) {
	key, err := k.master.unwrap(ctx, r.id, r.wrapped)
	if err != nil {
		return wrapped{}, err
	}
	return k.master.wrap(ctx, r.id, key)
}

// replace writes the keys that were wrapped anew, each into the row as it was
// read and no other: one that was erased must not come back, and one with which
// another rotation was quicker is done.
func (k *Keyring) replace(ctx context.Context, rows []row, anew []wrapped) error {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	for i, r := range rows {
		if anew[i].sealed == nil {
			continue
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE photo_keys SET wrapped = $1, master = $2
			WHERE photo_id = $3 AND wrapped = $4`, anew[i].sealed, anew[i].master, r.id, r.sealed)
		if err != nil {
			return fmt.Errorf("write keys: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return nil
}
