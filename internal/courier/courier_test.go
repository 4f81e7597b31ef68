package courier_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/outbound"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// The clock begins now, because the reference library compares signatures with its own.
var noon = time.Now().UTC().Truncate(time.Second)

// plain stands in for the master key, which packages beside this one test.
type plain struct{}

func (plain) Seal(_ context.Context, about string, b []byte) ([]byte, error) {
	return append([]byte(about+"\x00"), b...), nil
}

func (plain) Open(_ context.Context, about string, b []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(b, []byte(about+"\x00"))
	if !ok {
		return nil, errors.New("it was sealed for another")
	}
	return rest, nil
}

// receiver is a client's server: what it got, and what it answers.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	answer  int
	got     []string // IDs
	bodies  map[string]string
	arrived chan struct{}
	hang    chan struct{} // nil to answer at once
	secret  secret.Key
	t       *testing.T
}

func receive(t *testing.T) *receiver {
	t.Helper()
	s := &receiver{t: t, answer: http.StatusOK, bodies: map[string]string{}, arrived: make(chan struct{}, 1000)}
	s.Server = httptest.NewTLSServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	answer, hang, written := s.answer, s.hang, s.secret
	id := r.Header.Get("webhook-id")
	if before, seen := s.bodies[id]; seen && before != string(body) {
		s.t.Errorf("under one ID came\n%s\nand\n%s", before, body)
	}
	s.got, s.bodies[id] = append(s.got, id), string(body)
	s.mu.Unlock()
	if verifier, err := standardwebhooks.NewWebhook(written.Reveal()); err != nil || verifier.VerifyIgnoringTimestamp(body, r.Header) != nil {
		s.t.Errorf("not signed with the secret: %v", r.Header)
	}
	s.arrived <- struct{}{}
	if hang != nil {
		<-hang
	}
	w.WriteHeader(answer)
}

func (s *receiver) be(answer int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// ids are those that came, each with how often.
func (s *receiver) ids() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	by := map[string]int{}
	for _, id := range s.got {
		by[id]++
	}
	return by
}

// round is a courier with a real outbox.
type round struct {
	*testing.T
	url   string
	hooks *sqlstore.Webhooks
	desk  *courier.Desk
	log   *testapp.Output
	now   time.Time

	mu    sync.Mutex
	tried map[webhook.State]int
}

func onBoth(t *testing.T, test func(r *round)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			url := "sqlite:" + filepath.Join(t.TempDir(), "photos.db")
			if database == "postgres" {
				url = testservers.Postgres(t)
			}
			db, err := sqlstore.Open(t.Context(), url)
			if err == nil {
				err = db.Migrate(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			r := &round{T: t, url: url, hooks: sqlstore.NewWebhooks(db), log: &testapp.Output{}, now: noon, tried: map[webhook.State]int{}}
			r.desk = &courier.Desk{Endpoints: r.hooks, Sealer: plain{}, Loopback: true, Now: func() time.Time { return r.now }}
			test(r)
		})
	}
}

func (r *round) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// Tried is the meter's.
func (r *round) Tried(_ webhook.Kind, s webhook.State, _ time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried[s]++
}

// client is one that wants to be told at a server.
func (r *round) client(at *receiver) apiclient.ID {
	r.Helper()
	db, err := sqlstore.Open(r.Context(), r.url)
	r.ok(err)
	defer db.Close()
	_, record := apiclient.NewKey(r.now)
	e := audit.Event{At: r.now, Actor: "desk-a", Action: audit.AddAPIClient, Outcome: audit.Allowed}
	c, err := sqlstore.NewAPIClients(db).Add(r.Context(), apiclient.Client{Name: "Town Hall", PhotosPerDay: 9}, record, e)
	r.ok(err)
	_, at.secret, err = r.desk.Set(r.Context(), webhook.Endpoint{Client: c.ID, URL: at.URL + "/hooks?token=geheim"}, false, e)
	r.ok(err)
	return c.ID
}

