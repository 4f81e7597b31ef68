package sqlstore_test

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// manyContests fills the registers with contests and with photos: of each one in two
// is open, or restricted, and one contest in 100 is about a photo that lives.
func (s store) manyContests(n int) {
	s.t.Helper()
	hash := `decode(md5(CAST(i AS TEXT)), 'hex')`
	if s.sqlite() {
		hash = `randomblob(16)`
	}
	numbers := `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1) `
	for _, statement := range []string{
		numbers + `INSERT INTO photos (id, key_hash, status, document, age_band, created_at, last_edited_at, expires_at,
			restriction, restricted_at, restriction_review_by)
		SELECT 'photo' || CAST(i AS TEXT), ` + hash + `, 'ready', 'us-passport', 'adult', CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 1000 * i,
			CASE WHEN i % 2 = 1 THEN 'r' || CAST(i AS TEXT) END, CASE WHEN i % 2 = 1 THEN CAST($2 AS BIGINT) ELSE 0 END,
			CASE WHEN i % 2 = 1 THEN CAST($2 AS BIGINT) + 1000 * i ELSE 0 END FROM n`,
		numbers + `INSERT INTO contests (id, key_hash, state, document, verdict, records, message, created_at, photo_id, revision, check_names, may_open)
		SELECT 'c' || CAST(i AS TEXT), ` + hash + `, CASE WHEN i % 2 = 0 THEN 'received' ELSE 'decided' END, 'us-passport', 'ok', '[]', '',
			CAST($2 AS BIGINT) + 1000 * i, CASE WHEN i % 100 = 0 THEN 'photo' || CAST(i AS TEXT) END, 1, '', FALSE FROM n`,
	} {
		_, err := s.db.ExecContext(s.t.Context(), statement, n, noon.UnixMilli())
		s.ok(err)
	}
	_, err := s.db.ExecContext(s.t.Context(), `ANALYZE`) //nolint:misspell // SQL spells it so
	s.ok(err)
}

func TestAHundredThousandContestsAndRestrictionsAreListedBySearchingAnIndex(t *testing.T) {
	tables := regexp.MustCompile(`Seq Scan on (contests|photos)|SCAN (c|p|contests|photos)\n`)
	onBoth(t, func(t *testing.T, s store) {
		s.manyContests(100_000)
		plain := s.db.DB
		r := &recorder{of: plain.Driver(), name: strings.TrimPrefix(s.url, "sqlite:")}
		noting := sql.OpenDB(r)
		t.Cleanup(func() { _ = noting.Close() })
		noting.SetMaxOpenConns(1)

		contests, reviews := sqlstore.NewContestDocket(s.db), sqlstore.NewRestrictionDocket(s.db)
		middle := docket.Place{Due: noon.Add(contest.AnswerTime + 50_000*time.Second), ID: "m"}
		reviewed := docket.Place{Due: noon.Add(50_000 * time.Second), ID: "m"}
		for _, tt := range []struct {
			name string
			ask  func() ([]docket.Item, error)
			how  allowed
		}{
			{"contests of living photos", func() ([]docket.Item, error) { return contests.Living(t.Context(), noon, 50) }, sorted},
			{"waiting contests", func() ([]docket.Item, error) { return contests.Waiting(t.Context(), noon, docket.Place{}, 50) }, byIndex},
			{"a later page of them", func() ([]docket.Item, error) { return contests.Waiting(t.Context(), noon, middle, 50) }, byIndex},
			{"due contests", func() ([]docket.Item, error) { return contests.DueBy(t.Context(), noon.AddDate(1, 0, 0), middle, 50) }, byIndex},
			{"restrictions", func() ([]docket.Item, error) { return reviews.Waiting(t.Context(), noon, reviewed, 50) }, byIndex},
			{"due restrictions", func() ([]docket.Item, error) {
				return reviews.DueBy(t.Context(), noon.AddDate(1, 0, 0), docket.Place{}, 50)
			}, byIndex},
		} {
			s.db.DB = noting
			took := time.Hour
			for range 3 { // a machine that is busy for a moment says nothing
				began := time.Now()
				items, err := tt.ask()
				took = min(took, time.Since(began))
				s.ok(err)
				s.equal(len(items), 50)
			}
			s.db.DB = plain
			plan := s.plan(r)
			t.Logf("%-32s %8.2f ms", tt.name, float64(took.Microseconds())/1000)
			if tables.MatchString(plan) || tt.how < sorted && sorting.MatchString(plan) {
				t.Errorf("%s are found by reading or sorting too much:\n%s\n%s", tt.name, r.query, plan)
			}
			if took > 100*time.Millisecond {
				t.Errorf("%s took %v", tt.name, took)
			}
		}
		for _, c := range []docket.Counter{contests, reviews} {
			began := time.Now()
			tally, err := c.Count(t.Context(), docket.Ends{noon, noon, noon, noon, noon.AddDate(2, 0, 0)})
			s.ok(err)
			t.Logf("counted in %v: %v", time.Since(began), tally)
		}
	})
}
