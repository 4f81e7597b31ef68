package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

func TestTheStatusShowsWhatGoesOnAndWhatIsAmiss(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, "a picture")
	s.upload()
	now := s.clock.Now()
	ledger := sqlstore.NewLedger(s.db)
	s.must(ledger.NoteRun(t.Context(), "expire", time.Minute, now.Add(-time.Hour), true))
	s.must(ledger.NoteRun(t.Context(), "rollup", time.Hour, now, true))

	r := s.get("/ops/status", append(s.signedIn("reader"), "Accept", html)...)
	s.has(r, 200, `aria-current="page">Status`, "No process serves the queue default.", "The job expire has not succeeded for 1 h.",
		"<code>rollup</code>", `href="/ops/queues/queues/maintenance"`, `role="img"`, now.UTC().Format(time.DateOnly)+": ")
	if strings.Contains(string(r.body), "All is as it should be") || strings.Contains(string(r.body), "The job rollup has not") || strings.Contains(string(r.body), a.ID) {
		t.Errorf("%s", r.body)
	}
	s.isProblem(s.get("/ops/status"), http.StatusUnauthorized, "operators_only")
}

func TestTheStatusIsShownWhileRedisIsAway(t *testing.T) {
	s := newService(t)
	by := s.officer()
	s.redis.Stop()
	began := time.Now()
	s.has(s.get("/ops/status", by...), 200, "does not answer: queues.", "Redis does not answer.", "Photos now")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// down does not answer.
type down struct{}

var errDown = errors.New("no answer")

func (down) Counts(context.Context) (map[photo.Status]int, error) { return nil, errDown }

type downLetters struct{}

func (downLetters) Counts(context.Context) (map[letter.State]int, time.Time, error) {
	return nil, time.Time{}, errDown
}

func (down) Totals(context.Context, time.Time, time.Time) ([]statistics.Total, error) {
	return nil, errDown
}

func TestWhatTheRecordsDoNotTellIsSaidToBeMissing(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) {
		o.Watched.Photos, o.Watched.Totals, o.Watched.Letters = down{}, down{}, downLetters{}
	})
	s.has(s.get("/ops/status", s.officer()...), 200, "does not answer: history.", "does not answer: letters.", "does not answer: photos.", "The records do not answer.")
}

func TestABrowserShowsTheStatusWithoutAComplaint(t *testing.T) {
	s := newService(t)
	for range 3 {
		s.finish(s.upload(), "a picture")
	}
	b := s.browse()
	said := b.complaints()
	b.signIn("/ops/status")
	b.picture("status")
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(*said) > 0 {
		t.Errorf("the browser complains: %q", *said)
	}
}
