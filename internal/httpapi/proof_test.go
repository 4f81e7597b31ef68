package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// evidence is what the tests look at of the evidence.
type evidence struct {
	Kept    bool
	Classes []struct {
		Class, State string
		Oldest       *int64 `json:"oldest_age_s"`
		Ceiling      int64  `json:"ceiling_s"`
		Deleted      int
	}
	Jobs []struct {
		Job     string
		Overdue bool
	}
	Erased     map[string]int `json:"erased_photos"`
	Restricted map[string]int `json:"restricted_photos"`
	Statements []string
}

func (s *service) evidence() (e evidence) {
	s.Helper()
	r := s.get("/ops/privacy", s.officer()...)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &e)
	return e
}

func TestTheEvidenceTellsOfOldPhotosDeletedOnesAndRestrictedOnes(t *testing.T) {
	s := newService(t)
	s.upload()
	b := s.upload()
	s.do(s.request(http.MethodDelete, b.path(""), nil, b.bearer()...))
	s.clock.Forward(50 * time.Hour)
	e := s.evidence()
	c := e.Classes[0]
	if c.Class != "original" || c.State != "within" || c.Oldest == nil || *c.Oldest != 50*3600 || c.Ceiling != 72*3600 || c.Deleted != 1 || !e.Kept {
		t.Errorf("%+v", e)
	}
	if e.Erased["request"] != 1 || len(e.Restricted) != 0 {
		t.Errorf("erased %v, restricted %v", e.Erased, e.Restricted)
	}
	s.clock.Forward(23 * time.Hour)
	if e = s.evidence(); e.Kept || e.Classes[0].State != "over" {
		t.Errorf("a photo of 73 hours: %+v", e)
	}
}

func TestTheEvidenceIsForOperatorsAndAPageForBrowsers(t *testing.T) {
	s := newService(t)
	if got := s.get("/ops/privacy"); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", got.StatusCode)
	}
	ledger := sqlstore.NewLedger(s.db)
	s.must(ledger.NoteRun(s.Context(), "expire", time.Minute, s.clock.Now(), true))
	s.must(ledger.NoteRun(s.Context(), "purge_contests", time.Hour, s.clock.Now().Add(-3*time.Hour), true))
	page := string(s.get("/ops/privacy", append(s.signedIn("reader"), "Accept", "text/html")...).body)
	for _, want := range []string{"Something needs to be looked at.", "uploaded pictures", "48 hours, never over 72 hours", "purge_contests", "silent for 3 h", "in time"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if e := s.evidence(); e.Kept || len(e.Jobs) != 2 || e.Jobs[0].Overdue || !e.Jobs[1].Overdue {
		t.Errorf("%+v", e)
	}
}

func TestAWeeksStatementIsHandedOutAsItWasSigned(t *testing.T) {
	s := newService(t)
	stated := proof.Statement{Week: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), MadeAt: s.clock.Now(), Proof: s.signer.Sign("all is well")}
	s.must(sqlstore.NewLedger(s.db).KeepStatement(s.Context(), stated))
	e := s.evidence()
	if len(e.Statements) != 1 || e.Statements[0] != "/ops/privacy/statements/2026-03-02" {
		t.Fatalf("%v", e.Statements)
	}
	var body struct {
		Week, Statement string
		Signature       []byte
		KeyID           string `json:"key_id"`
	}
	s.get(e.Statements[0], s.officer()...).decode(t, &body)
	text, signature := s.get(e.Statements[0]+"/statement", s.officer()...).body, s.get(e.Statements[0]+"/signature", s.officer()...).body
	if body.Statement != "all is well" || string(text) != body.Statement || string(signature) != string(body.Signature) || body.KeyID != string(s.signer.Public().ID()) {
		t.Errorf("%+v, %s", body, text)
	}
	for _, path := range []string{"/2026-03-09", "/never", "/2026-03-02/other"} {
		if got := s.get("/ops/privacy/statements"+path, s.officer()...); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if got := s.get(e.Statements[0]); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", got.StatusCode)
	}
}

// gatherer watches what the tests make grow old.
func (s *service) gatherer() *proof.Gatherer {
	s.Helper()
	kept, err := retention.Of(retention.Original).For(retention.PictureFloor, false)
	s.must(err)
	return proof.New(proof.Sources{
		Classes: []proof.Watched{{Kept: kept, Oldest: s.photos.OldestEdit}}, Ledger: sqlstore.NewLedger(s.db),
		Erasures: sqlstore.NewReceipts(s.db), Restrictions: sqlstore.NewRestrictions(s.db),
	})
}
