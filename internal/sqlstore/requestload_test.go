package sqlstore_test

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// many fills the register with requests of ten years: one in two open, of which one
// in 250 is about a photo that lives.
func (s store) many(n int) {
	s.t.Helper()
	hash := `decode(md5(CAST(i AS TEXT)), 'hex')`
	if s.sqlite() {
		hash = `randomblob(16)`
	}
	for _, statement := range []string{`
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
		INSERT INTO photos (id, key_hash, status, document, age_band, created_at, last_edited_at, expires_at)
		SELECT 'photo' || CAST(i AS TEXT), ` + hash + `, 'ready', 'us-passport', 'adult', CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 1000 * i FROM n WHERE i % 500 = 0`, `
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
		INSERT INTO subject_requests (id, key_hash, version, kind, channel, state, filed_at, arrived_on, notice_on, law_on, promised_on, due_on,
			email, message, photo_id, link_hash, link_until, confirmed_at, question, asked_on, settled_on, stopped_days,
			extension, reason, authority, remedy, answer, receipt, answered_on, closing, closed_at, requester, year, repeated, quarter, outcome, answer_days)
		SELECT REPLACE(REPLACE(REPLACE(REPLACE(CAST(100000 + i AS TEXT), '0', 'a'), '1', 'b'), '8', 'c'), '9', 'd') || 'aaaaaaaaaaaaaaaaaaaa', ` + hash + `, 3,
			CASE i % 7 WHEN 0 THEN 'access' WHEN 1 THEN 'erasure' WHEN 2 THEN 'objection' ELSE 'portability' END, 'email',
			CASE WHEN i % 2 = 0 THEN 'received' WHEN i % 100 = 1 THEN 'fulfilled' ELSE 'closed' END,
			CAST($2 AS BIGINT) - CAST(3000000 AS BIGINT) * i, '2026-02-01', '2026-03-01', '2026-03-01', '2026-03-03',
			CASE WHEN i % 2 = 0 THEN '2026-0' || CAST(3 + i / 10 % 3 AS TEXT) || '-' || CAST(10 + i / 30 % 18 AS TEXT) ELSE '' END,
			CASE WHEN i % 2 = 0 THEN 'person' || CAST(i / 100 AS TEXT) || '@example.org' ELSE '' END,
			CASE WHEN i % 2 = 0 THEN 'What do you hold of me, and since when? Please answer in writing.' ELSE '' END,
			CASE WHEN i % 500 = 0 THEN 'photo' || CAST(i AS TEXT) END, ` + hash + `, 0, 0, '', '', '', 0, '', '', '', '', '', '',
			CASE WHEN i % 2 = 0 THEN '' WHEN i % 100 = 1 THEN '2026-02-' || CAST(10 + i % 18 AS TEXT) ELSE '2026-01-10' END,
			'', CASE WHEN i % 2 = 0 OR i % 100 = 1 THEN 0 ELSE CAST($2 AS BIGINT) - i END, NULL, 2026, FALSE, '2026-Q1',
			CASE WHEN i % 2 = 0 THEN 'pending' ELSE 'fulfilled' END, CASE WHEN i % 2 = 0 THEN -1 ELSE i % 30 END FROM n`,
	} {
		_, err := s.db.ExecContext(s.t.Context(), statement, n, noon.UnixMilli())
		s.ok(err)
	}
	_, err := s.db.ExecContext(s.t.Context(), `ANALYZE`) //nolint:misspell // SQL spells it so
	s.ok(err)
}

// wholeTable is a plan that reads every request, by the words of either database.
var wholeTable = regexp.MustCompile(`Seq Scan on subject_requests|SCAN (r|subject_requests)\n`)

