package sqlstore_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// BenchmarkABatchOfTheAccessLog shows what storing costs beside the requests.
func BenchmarkABatchOfTheAccessLog(b *testing.B) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(b.TempDir(), "photos.db") },
		"postgres": func() string { return testservers.Postgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			db, err := sqlstore.Open(b.Context(), url())
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			if err := db.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			log := sqlstore.NewAccessLog(db)
			for b.Loop() {
				var lines []accesslog.Entry
				for i := range accesslog.BatchSize {
					lines = append(lines, line(noon.Add(time.Duration(i)), photo.NewID()))
				}
				if err := log.Append(b.Context(), lines); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*accesslog.BatchSize), "µs/line")
		})
	}
}