func (r *round) courier(trusted *receiver) *courier.Courier {
	roots := x509.NewCertPool()
	roots.AddCert(trusted.Certificate())
	poster := outbound.New(outbound.Options{Rule: outbound.Loopback(), Roots: roots, Now: time.Now})
	r.Cleanup(func() { _ = poster.Close() })
	log := logging.New(logging.Options{Out: r.log, Process: "scheduler"})
	return courier.New(courier.Options{Outbox: r.hooks, Opener: plain{}, Poster: poster, Meter: r, Log: log, Now: func() time.Time { return r.now }})
}

func (r *round) states(c apiclient.ID) map[webhook.State]int {
	r.Helper()
	all, err := r.hooks.Recent(r.Context(), c, 100)
	r.ok(err)
	by := map[webhook.State]int{}
	for _, one := range all {
		by[one.State]++
	}
	return by
}

func (r *round) same(got, want any) {
	r.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		r.Error(diff)
	}
}

func TestANoticeArrivesThoughTheServerWasDownForHours(t *testing.T) {
	onBoth(t, func(r *round) {
		s := receive(r.T)
		id, c := r.client(s), r.courier(s)
		s.be(http.StatusServiceUnavailable)
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		for range 8 {
			r.ok(c.Round(r.Context(), id))
			r.ok(c.Round(r.Context(), id)) // its time has not come
			r.same(r.states(id), map[webhook.State]int{webhook.Waiting: 1})
			r.now = r.now.Add(2*time.Hour + 31*time.Minute)
		}
		s.be(http.StatusNoContent)
		r.ok(c.Round(r.Context(), id))
		r.ok(c.Round(r.Context(), id))
		r.same(r.states(id), map[webhook.State]int{webhook.Delivered: 1})
		if ids := s.ids(); len(ids) != 1 || len(s.got) != 9 {
			r.Errorf("arrived: %v", ids)
		}
		r.same(r.tried, map[webhook.State]int{webhook.Waiting: 8, webhook.Delivered: 1})
		e, err := r.hooks.Endpoint(r.Context(), id)
		r.ok(err)
		if !e.FailingSince.IsZero() || !e.Delivered.Equal(r.now) {
			r.Errorf("the endpoint: %+v", e)
		}
		if log := r.log.String(); strings.Contains(log, "127.0.0.1") || strings.Contains(log, "geheim") || strings.Contains(log, string(id)) || !strings.Contains(log, "answered 503") {
			r.Errorf("the log says %s", log)
		}
	})
}

func TestAServerThatFailsEndsItsRoundAndKeepsNobodyElseWaiting(t *testing.T) {
	onBoth(t, func(r *round) {
		bad, good := receive(r.T), receive(r.T)
		failing, working := r.client(bad), r.client(good)
		bad.be(http.StatusInternalServerError)
		for range 3 {
			r.ok(r.hooks.Try(r.Context(), failing, r.now))
			r.ok(r.hooks.Try(r.Context(), working, r.now))
		}
		hang := make(chan struct{})
		bad.mu.Lock()
		bad.hang = hang
		bad.mu.Unlock()
		ended := make(chan error, 1)
		go func() { ended <- r.courier(bad).Round(r.Context(), failing) }()
		<-bad.arrived // it is being slow with the first
		r.ok(r.courier(good).Round(r.Context(), working))
		r.same(r.states(working), map[webhook.State]int{webhook.Delivered: 3})
		close(hang)
		r.ok(<-ended)
		r.same(r.states(failing), map[webhook.State]int{webhook.Waiting: 3})
	})
}

func TestAnEndpointThatSaysItIsGoneIsSentNothingMore(t *testing.T) {
	onBoth(t, func(r *round) {
		s := receive(r.T)
		id, c := r.client(s), r.courier(s)
		s.be(http.StatusGone)
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		r.ok(c.Round(r.Context(), id))
		e, err := r.hooks.Endpoint(r.Context(), id)
		r.ok(err)
		if e.Off != webhook.Gone {
			r.Errorf("the endpoint: %+v", e)
		}
		if err := r.hooks.Try(r.Context(), id, r.now); !errors.Is(err, webhook.ErrNoEndpoint) {
			r.Errorf("a trial: %v", err)
		}
		former := s.secret
		_, written, err := r.desk.Set(r.Context(), webhook.Endpoint{Client: id, URL: s.URL}, false, audit.Event{At: r.now})
		r.ok(err)
		if written != "" {
			r.Error("another secret was made, unasked")
		}
		s.be(http.StatusOK)
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		r.ok(c.Round(r.Context(), id)) // signed with the secret that it has
		_, s.secret, err = r.desk.Set(r.Context(), webhook.Endpoint{Client: id, URL: s.URL}, true, audit.Event{At: r.now})
		r.ok(err)
		if s.secret == former || s.secret == "" {
			r.Error("no other secret was made")
		}
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		r.ok(c.Round(r.Context(), id))
		r.same(r.states(id), map[webhook.State]int{webhook.Dropped: 1, webhook.Delivered: 2})
	})
}

