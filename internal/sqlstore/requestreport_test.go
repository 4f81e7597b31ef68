package sqlstore_test

import (
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// actingOn is an officer on a day.
func actingOn(t *testing.T, on string) subjectrequest.By {
	t.Helper()
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.DateOnly, on)
	if err != nil {
		t.Fatal(err)
	}
	return subjectrequest.By{Actor: "desk-a", Now: at.Add(12 * time.Hour), Calendar: calendar}
}

// filedOn is a request that arrived by letter on a day.
func (s store) filedOn(kind subjectrequest.Kind, on string) subjectrequest.Request {
	s.t.Helper()
	c, _, err := subjectrequest.New(subjectrequest.Filing{Kind: kind, Channel: subjectrequest.Letter, Message: "Please."}, actingOn(s.t, on))
	s.ok(err)
	r, err := s.requests().File(s.t.Context(), c)
	s.ok(err)
	return r
}

// takes keeps a step.
func (s store) takes(c subjectrequest.Change, err error) subjectrequest.Request {
	s.t.Helper()
	s.ok(err)
	s.ok(s.requests().Save(s.t.Context(), c))
	return c.Request
}

func aRefusal() subjectrequest.Refusal {
	return subjectrequest.Refusal{Reason: "No.", Authority: "A.", Remedy: "C."}
}

func TestAQuarterIsCountedByWhatItsRequestsCameToEvenWhenTheyAreClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.filedOn(subjectrequest.Access, "2025-12-31") // not in the quarter
		open := s.filedOn(subjectrequest.Access, "2026-01-01")
		s.filedOn(subjectrequest.Access, "2026-03-31")
		late := s.filedOn(subjectrequest.Erasure, "2026-01-10")
		refused := s.takes(late.Refuse(aRefusal(), actingOn(t, "2026-02-20")))
		s.takes(refused.Close(subjectrequest.Answered, actingOn(t, "2026-03-20")))
		extended := s.takes(s.filedOn(subjectrequest.Erasure, "2026-01-10").Accept(actingOn(t, "2026-01-11")))
		extended = s.takes(extended.Extend("It is much.", actingOn(t, "2026-01-12")))
		s.takes(extended.Fulfil(subjectrequest.Answer{Note: "Done."}, actingOn(t, "2026-03-01")))
		s.takes(s.filedOn(subjectrequest.Objection, "2026-02-01").Close(subjectrequest.Withdrawn, actingOn(t, "2026-02-02")))

		q := subjectrequest.Quarter{Year: 2026, Number: 1}
		report, err := s.requests().Report(t.Context(), q, civil.Date{Year: 2026, Month: 4, Day: 1})
		s.ok(err)
		s.equal(report, subjectrequest.Report{
			Quarter: q,
			Figures: []subjectrequest.Figure{
				{Kind: subjectrequest.Access, Outcome: subjectrequest.Pending, Days: -1, Count: 2},
				{Kind: subjectrequest.Erasure, Outcome: subjectrequest.WasFulfilled, Extended: true, Days: 50, Count: 1},
				{Kind: subjectrequest.Erasure, Outcome: subjectrequest.WasRefused, Late: true, Days: 41, Count: 1},
				{Kind: subjectrequest.Objection, Outcome: subjectrequest.WasWithdrawn, Days: -1, Count: 1},
			},
			Unanswered: subjectrequest.Unanswered{Overdue: 1, Oldest: open.ID, Arrived: open.ArrivedOn},
		})
		first, some, err := s.requests().FirstQuarter(t.Context())
		s.ok(err)
		s.equal([]any{first, some}, []any{q.Before(), true})
	})
}

func TestWhatWasFiledInASpanIsReadPageByPage(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		var want, got []subjectrequest.ID
		for _, on := range []string{"2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"} {
			want = append(want, s.filedOn(subjectrequest.Access, on).ID)
		}
		span := subjectrequest.Span{From: actingOn(t, "2026-01-02").Now, Until: actingOn(t, "2026-01-05").Now}
		for place := (subjectrequest.FiledPlace{}); ; {
			page, err := s.requests().Filed(t.Context(), span, place, 2)
			s.ok(err)
			got = append(got, requestIDs(page)...)
			if len(page) < 2 {
				break
			}
			place = page[1].Filed()
		}
		s.equal(got, want[1:4])
	})
}

func TestRequestsFromBeforeReportsAreCountedAsIfTheyHadBeenWrittenNow(t *testing.T) {
	for kind, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "photos.db"), "postgres": testservers.Postgres(t)} {
		t.Run(kind, func(t *testing.T) {
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			old, err := sqldb.Open(t.Context(), url, sqldb.Schema{Name: "photos", Migrations: before(t, "00023")})
			ok(err)
			ok(old.Migrate(t.Context()))
			for id, values := range map[string]string{
				"open":      `'received', '2024-01-31', '2024-02-29', '2024-02-29', '2024-02-29', '', '', '', ''`,
				"refused":   `'closed', '2024-01-31', '2024-02-29', '2024-04-30', '', 'much', 'no', '2024-03-01', 'answered'`,
				"fulfilled": `'fulfilled', '2023-12-31', '2024-01-31', '2024-01-31', '', '', '', '2024-12-31', ''`,
				"withdrawn": `'closed', '2024-03-31', '2024-04-30', '2024-04-30', '', '', '', '', 'withdrawn'`,
			} {
				_, err = old.ExecContext(t.Context(), `INSERT INTO subject_requests (id, key_hash, version, kind, channel, filed_at, promised_on,
					email, message, link_until, confirmed_at, question, asked_on, settled_on, stopped_days, authority, remedy, answer, receipt, closed_at, year, repeated,
					state, arrived_on, notice_on, law_on, due_on, extension, reason, answered_on, closing)
					VALUES ('`+id+`', $1, 1, 'access', 'letter', 1000, '2024-03-01', '', '', 0, 0, '', '', '', 0, '', '', '', '', 0, 2024, FALSE, `+values+`)`, []byte(id))
				ok(err)
			}
			ok(old.Close())

			db, err := sqlstore.Open(t.Context(), url)
			ok(err)
			defer db.Close()
			ok(db.Migrate(t.Context()))
			type row struct {
				quarter, outcome string
				extended, late   bool
				days             int
			}
			want := map[string]row{
				"open": {"2024-Q1", "pending", false, false, -1}, "refused": {"2024-Q1", "refused", true, true, 30},
				"fulfilled": {"2023-Q4", "fulfilled", false, true, 366}, "withdrawn": {"2024-Q1", "withdrawn", false, false, -1},
			}
			for id, w := range want {
				var r row
				ok(db.QueryRowContext(t.Context(), `SELECT quarter, outcome, extended, late, answer_days FROM subject_requests WHERE id = $1`, id).
					Scan(&r.quarter, &r.outcome, &r.extended, &r.late, &r.days))
				if r != w {
					t.Errorf("%s: %+v, want %+v", id, r, w)
				}
			}
		})
	}
}
