package sqlstore_test

import (
	"regexp"
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
		contests, reviews := sqlstore.NewContestDocket(s.db), sqlstore.NewRestrictionDocket(s.db)
		middle := docket.Place{Due: noon.Add(contest.AnswerTime + 50_000*time.Second), ID: "m"}
		reviewed := docket.Place{Due: noon.Add(50_000 * time.Second), ID: "m"}
		s.listed(tables, []listing{
			{"contests of living photos", func() (int, error) { return countOf(contests.Living(t.Context(), noon, 50)) }, 50, sorted},
			{"waiting contests", func() (int, error) { return countOf(contests.Waiting(t.Context(), noon, docket.Place{}, 50)) }, 50, byIndex},
			{"a later page of them", func() (int, error) { return countOf(contests.Waiting(t.Context(), noon, middle, 50)) }, 50, byIndex},
			{"due contests", func() (int, error) { return countOf(contests.DueBy(t.Context(), noon.AddDate(1, 0, 0), middle, 50)) }, 50, byIndex},
			{"restrictions", func() (int, error) { return countOf(reviews.Waiting(t.Context(), noon, reviewed, 50)) }, 50, byIndex},
			{"due restrictions", func() (int, error) {
				return countOf(reviews.DueBy(t.Context(), noon.AddDate(1, 0, 0), docket.Place{}, 50))
			}, 50, byIndex},
		})
		for _, c := range []docket.Counter{contests, reviews} {
			began := time.Now()
			tally, err := c.Count(t.Context(), docket.Ends{noon, noon, noon, noon, noon.AddDate(2, 0, 0)})
			s.ok(err)
			t.Logf("counted in %v: %v", time.Since(began), tally)
		}
	})
}
