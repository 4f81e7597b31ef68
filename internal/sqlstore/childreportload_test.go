package sqlstore_test

import (
	"regexp"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// manyChildReports fills the register: one in ten is open, of which one in 50 is about
// a photo that lives.
func (s store) manyChildReports(n int) {
	s.t.Helper()
	hash := `decode(md5(CAST(i AS TEXT)), 'hex')`
	if s.sqlite() {
		hash = `randomblob(16)`
	}
	for _, statement := range []string{`
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
		INSERT INTO photos (id, key_hash, status, document, age_band, created_at, last_edited_at, expires_at)
		SELECT 'photo' || CAST(i AS TEXT), ` + hash + `, 'ready', 'us-passport', 'adult', CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 1000 * (i + 1) FROM n WHERE i % 500 = 0`, `
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
		INSERT INTO child_reports (id, key_hash, version, state, ground, photo_id, froze, receipt, filed_at, due_at, closed_at, words, reason, email, link_until, confirmed_at)
		SELECT REPLACE(REPLACE(REPLACE(REPLACE(CAST(100000 + i AS TEXT), '0', 'a'), '1', 'b'), '8', 'c'), '9', 'd') || 'aaaaaaaaaaaaaaaaaaaa', ` + hash + `, 1,
			CASE WHEN i % 10 = 0 THEN 'received' WHEN i % 3 = 0 THEN 'ended' ELSE 'rejected' END, 'without_permission',
			CASE WHEN i % 500 = 0 THEN 'photo' || CAST(i AS TEXT) END, i % 500 = 0, '',
			CAST($2 AS BIGINT) - CAST(500000 AS BIGINT) * i, CAST($2 AS BIGINT) - CAST(500000 AS BIGINT) * i + 86400000,
			CASE WHEN i % 10 = 0 THEN 0 ELSE CAST($2 AS BIGINT) - CAST(400000 AS BIGINT) * i END, 'She is mine.', '',
			CASE WHEN i % 2 = 0 THEN 'person' || CAST(i / 100 AS TEXT) || '@example.org' ELSE '' END, 0, 0 FROM n`,
	} {
		_, err := s.db.ExecContext(s.t.Context(), statement, n, noon.UnixMilli())
		s.ok(err)
	}
	_, err := s.db.ExecContext(s.t.Context(), `ANALYZE`) //nolint:misspell // SQL spells it so
	s.ok(err)
}

func TestAHundredThousandReportsAreListedBySearchingAnIndex(t *testing.T) {
	wholeTable := regexp.MustCompile(`Seq Scan on child_reports|SCAN (r|child_reports)\n`)
	onBoth(t, func(t *testing.T, s store) {
		s.manyChildReports(100_000)
		reports, page := s.children(), 50
		desk := sqlstore.ChildReportDocket{ChildReports: reports}
		place := docket.Place{Due: noon.AddDate(0, -3, 0), ID: "m"}
		search := func(q childreport.Search) func() (int, error) {
			return func() (int, error) { return countOf(reports.Search(t.Context(), q, page)) }
		}
		s.listed(wholeTable, []listing{
			{"open", func() (int, error) { return countOf(reports.Open(t.Context(), docket.Place{}, page)) }, page, byIndex},
			{"a later page of open", func() (int, error) { return countOf(reports.Open(t.Context(), place, page)) }, page, byIndex},
			{"living", func() (int, error) { return countOf(desk.Living(t.Context(), noon, page)) }, page, sorted},
			{"waiting", func() (int, error) { return countOf(desk.Waiting(t.Context(), noon, place, page)) }, page, byIndex},
			{"due by", func() (int, error) { return countOf(desk.DueBy(t.Context(), noon, place, page)) }, page, byIndex},
			{"newest", search(childreport.Search{}), page, byIndex},
			{"a state, a later page", search(childreport.Search{State: childreport.Rejected, Before: place}), page, byIndex},
			{"an address", search(childreport.Search{Text: "person77@example.org"}), 50, sorted},
			{"the beginning of an ID", search(childreport.Search{Text: "b234"}), page, sorted},
		})
	})
}
