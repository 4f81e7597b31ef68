package sqldb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"golang.org/x/sys/unix"
)

// Migrate brings the schema to the version that this program knows. Any number
// of processes may do so at once: one works, the others wait and find it done.
func (db *DB) Migrate(ctx context.Context) error {
	if err := db.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the %s database: %w", db.schema.Name, err)
	}
	return nil
}

func (db *DB) migrate(ctx context.Context) error {
	if db.dialect == goose.DialectSQLite3 {
		return locked(ctx, db.file, func() error { return db.up(ctx) })
	}
	// Asks every second, for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return db.up(ctx, goose.WithSessionLocker(locker))
}

func (db *DB) up(ctx context.Context, opts ...goose.ProviderOption) error {
	p, err := db.provider(opts...)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	return db.keepNoSamples(ctx)
}

func (db *DB) provider(opts ...goose.ProviderOption) (*goose.Provider, error) {
	opts = append(opts, goose.WithTableName(db.versions()),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	return goose.NewProvider(db.dialect, db.DB, db.schema.Migrations, opts...)
}

// versions is the table of the migrations done.
func (db *DB) versions() string { return db.schema.Name + "_versions" }

// Ready reports why the database can't serve: it does not answer, or its schema is older
// than the one that this program knows. A newer one serves: migrations only add what
// programs of the version before can do without, see docs/upgrading.md.
func (db *DB) Ready(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return fmt.Errorf("%s database: %w", db.schema.Name, err)
	}
	var known int64
	for _, source := range p.ListSources() {
		known = max(known, source.Version)
	}
	var version int64
	// Not goose's own question: it would create the table.
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+db.versions()).Scan(&version)
	if err != nil {
		return fmt.Errorf("%s database: read the schema's version (is it migrated?): %w", db.schema.Name, err)
	}
	if version < known {
		return fmt.Errorf("%s database: its schema has version %d, this program needs %d", db.schema.Name, version, known)
	}
	return nil
}

// locked runs f while it holds the lock file beside path, which processes of
// this machine share.
func locked(ctx context.Context, path string, f func() error) (err error) {
	file, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the configured file
	if err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }() // closing unlocks
	if err := flock(ctx, file); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	return f()
}

// flock polls, because a blocking flock could not be cancelled.
func flock(ctx context.Context, file *os.File) error {
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
		}
	}
}
