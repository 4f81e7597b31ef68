// Package sqldb opens and migrates a SQL database, SQLite or PostgreSQL, such
// that one set of portable statements works on both: `$1` placeholders, times
// as whole milliseconds, RETURNING, ON CONFLICT. It is the base under the
// packages that keep something in SQL, and knows nothing of what they keep.
//
// On SQLite several processes share one file. They can, because every
// transaction takes the write lock when it begins (`_txlock=immediate`) and
// waits its turn (`busy_timeout`): a transaction that read first and wrote
// later would fail whenever another wrote in between. Deleted content is
// overwritten (`secure_delete`).
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver named below
)

// Schema is what a database holds.
type Schema struct {
	// Name tells the version records of several schemas apart, should they ever
	// share one database: lower-case letters.
	Name string
	// Migrations are goose's numbered SQL files, written for both dialects.
	Migrations fs.FS
}

// DB is an open database.
type DB struct {
	*sql.DB
	schema  Schema
	dialect goose.Dialect
	file    string // of SQLite; empty otherwise
}

// Limits of the connections.
const (
	busyTimeout    = 5 * time.Second // how long a SQLite transaction waits for its turn
	connectTimeout = 5 * time.Second // to PostgreSQL
	postgresIdle   = 5 * time.Minute
)

// Pool bounds the connections that a process has to one PostgreSQL database. SQLite
// needs none of it.
type Pool struct {
	Most int           // at least 1; whoever wants one more waits
	Life time.Duration // after which a connection is made anew, so that it follows what moved behind a name or a proxy
}

// DefaultPool is what Open sets.
func DefaultPool() Pool { return Pool{Most: 10, Life: 15 * time.Minute} }

// Open opens the database at `sqlite:PATH` or `postgres://...`. A SQLite file is
// created if missing, readable by its owner alone. PostgreSQL is not contacted
// yet, so a process can start before its database: Ready tells.
func Open(ctx context.Context, databaseURL string, schema Schema) (*DB, error) {
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		return openSQLite(ctx, path, schema)
	}
	if strings.HasPrefix(databaseURL, "postgres://") || strings.HasPrefix(databaseURL, "postgresql://") {
		return openPostgres(databaseURL, schema)
	}
	// The URL itself may hold a password.
	return nil, errors.New("database URL: want sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")
}

func openPostgres(databaseURL string, schema Schema) (*DB, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err) // pgx leaves the password out
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	db := stdlib.OpenDB(*config)
	db.SetConnMaxIdleTime(postgresIdle)
	opened := &DB{db, schema, goose.DialectPostgres, ""}
	opened.Bound(DefaultPool())
	return opened, nil
}

// Bound changes the bounds of the connections to PostgreSQL; on SQLite it does nothing.
func (db *DB) Bound(p Pool) {
	if db.dialect != goose.DialectPostgres {
		return
	}
	db.SetMaxOpenConns(p.Most)
	db.SetMaxIdleConns(p.Most)
	db.SetConnMaxLifetime(p.Life)
}

func openSQLite(ctx context.Context, path string, schema Schema) (*DB, error) {
	if path == "" {
		return nil, errors.New("database URL: sqlite: names no file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	db, err := sql.Open("sqlite", sqliteURL(path))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// One connection: SQLite has one writer at a time, and statements here take
	// microseconds, so a queue in the process is better than one at the file.
	db.SetMaxOpenConns(1)
	// Under the file's lock, because the switch of a new file to WAL does not
	// wait for its turn.
	err = locked(ctx, path, func() error { return db.PingContext(ctx) })
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &DB{db, schema, goose.DialectSQLite3, path}, nil
}

func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the configured file
	if err != nil {
		return err
	}
	return f.Close()
}

func sqliteURL(path string) string {
	options := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
			"journal_mode(WAL)",
			"synchronous(FULL)", // an accepted photo survives a power cut
			"secure_delete(ON)",
			"foreign_keys(ON)",
		},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}).String()
}
