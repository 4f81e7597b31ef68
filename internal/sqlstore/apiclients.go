package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// APIClients is the register of organisations that use the API with a key. One that was
// revoked stays in it for a while, without its keys' power.
type APIClients struct{ db *sqldb.DB }

// NewAPIClients returns the register in a database that Open opened.
func NewAPIClients(db *sqldb.DB) *APIClients { return &APIClients{db} }

// List returns those who are clients now, by name, each with the keys that are valid or
// were until lately.
func (r *APIClients) List(ctx context.Context) ([]apiclient.Client, error) {
	return r.list(ctx, `revoked_at = 0 ORDER BY name, id`)
}

// Revoked returns those who are clients no more, the last to be revoked first.
func (r *APIClients) Revoked(ctx context.Context) ([]apiclient.Client, error) {
	return r.list(ctx, `revoked_at <> 0 ORDER BY revoked_at DESC, name, id`)
}

const clientColumns = `id, name, photos_per_day, revision, added_at, revoked_at`

func scanClient(row sqldb.Row) (c apiclient.Client, err error) {
	var added, revoked int64
	err = row.Scan(&c.ID, &c.Name, &c.PhotosPerDay, &c.Revision, &added, &revoked)
	c.Added, c.Revoked = sqldb.Time(added), sqldb.Time(revoked)
	return c, err
}

func (r *APIClients) list(ctx context.Context, where string) ([]apiclient.Client, error) {
	all, err := sqldb.All(ctx, r.db, scanClient, `SELECT `+clientColumns+` FROM api_clients WHERE `+where)
	for i := 0; err == nil && i < len(all); i++ {
		all[i].Keys, err = keysOf(ctx, r.db, all[i].ID)
	}
	if err != nil {
		return nil, fmt.Errorf("list API clients: %w", err)
	}
	return all, nil
}

// Add enters a client with its first key, under a new ID and as its first revision. What
// the entry lacks is a register.FieldError. The event, whose subject becomes the ID, is
// written with it; both or neither.
func (r *APIClients) Add(ctx context.Context, c apiclient.Client, k apiclient.KeyRecord, e audit.Event) (apiclient.Client, error) {
	c, err := c.Check()
	if err != nil {
		return c, fmt.Errorf("add API client: %w", err)
	}
	c.ID, c.Revision, c.Added, c.Revoked, c.Keys = apiclient.NewID(), 1, e.At, time.Time{}, []apiclient.KeyRecord{k}
	e.Subject = string(c.ID)
	err = inTx(ctx, r.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO api_clients (id, name, photos_per_day, revision, added_at) VALUES ($1, $2, $3, $4, $5)`,
			c.ID, c.Name, c.PhotosPerDay, c.Revision, sqldb.Millis(e.At))
		if err == nil {
			err = insertKey(ctx, tx, c.ID, k)
		}
		if err == nil {
			err = appendEvent(ctx, tx, e)
		}
		return err
	})
	if err != nil {
		return c, fmt.Errorf("add API client: %w", err)
	}
	return c, nil
}

// Change gives the client that has c's ID and stands at c's revision another name and
// quota. register.ErrChanged says that it stands at another, register.ErrNotFound that
// there is none. The event is written as Add does it.
func (r *APIClients) Change(ctx context.Context, c apiclient.Client, e audit.Event) error {
	c, err := c.Check()
	if err == nil {
		err = r.act(ctx, c, e, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE api_clients SET name = $1, photos_per_day = $2 WHERE id = $3`, c.Name, c.PhotosPerDay, c.ID)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("change API client: %w", err)
	}
	return nil
}

// Issue gives a client another key, as Change does it: by ID and revision. The keys that
// it has end at others, which may be now.
func (r *APIClients) Issue(ctx context.Context, c apiclient.Client, k apiclient.KeyRecord, others time.Time, e audit.Event) error {
	err := r.act(ctx, c, e, func(tx *sql.Tx) error {
		// No more than MaxKeys are valid at a time: what ends already ends now.
		_, err := tx.ExecContext(ctx, `UPDATE api_keys SET ends_at = $1 WHERE client = $2 AND ends_at > $1`, sqldb.Millis(e.At), c.ID)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE api_keys SET ends_at = $1 WHERE client = $2 AND ends_at = 0`, sqldb.Millis(others), c.ID)
		}
		if err == nil {
			err = insertKey(ctx, tx, c.ID, k)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("issue API key: %w", err)
	}
	return nil
}

// Revoke ends a client, all its keys and its webhook, as Change does it: by ID and revision.
func (r *APIClients) Revoke(ctx context.Context, c apiclient.Client, e audit.Event) error {
	err := r.act(ctx, c, e, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE api_clients SET revoked_at = $1 WHERE id = $2`, sqldb.Millis(e.At), c.ID)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE api_keys SET ends_at = $1 WHERE client = $2 AND (ends_at = 0 OR ends_at > $1)`, sqldb.Millis(e.At), c.ID)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM webhook_endpoints WHERE client = $1`, c.ID)
		}
		if err == nil {
			err = dropAll(ctx, tx, c.ID, e.At)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke API client: %w", err)
	}
	return nil
}

// act raises the revision, does what do says and writes the event; all or nothing.
func (r *APIClients) act(ctx context.Context, c apiclient.Client, e audit.Event, do func(*sql.Tx) error) error {
	e.Subject = string(c.ID)
	var done bool
	err := inTx(ctx, r.db, func(tx *sql.Tx) (err error) {
		done, err = change(ctx, tx, `UPDATE api_clients SET revision = revision + 1 WHERE id = $1 AND revision = $2 AND revoked_at = 0`, c.ID, c.Revision)
		if err == nil && done {
			err = do(tx)
		}
		if err == nil && done {
			err = appendEvent(ctx, tx, e)
		}
		return err
	})
	if err == nil && !done {
		err = missed(ctx, r.db, `SELECT COUNT(*) FROM api_clients WHERE id = $1 AND revoked_at = 0`, string(c.ID))
	}
	return err
}

func apiClientRegister() sqldb.Register {
	return sqldb.Register{Table: "api_clients", Key: "id", Anchor: "revoked_at"}
}

// Purge deletes clients that were revoked long enough ago, and everybody's counts of
// that time; see scheduler.Purger.
func (r *APIClients) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	if _, err := r.db.ExecContext(ctx, `DELETE FROM api_usage WHERE day <= $1`, sqldb.Millis(cutoff)); err != nil {
		return 0, fmt.Errorf("purge api_usage: %w", err)
	}
	return r.db.Purge(ctx, apiClientRegister(), cutoff, limit)
}

// Oldest returns when the client that was revoked first was; false if none is.
func (r *APIClients) Oldest(ctx context.Context) (time.Time, bool, error) {
	return r.db.Oldest(ctx, apiClientRegister())
}

// Find returns a client that was not revoked; register.ErrNotFound if there is none.
func (r *APIClients) Find(ctx context.Context, id apiclient.ID) (apiclient.Client, error) {
	c, err := scanClient(r.db.QueryRowContext(ctx, `SELECT `+clientColumns+` FROM api_clients WHERE id = $1 AND revoked_at = 0`, id))
	if err != nil {
		return apiclient.Client{}, fmt.Errorf("find API client: %w", absent(err, register.ErrNotFound))
	}
	return c, nil
}
