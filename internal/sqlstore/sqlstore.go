// Package sqlstore keeps the records of photos in SQL, which is the truth about
// them: what the queue and the blobs say is only a hint beside it.
//
// Every change of state is one UPDATE that repeats, in its WHERE, all that must
// still hold for it. Nothing is read first and written later, so any number of
// processes can work on the same rows without locks, and whoever comes too late
// changes nothing and is told so. The statements are portable: the same text
// runs on SQLite and PostgreSQL.
package sqlstore

import (
	"context"
	"embed"
	"io/fs"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Open opens the photos' database, `sqlite:PATH` or `postgres://...`; see
// sqldb.Open. Migrate prepares it; NewPhotos and the like work on it.
func Open(ctx context.Context, databaseURL string) (*sqldb.DB, error) {
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, err
	}
	return sqldb.Open(ctx, databaseURL, sqldb.Schema{Name: "photos", Migrations: migrations})
}