func TestAHundredThousandRequestsAreListedBySearchingAnIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.many(100_000)
		requests, page := s.requests(), 50
		march := civil.Date{Year: 2026, Month: 3, Day: 20}
		search := func(q subjectrequest.Search) func() (int, error) {
			return func() (int, error) { return countOf(requests.Search(t.Context(), q, page)) }
		}
		place := subjectrequest.FiledPlace{At: noon.AddDate(-1, 0, 0), ID: "m"}
		s.listed(wholeTable, []listing{
			{"living", func() (int, error) { return countOf(requests.Living(t.Context(), noon, page)) }, page, sorted},
			{"waiting", func() (int, error) { return countOf(requests.Waiting(t.Context(), noon, sqlstore.DuePlace{}, page)) }, page, byIndex},
			{"a later page of waiting", func() (int, error) {
				return countOf(requests.Waiting(t.Context(), noon, sqlstore.DuePlace{Due: march, ID: "m"}, page))
			}, page, byIndex},
			{"due by a day", func() (int, error) { return countOf(requests.DueBy(t.Context(), march, sqlstore.DuePlace{}, page)) }, page, byIndex},
			{"answered by a day", func() (int, error) { return countOf(requests.AnsweredBy(t.Context(), march, page)) }, page, byIndex},
			{"by kind and day", func() (int, error) {
				counts, err := requests.CountOpen(t.Context())
				return len(counts), err
			}, 216, whole},
			{"newest", search(subjectrequest.Search{}), page, byIndex},
			{"a later page of newest", search(subjectrequest.Search{Before: place}), page, byIndex},
			{"kind", search(subjectrequest.Search{Kind: subjectrequest.Erasure, Before: place}), page, byIndex},
			{"state", search(subjectrequest.Search{State: subjectrequest.Fulfilled, Before: place}), page, byIndex},
			{"kind and state", search(subjectrequest.Search{Kind: subjectrequest.Erasure, State: subjectrequest.Fulfilled, Before: place}), page, byIndex},
			{"kind and state that nothing has", search(subjectrequest.Search{Kind: subjectrequest.Access, State: subjectrequest.Refused}), 0, byIndex},
			{"address", search(subjectrequest.Search{Text: "person77@example.org"}), page, sorted},
			{"address of nobody", search(subjectrequest.Search{Text: "nobody@example.org"}), 0, sorted},
			{"beginning of an ID", search(subjectrequest.Search{Text: "b234"}), page, sorted},
			{"filed in a span", func() (int, error) {
				return countOf(requests.Filed(t.Context(), subjectrequest.Span{From: noon.AddDate(-9, 0, 0), Until: noon}, subjectrequest.FiledPlace{At: noon.AddDate(-1, 0, 0), ID: "m"}, page))
			}, page, byIndex},
			{"the first quarter", func() (int, error) {
				q, _, err := requests.FirstQuarter(t.Context())
				return q.Number, err
			}, 1, byIndex},
			{"photo", search(subjectrequest.Search{Photo: "photo500"}), 1, sorted},
			{"under an address", func() (int, error) {
				a, err := email.Parse("person77@example.org")
				s.ok(err)
				return countOf(requests.Under(t.Context(), a))
			}, 50, sorted},
			{"to be answered with an archive", func() (int, error) { return countOf(sqlstore.NewArchives(s.db).Unanswered(t.Context(), page)) }, 0, sorted},
			{"without an archive", func() (int, error) {
				n, _, err := sqlstore.NewArchives(s.db).Waiting(t.Context())
				return n, err
			}, 0, byIndex},
		})
	})
}

func TestAHundredThousandRequestsAreReportedOnWithoutReadingThem(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.many(100_000)
		plain := s.db.DB
		r := &recorder{of: plain.Driver(), name: strings.TrimPrefix(s.url, "sqlite:")}
		s.db.DB = sql.OpenDB(r)
		report, err := s.requests().Report(t.Context(), subjectrequest.Quarter{Year: 2026, Number: 1}, civil.Date{Year: 2026, Month: 4, Day: 1})
		_ = s.db.Close()
		s.db.DB = plain
		s.ok(err)
		s.equal(report.All().Total, 100_000)
		if n := len(report.Figures); n > 200 {
			t.Errorf("%d lines were read for it", n)
		}
		if len(r.all) != 3 {
			t.Errorf("%d statements", len(r.all))
		}
		for _, one := range r.all {
			plan := s.planOf(one)
			if wholeTable.MatchString(plan) || sorting.MatchString(plan) || s.sqlite() && !strings.Contains(plan, "COVERING INDEX") && !strings.Contains(one.query, "LIMIT 1") {
				t.Errorf("read too much for\n%s\n%s", one.query, plan)
			}
		}
	})
}
