package sqlstore_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
)

// manyComplaints fills the registers with complaints, of which one in ten is open and
// one in 500 is about a photo that lives, and with as many notes, one in ten open.
func (s store) manyComplaints(n int) {
	s.t.Helper()
	hash := `decode(md5(CAST(i AS TEXT)), 'hex')`
	if s.sqlite() {
		hash = `randomblob(16)`
	}
	numbers := `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1) `
	id := `REPLACE(REPLACE(REPLACE(REPLACE(CAST(100000 + i AS TEXT), '0', 'a'), '1', 'b'), '8', 'c'), '9', 'd') || 'aaaaaaaaaaaaaaaaaaaa'`
	for _, statement := range []string{
		numbers + `INSERT INTO photos (id, key_hash, status, document, age_band, created_at, last_edited_at, expires_at)
		SELECT 'photo' || CAST(i AS TEXT), ` + hash + `, 'ready', 'us-passport', 'adult', CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 1000 * i FROM n WHERE i % 500 = 0`,
		numbers + `INSERT INTO complaints (id, key_hash, version, state, filed_at, due_at, email, words, reference, answer, link_until, confirmed_at,
			photo_id, about, answered_at, closing, closed_at, settled_at, merged_into)
		SELECT ` + id + `, ` + hash + `, 1, CASE WHEN i % 10 = 0 THEN 'received' ELSE 'closed' END,
			CAST($2 AS BIGINT) - CAST(30000 AS BIGINT) * i, CAST($2 AS BIGINT) + CAST(86400000 AS BIGINT) * (i / 10 % 60 - 20),
			CASE WHEN i % 10 < 2 THEN 'person' || CAST(i / 100 AS TEXT) || '@example.org' ELSE '' END,
			CASE WHEN i % 10 < 2 THEN 'My ears were cut off, and my hair looks as if it were green. What did you do?' ELSE '' END, '', '', 0, 0,
			CASE WHEN i % 500 = 0 THEN 'photo' || CAST(i AS TEXT) END, '{}', 0, '',
			CASE WHEN i % 10 = 0 THEN 0 ELSE CAST($2 AS BIGINT) - i END, CASE WHEN i % 10 = 0 THEN 0 ELSE CAST($2 AS BIGINT) - i END, '' FROM n`,
		numbers + `INSERT INTO support_notes (id, complaint, email, reference, words, author, written_at, closed_at)
		SELECT ` + id + `, CASE WHEN i % 2 = 0 THEN ` + id + ` ELSE '' END, CASE WHEN i % 2 = 1 THEN 'person' || CAST(i / 100 AS TEXT) || '@example.org' ELSE '' END, '',
			'Called, and was told that the crop is repaired.', 'desk-a', CAST($2 AS BIGINT) - 1000 * i, CASE WHEN i % 10 = 0 THEN 0 ELSE CAST($2 AS BIGINT) END FROM n`,
	} {
		_, err := s.db.ExecContext(s.t.Context(), statement, n, noon.UnixMilli())
		s.ok(err)
	}
	_, err := s.db.ExecContext(s.t.Context(), `ANALYZE`) //nolint:misspell // SQL spells it so
	s.ok(err)
}

func TestAHundredThousandComplaintsAreListedBySearchingAnIndex(t *testing.T) {
	tables := regexp.MustCompile(`Seq Scan on (complaints|support_notes|photos)|SCAN (c|p|complaints|support_notes|photos)\n`)
	onBoth(t, func(t *testing.T, s store) {
		s.manyComplaints(100_000)
		register, notes, page := s.complaints(), s.notes(), 50
		person, err := email.Parse("person77@example.org")
		s.ok(err)
		middle := docket.Place{Due: noon, ID: "m"}
		earlier := docket.Place{Due: noon.Add(-time.Hour), ID: "m"}
		search := func(q complaint.Search) func() (int, error) {
			return func() (int, error) { return countOf(register.Search(t.Context(), q, page)) }
		}
		noted := func(q complaint.NoteSearch) func() (int, error) {
			return func() (int, error) { return countOf(notes.Search(t.Context(), q, page)) }
		}
		s.listed(tables, []listing{
			{"living", func() (int, error) { return countOf(register.Living(t.Context(), noon, page)) }, page, sorted},
			{"waiting", func() (int, error) { return countOf(register.Waiting(t.Context(), noon, docket.Place{}, page)) }, page, byIndex},
			{"due", func() (int, error) {
				return countOf(register.DueBy(t.Context(), noon.AddDate(1, 0, 0), middle, page))
			}, page, byIndex},
			{"open", func() (int, error) { return countOf(register.Open(t.Context(), middle, page)) }, page, byIndex},
			{"newest", search(complaint.Search{Before: earlier}), page, byIndex},
			{"state", search(complaint.Search{State: complaint.Closed, Before: earlier}), page, byIndex},
			{"address", search(complaint.Search{Text: "person77@example.org"}), 20, sorted},
			{"beginning of an ID", search(complaint.Search{Text: "b234"}), page, sorted},
			{"words", search(complaint.Search{Text: "were green"}), page, sorted},
			{"words that nobody said", search(complaint.Search{Text: "9 nothing"}), 0, whole},
			{"of an address", func() (int, error) { return countOf(register.FiledUnder(t.Context(), person)) }, 20, sorted},
			{"lapsed", func() (int, error) { return countOf(register.Lapsed(t.Context(), noon, page)) }, page, byIndex},
			{"open notes", noted(complaint.NoteSearch{Before: earlier}), page, byIndex},
			{"all notes", noted(complaint.NoteSearch{Closed: true, Before: earlier}), page, byIndex},
			{"notes by words", noted(complaint.NoteSearch{Text: "nothing"}), 0, whole},
			{"notes of an address", noted(complaint.NoteSearch{Text: "person77@example.org", Closed: true}), page, sorted},
			{"notes on a complaint", func() (int, error) {
				return countOf(notes.About(t.Context(), complaint.ID("baaaaa"+strings.Repeat("a", 20))))
			}, 1, sorted},
		})
	})
}
