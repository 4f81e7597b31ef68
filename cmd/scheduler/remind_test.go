package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// requested is a request that arrived by letter.
func requested(t *testing.T, store *storage.Storage, now time.Time) subjectrequest.Request {
	t.Helper()
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := subjectrequest.New(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter, Email: "ada@example.org", Message: "Please."},
		subjectrequest.By{Actor: "desk-a", Now: now, Calendar: calendar})
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.Requests.File(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheOfficerIsRemindedOnceHoweverManySchedulersRunAndStartAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		server := testservers.SMTP(t, testservers.SMTPOptions{})
		in.Env = append(in.Env, "SMTP_URL="+server.URL(), "MAIL_FROM=Photos <photos@photos.example>", "PRIVACY_EMAIL=privacy@photos.example",
			"PUBLIC_URL=https://photos.example", "CONTROLLER_NAME=Photos Ltd")
		store := in.Migrated(t)
		r := requested(t, store, midnight)
		in.Redis.Stop() // so that each of them runs its jobs by itself
		soon := midnight.AddDate(0, 0, 23)
		var running []running
		for range 3 {
			s := start(t, in, soon)
			s.clock.Forward(10 * time.Minute)
			running = append(running, s)
		}
		for _, s := range running {
			eventually(t, "each looked", func() bool { return s.ran("remind") >= 1 })
		}
		running[0].Stop()
		in.Redis.Start(t)
		before := running[1].ran("remind") + running[2].ran("remind")
		again := start(t, in, soon.Add(time.Hour))
		eventually(t, "one looked once one had started anew", func() bool {
			return again.ran("remind")+running[1].ran("remind")+running[2].ran("remind") > before
		})
		if !again.shows(`passportphoto_open_cases{left="4-7",matter="access"} 1`) {
			t.Error("the case is not among the figures")
		}
		eventually(t, "the letter was sent", func() bool {
			again.clock.Forward(10 * time.Second) // the others find Redis when they find it
			return again.shows(`passportphoto_letters{state="sent"} 1`)
		})
		mails := server.Mails()
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		if subject := mails[0].Header(t).Get("Subject"); subject != "Due in 7 days: request for a copy of personal data ("+string(r.ID)+")" {
			t.Errorf("the subject is %q", subject)
		}
		if to := mails[0].Header(t).Get("To"); !strings.Contains(to, "privacy@photos.example") {
			t.Errorf("it goes to %s", to)
		}
		for _, s := range append(running, again) {
			if strings.Contains(s.log.String(), "ada@") || strings.Contains(s.log.String(), string(r.ID)) {
				t.Error("the log names the person or the case")
			}
		}
	})
}

func TestWithNobodyToRemindTheLogSaysSoAndTheFiguresShowWhatWaits(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	requested(t, store, midnight)
	s := start(t, in, midnight.AddDate(0, 0, 40))
	eventually(t, "the job ran", func() bool { return s.ran("remind") == 1 })
	if !strings.Contains(s.log.String(), "nobody is reminded of what is due") || !strings.Contains(s.log.String(), "cases are due at the desk") {
		t.Errorf("the log is\n%s", s.log.String())
	}
	if !s.shows(`passportphoto_open_cases{left="overdue",matter="access"} 1`) || !s.shows(`passportphoto_reminders_total{matter="access"} 1`) {
		t.Error("the figures do not show it")
	}
}

// fill puts open requests into the register, of which a tenth are due on each of ten
// days.
func fill(t *testing.T, in *testapp.Installation, n int) {
	t.Helper()
	url := setting(in, "DATABASE_URL")
	db, err := sqlstore.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	hash := `decode(md5(CAST(i AS TEXT)), 'hex')`
	if strings.HasPrefix(url, "sqlite:") {
		hash = `randomblob(16)`
	}
	_, err = db.ExecContext(t.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
		INSERT INTO subject_requests (id, key_hash, version, kind, channel, state, filed_at, arrived_on, notice_on, law_on, promised_on, due_on,
			email, message, link_until, confirmed_at, question, asked_on, settled_on, stopped_days,
			extension, reason, authority, remedy, answer, receipt, answered_on, closing, closed_at, year, repeated)
		SELECT 'r' || CAST(1000000 + i AS TEXT), `+hash+`, 1, 'access', 'email', 'received', 0, '2026-02-01',
			'2026-03-1' || CAST(i % 10 AS TEXT), '2026-03-1' || CAST(i % 10 AS TEXT), '2026-03-1' || CAST(i % 10 AS TEXT), '2026-03-1' || CAST(i % 10 AS TEXT),
			'', 'What do you hold of me, and since when? Please answer in writing.', 0, 0, '', '', '', 0, '', '', '', '', '', '', '', '', 0, 2026, FALSE FROM n`, n)
	if err != nil {
		t.Fatal(err)
	}
}

// reminded counts reminders.
type reminded struct{ n int }

func (r *reminded) Reminded(_ letter.Matter, n int) { r.n += n }

// believed is a clock that is believed.
type believed time.Time

func (b believed) Expiry(context.Context) (time.Time, error) { return time.Time(b), nil }

func TestAHundredThousandOpenRequestsAreGoneThroughInSeconds(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		const open = 100_000
		store := in.Migrated(t)
		fill(t, in, open)
		calendar, err := subjectrequest.NewCalendar(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		to, err := email.Parse("officer@photos.example")
		if err != nil {
			t.Fatal(err)
		}
		now, meter := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC), &reminded{}
		job := scheduler.Remind(scheduler.Reminding{
			Docket: store.Docket(calendar), Notes: store.Reminders, Calendar: calendar, Meter: meter, Log: slog.New(slog.DiscardHandler),
			Clock: believed(now), Officer: to, Writer: letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC},
		})
		for _, want := range []int{open * 7 / 10, open * 7 / 10} { // those of seven days, once
			began := time.Now()
			if err := job.Run(t.Context(), now); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("a run took %s", took)
			} else {
				t.Logf("a run took %s", took)
			}
			if meter.n != want {
				t.Errorf("%d cases were told, not %d", meter.n, want)
			}
		}
		letters, err := store.Letters.Page(t.Context(), "", letter.Place{}, 9)
		if err != nil || len(letters) != 1 {
			t.Errorf("%d letters: %v", len(letters), err)
		}
	})
}
