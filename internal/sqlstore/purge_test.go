package sqlstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// purger is what the registers have in common.
type purger interface {
	Purge(ctx context.Context, cutoff time.Time, limit int) (int, error)
}

// fill puts a row with the anchor into a register; a zero anchor is one that is
// still open.
func (s store) fill(register string, anchor time.Time) {
	s.t.Helper()
	var err error
	millis := int64(0)
	if !anchor.IsZero() {
		millis = anchor.UnixMilli()
	}
	switch register {
	case "contests":
		_, err = s.db.Exec(`INSERT INTO contests (id, key_hash, state, document, verdict, records, message, created_at, closed_at, revision, check_names, may_open)
			VALUES ($1, $2, '', '', '', '', '', 0, $3, 1, '', FALSE)`, secret.NewName(), []byte{1}, millis)
	case "child_reports":
		r := s.reported(string(photo.NewID()), noon.AddDate(0, 0, 1)) // the same
		_, err = s.db.Exec(`UPDATE child_reports SET closed_at = $1 WHERE id = $2`, millis, r.ID)
	case "subject_requests":
		r, _ := s.request(emailed(subjectrequest.Access), noon.AddDate(0, 0, 1)) // whose line of the trail is not old
		_, err = s.db.Exec(`UPDATE subject_requests SET closed_at = $1 WHERE id = $2`, millis, r.ID)
	case "audit_events":
		err = sqlstore.NewAudit(s.db).Append(s.t.Context(), audit.Event{At: anchor, Subject: "x"})
	case "operator_sessions":
		err = sqlstore.NewOperatorSessions(s.db).Begin(s.t.Context(), operator.Session{Hash: secret.NewKey().Hash(), StartedAt: anchor, SeenAt: anchor}, secret.Hash{})
	case "letters":
		_, err = s.db.Exec(`INSERT INTO letters (id, kind, about, recipient, subject, body_text, body_html, written_at, until, state, next_at, closed_at)
			VALUES ($1, '', '', '', '', '', '', 0, 0, '', 0, $2)`, secret.NewName(), millis)
	case "breaches":
		_, err = s.db.Exec(`INSERT INTO breaches (id, version, state, due_at, closed_at) VALUES ($1, 1, '', 0, $2)`, secret.NewName(), millis)
	case "archives":
		r, _ := s.request(emailed(subjectrequest.Access), noon.AddDate(0, 0, 1))
		_, err = s.db.Exec(`INSERT INTO archives (request_id, key, document, since) VALUES ($1, $2, $2, $3)`, r.ID, []byte{1}, millis)
	case "erasure_receipts":
		_, err = s.db.Exec(`INSERT INTO erasure_receipts (receipt, reason, created_at, finished_at) VALUES ($1, '', 0, $2)`, secret.NewName(), millis)
	}
	s.ok(err)
}

func TestRegistersArePurgedFromTheirAnchorOnInSmallBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for register, p := range map[string]purger{
			"contests": sqlstore.NewContests(s.db), "subject_requests": s.requests(), "child_reports": s.children(), "audit_events": sqlstore.NewAudit(s.db), "erasure_receipts": sqlstore.NewReceipts(s.db), "letters": s.letters(), "archives": sqlstore.NewArchives(s.db), "breaches": sqlstore.NewBreaches(s.db), "operator_sessions": sqlstore.NewOperatorSessions(s.db),
		} {
			for i := range 5 {
				s.fill(register, noon.Add(time.Duration(i)*time.Millisecond))
			}
			if register != "audit_events" && register != "archives" && register != "operator_sessions" { // which have no end of their own
				s.fill(register, time.Time{})
			}
			count := func() (n int) {
				s.ok(s.db.QueryRow("SELECT COUNT(*) FROM " + register).Scan(&n))
				return n
			}
			all, cutoff := count(), noon.Add(2*time.Millisecond)
			for _, want := range []int{2, 1, 0} {
				n, err := p.Purge(t.Context(), cutoff, 2)
				s.ok(err)
				s.equal(n, want)
			}
			s.equal(count(), all-3)
		}
	})
}
