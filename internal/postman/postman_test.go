package postman_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/mail"
	"github.com/passportphotogenie/passportphotogenie/internal/postman"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// round is a postman with a real outbox and a real mail server.
type round struct {
	*testing.T
	url     string // of the database
	letters *sqlstore.Letters
	server  *testservers.SMTPServer
	log     *bytes.Buffer
	now     time.Time

	mu    sync.Mutex
	tried map[letter.State]int
}

func onBoth(t *testing.T, test func(r *round)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			url := "sqlite:" + filepath.Join(t.TempDir(), "photos.db")
			if database == "postgres" {
				url = testservers.Postgres(t)
			}
			test(&round{T: t, url: url, letters: outbox(t, url), server: testservers.SMTP(t, testservers.SMTPOptions{}),
				log: &bytes.Buffer{}, now: noon, tried: map[letter.State]int{}})
		})
	}
}

func outbox(t *testing.T, url string) *sqlstore.Letters {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), url)
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return sqlstore.NewLetters(db)
}

func (r *round) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// Tried is the meter's.
func (r *round) Tried(_ letter.Kind, s letter.State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried[s]++
}

func (r *round) counted(want map[letter.State]int) {
	r.Helper()
	if diff := cmp.Diff(want, r.tried); diff != "" {
		r.Error(diff)
	}
}

func (r *round) postman() *postman.Postman {
	r.Helper()
	server, err := mail.New(mail.Options{URL: r.server.URL(), From: "photos@photos.example", Now: time.Now})
	r.ok(err)
	log := logging.New(logging.Options{Out: r.log, Process: "scheduler"})
	return postman.New(postman.Options{Outbox: r.letters, Carrier: server, Meter: r, Log: log, Now: func() time.Time { return r.now }})
}

// written has a letter in the outbox.
func (r *round) written() letter.Letter {
	r.Helper()
	to, err := email.Parse("person@mail.example")
	r.ok(err)
	l, err := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}.Write(
		letter.Envelope{To: to, About: "arequest", Now: r.now},
		letter.ConfirmAddress{Case: letter.Case{Matter: letter.Access, Reference: "r-1"}, Secrets: secret.NewPair(), Until: r.now.Add(240 * time.Hour)})
	r.ok(err)
	r.ok(r.letters.Write(r.Context(), l, letter.StandardRation()))
	return l
}

// deliver tries everything that is due.
func (r *round) deliver(p *postman.Postman) {
	r.Helper()
	due, err := r.letters.Due(r.Context(), r.now, 100)
	r.ok(err)
	for _, c := range due {
		r.ok(p.Deliver(r.Context(), c))
	}
}

func (r *round) record(l letter.Letter) letter.Record {
	r.Helper()
	all, err := r.letters.About(r.Context(), "arequest")
	r.ok(err)
	for _, found := range all {
		if found.ID == l.ID {
			return found
		}
	}
	r.Fatal("the letter is gone")
	return letter.Record{}
}

func (r *round) stands(l letter.Letter, s letter.State, why letter.Reason) {
	r.Helper()
	if got := r.record(l); got.State != s || got.Reason != why {
		r.Errorf("the letter is %s, %s; want %s, %s", got.State, got.Reason, s, why)
	}
}

// arrived says how many mails the server has, all of one Message-ID.
func (r *round) arrived(l letter.Letter, want int) {
	r.Helper()
	mails := r.server.Mails()
	if len(mails) != want {
		r.Errorf("%d mails arrived, want %d", len(mails), want)
	}
	for _, m := range mails {
		if id := m.Header(r).Get("Message-Id"); id != "<"+string(l.ID)+"@photos.example>" {
			r.Errorf("Message-ID %s", id)
		}
	}
}

func TestALetterArrivesOnceThoughTheServerWasDown(t *testing.T) {
	onBoth(t, func(r *round) {
		r.server.Stop()
		p, l := r.postman(), r.written()
		for range 3 {
			r.deliver(p)
			r.stands(l, letter.Waiting, letter.Unreachable)
			r.deliver(p) // its time has not come
			r.now = r.record(l).Next
		}
		if n := r.record(l).Tries; n != 3 {
			r.Errorf("%d tries", n)
		}
		r.server.Start(r)
		r.deliver(p)
		r.now = r.now.Add(24 * time.Hour)
		r.deliver(p)
		r.arrived(l, 1)
		r.stands(l, letter.Sent, "")
		r.counted(map[letter.State]int{letter.Waiting: 3, letter.Sent: 1})
		if text := r.log.String(); strings.Contains(text, "person") || strings.Contains(text, "left out") || !strings.Contains(text, "letter=~") {
			r.Errorf("the log says %s", text)
		}
	})
}

