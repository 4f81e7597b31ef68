package sqlstore_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

func TestAHundredThousandLettersAreListedBySearchingAnIndex(t *testing.T) {
	reading := regexp.MustCompile(`Seq Scan|SCAN letters\n|TEMP B-TREE|Sort`)
	onBoth(t, func(t *testing.T, s store) {
		_, err := s.db.ExecContext(t.Context(), `
			WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
			INSERT INTO letters (id, kind, about, recipient, subject, body_text, body_html, written_at, until, state, next_at)
			SELECT 'l' || CAST(i AS TEXT), 'refusal', 'r' || CAST(i / 2 AS TEXT), 'person@mail.example', 'Why', 'No.', 'No.',
				CAST($2 AS BIGINT) + 1000 * i, 0, CASE i % 50 WHEN 0 THEN 'failed' WHEN 1 THEN 'waiting' ELSE 'sent' END, 0 FROM n`, 100_000, noon.UnixMilli())
		s.ok(err)
		_, err = s.db.ExecContext(t.Context(), `ANALYZE`) //nolint:misspell // SQL spells it so
		s.ok(err)
		var lists []listing
		for _, state := range append(letter.States(), "") {
			for _, after := range []letter.Place{{}, {Written: noon.Add(50_000 * time.Second), ID: "l"}} {
				lists = append(lists, listing{"those in state " + string(state), func() (int, error) {
					return countOf(s.letters().Page(t.Context(), state, after, 50))
				}, 50, sorted})
			}
		}
		s.listed(reading, lists)
	})
}