func TestManyCouriersDeliverANoticeOnce(t *testing.T) {
	onBoth(t, func(r *round) {
		s := receive(r.T)
		id := r.client(s)
		for range 3 {
			r.ok(r.hooks.Try(r.Context(), id, r.now))
		}
		errs := make(chan error, 6)
		for range cap(errs) {
			c := r.courier(s)
			go func() { errs <- c.Round(r.Context(), id) }()
		}
		for range cap(errs) {
			r.ok(<-errs)
		}
		if len(s.ids()) != 3 || len(s.got) != 3 {
			r.Errorf("arrived: %v", s.ids())
		}
	})
}

// order is what a process is told that delivers notices.
type order struct {
	Database string
	Client   apiclient.ID
	Trusted  string // PEM
	Now      time.Time
}

func TestMain(m *testing.M) {
	testapp.Main(m, func(ctx context.Context, o order) error { return o.obey(ctx) })
}

func (o order) obey(ctx context.Context) error {
	db, err := sqlstore.Open(ctx, o.Database)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(o.Trusted))
	c := courier.New(courier.Options{
		Outbox: sqlstore.NewWebhooks(db), Opener: plain{}, Poster: outbound.New(outbound.Options{Rule: outbound.Loopback(), Roots: roots, Now: time.Now}),
		Meter: &round{tried: map[webhook.State]int{}}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.Now },
	})
	return c.Round(ctx, o.Client)
}

func TestANoticeWhoseCourierIsKilledIsDeliveredByAnotherUnderTheSameID(t *testing.T) {
	onBoth(t, func(r *round) {
		s := receive(r.T)
		id := r.client(s)
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		hang := make(chan struct{})
		s.mu.Lock()
		s.hang = hang
		s.mu.Unlock()
		trusted := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
		cmd := testapp.Victim(r.T, order{r.url, id, trusted, r.now})
		cmd.Stderr = os.Stderr
		r.ok(cmd.Start())
		<-s.arrived // the server has it, and the courier does not know
		r.ok(cmd.Process.Kill())
		_ = cmd.Wait()
		close(hang)

		c := r.courier(s)
		r.ok(c.Round(r.Context(), id)) // the dead one's claim still holds
		r.same(r.states(id), map[webhook.State]int{webhook.Waiting: 1})
		r.now = r.now.Add(webhook.Lease)
		r.ok(c.Round(r.Context(), id))
		r.ok(c.Round(r.Context(), id))
		r.same(r.states(id), map[webhook.State]int{webhook.Delivered: 1})
		if ids := s.ids(); len(ids) != 1 || len(s.got) != 2 {
			r.Errorf("arrived: %v", ids)
		}
	})
}

func TestASecretThatCanNotBeOpenedKeepsItsNotices(t *testing.T) {
	onBoth(t, func(r *round) {
		s := receive(r.T)
		id, c := r.client(s), r.courier(s)
		e, err := r.hooks.Endpoint(r.Context(), id)
		r.ok(err)
		r.ok(r.hooks.Reseal(r.Context(), string(id), e.Sealed, []byte("webhook of another\x00secret")))
		r.ok(r.hooks.Try(r.Context(), id, r.now))
		r.ok(c.Round(r.Context(), id))
		r.same(r.states(id), map[webhook.State]int{webhook.Waiting: 1})
		if len(s.got) > 0 {
			r.Error("something was sent")
		}
	})
}