func TestALetterThatMayHaveArrivedIsSentAgainUnderItsMessageID(t *testing.T) {
	onBoth(t, func(r *round) {
		p, l := r.postman(), r.written()
		r.server.Be(testservers.BreaksOff)
		r.deliver(p)
		r.stands(l, letter.Waiting, letter.Unreachable)
		r.server.Be(testservers.Friendly)
		r.now = r.record(l).Next
		r.deliver(p)
		r.arrived(l, 2)
		r.stands(l, letter.Sent, "")
	})
}

func TestManyPostmenSendALetterOnce(t *testing.T) {
	onBoth(t, func(r *round) {
		l := r.written()
		errs := make(chan error, 8)
		for range cap(errs) {
			p := r.postman()
			go func() { errs <- p.Deliver(r.Context(), letter.Claim{ID: l.ID}) }()
		}
		for range cap(errs) {
			r.ok(<-errs)
		}
		r.arrived(l, 1)
		r.stands(l, letter.Sent, "")
	})
}

func TestARefusalIsForGoodAndADelayIsNot(t *testing.T) {
	onBoth(t, func(r *round) {
		p := r.postman()
		refused := r.written()
		r.server.Be(testservers.RefusesAddressees)
		r.deliver(p)
		r.stands(refused, letter.Failed, letter.Refused)
		deferred := r.written()
		r.server.Be(testservers.DefersAddressees)
		r.deliver(p)
		r.stands(deferred, letter.Waiting, letter.Deferred)
		r.server.Be(testservers.Friendly)
		r.now = r.now.Add(time.Hour)
		r.deliver(p)
		r.arrived(deferred, 1)
		r.stands(refused, letter.Failed, letter.Refused)
		r.counted(map[letter.State]int{letter.Failed: 1, letter.Waiting: 1, letter.Sent: 1})
	})
}

func TestALetterWithoutItsSecretIsNotSent(t *testing.T) {
	onBoth(t, func(r *round) {
		l := r.written()
		db, err := sqlstore.Open(r.Context(), r.url)
		r.ok(err)
		defer db.Close()
		_, err = db.Exec("DELETE FROM letter_secrets") // as a restored backup has it
		r.ok(err)
		r.deliver(r.postman())
		r.arrived(l, 0)
		r.stands(l, letter.Failed, letter.SecretLost)
	})
}

// order is what a process is told that sends a letter.
type order struct {
	Database, Server string
	Letter           letter.ID
}

func TestMain(m *testing.M) {
	testapp.Main(m, func(ctx context.Context, o order) error { return o.obey(ctx) })
}

func (o order) obey(ctx context.Context) error {
	db, err := sqlstore.Open(ctx, o.Database)
	if err != nil {
		return err
	}
	server, err := mail.New(mail.Options{URL: o.Server, From: "photos@photos.example", Now: time.Now})
	if err != nil {
		return err
	}
	p := postman.New(postman.Options{Outbox: sqlstore.NewLetters(db), Carrier: server, Meter: &round{tried: map[letter.State]int{}},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: func() time.Time { return noon }})
	return p.Deliver(ctx, letter.Claim{ID: o.Letter})
}

func TestALetterWhosePostmanIsKilledIsDeliveredByAnother(t *testing.T) {
	onBoth(t, func(r *round) {
		l := r.written()
		r.server.Be(testservers.Hangs)
		cmd := testapp.Victim(r.T, order{r.url, r.server.URL(), l.ID})
		cmd.Stderr = os.Stderr
		r.ok(cmd.Start())
		<-r.server.Arrivals() // the server has it, and the postman does not know
		r.ok(cmd.Process.Kill())
		_ = cmd.Wait()

		r.server.Be(testservers.Friendly)
		p := r.postman()
		r.deliver(p) // the dead one's claim still holds
		r.arrived(l, 1)
		r.now = noon.Add(letter.Lease)
		r.deliver(p)
		r.deliver(p)
		r.arrived(l, 2)
		r.stands(l, letter.Sent, "")
	})
}
