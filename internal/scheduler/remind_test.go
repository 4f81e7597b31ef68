package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// board is a register of items that a test puts in.
type board []docket.Item

func (b board) DueBy(_ context.Context, end time.Time, after docket.Place, limit int) (page []docket.Item, _ error) {
	for _, i := range b {
		if len(page) < limit && !i.Due.After(end) && (i.Due.After(after.Due) || i.Due.Equal(after.Due) && i.ID > after.ID) {
			page = append(page, i)
		}
	}
	return page, nil
}

// counted are reminders that were sent.
type counted struct {
	mu sync.Mutex
	by map[letter.Matter]int
}

func (c *counted) Reminded(m letter.Matter, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[letter.Matter]int{}
	}
	c.by[m] += n
}

// office is an installation's reminders, in a time zone.
type office struct {
	*testing.T
	db   *sqldb.DB
	zone *time.Location
	sent counted
	log  strings.Builder
}

// onBothRecords runs a test on a migrated database of each kind.
func onBothRecords(t *testing.T, zone string, test func(o *office)) {
	t.Helper()
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "photos.db") },
		"postgres": func(t *testing.T) string { return testservers.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sqlstore.Open(t.Context(), url(t))
			ok(t, err)
			t.Cleanup(func() { _ = db.Close() })
			ok(t, db.Migrate(t.Context()))
			in, err := time.LoadLocation(zone)
			ok(t, err)
			test(&office{T: t, db: db, zone: in})
		})
	}
}

// at is a time in the office's zone.
func (o *office) at(text string) time.Time {
	o.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, o.zone)
	ok(o.T, err)
	return when
}

func (o *office) calendar() subjectrequest.Calendar {
	o.Helper()
	c, err := subjectrequest.NewCalendar(o.zone)
	ok(o.T, err)
	return c
}

func (o *office) reminding(d Docket, now time.Time) Reminding {
	o.Helper()
	to, err := email.Parse("officer@photos.example")
	ok(o.T, err)
	return Reminding{
		Docket: d, Notes: sqlstore.NewReminders(o.db), Clock: known(now), Calendar: o.calendar(), Meter: &o.sent,
		Log: slog.New(slog.NewTextHandler(&o.log, nil)), Officer: to,
		Writer: letter.Writer{Site: "https://photos.example", From: "Photos", Zone: o.zone},
	}
}

// run is the job at a time.
func (o *office) run(d Docket, now time.Time) {
	o.Helper()
	ok(o.T, Remind(o.reminding(d, now)).Run(o.Context(), now))
}

// mails are the letters so far, the oldest first.
func (o *office) mails() []letter.Record {
	o.Helper()
	all, err := sqlstore.NewLetters(o.db).About(o.Context(), remindersAbout)
	ok(o.T, err)
	return all
}

// subjects are what the letters since the last call say first.
func (o *office) subjects(since int) (all []string) {
	o.Helper()
	for _, m := range o.mails()[since:] {
		words, _, _ := strings.Cut(m.Subject, ":")
		all = append(all, words)
	}
	return all
}

func TestEachCaseIsRemindedOfOnItsDays(t *testing.T) {
	for _, tt := range []struct {
		name, zone, due, from string
		days                  int
		want                  []string // the day of each letter and what it says
	}{
		{"a common month", "UTC", "2026-04-15", "2026-04-01", 18, []string{
			"04-08 Due in 7 days", "04-12 Due in 3 days", "04-14 Due tomorrow",
			"04-16 Overdue since yesterday", "04-17 Overdue for 2 days", "04-18 Overdue for 3 days"}},
		{"over a leap day", "Europe/Dublin", "2028-03-02", "2028-02-20", 13, []string{
			"02-24 Due in 7 days", "02-28 Due in 3 days", "03-01 Due tomorrow", "03-03 Overdue since yesterday"}},
		{"without a leap day", "Europe/Dublin", "2026-03-02", "2026-02-20", 10, []string{
			"02-23 Due in 7 days", "02-27 Due in 3 days", "03-01 Due tomorrow"}},
		{"over the spring's short day", "Europe/Berlin", "2026-03-31", "2026-03-20", 13, []string{
			"03-24 Due in 7 days", "03-28 Due in 3 days", "03-30 Due tomorrow", "04-01 Overdue since yesterday"}},
		{"over the autumn's long day", "America/New_York", "2026-11-03", "2026-10-20", 15, []string{
			"10-27 Due in 7 days", "10-31 Due in 3 days", "11-02 Due tomorrow"}},
		{"where midnight is left out", "America/Santiago", "2026-09-05", "2026-08-28", 10, []string{
			"08-29 Due in 7 days", "09-02 Due in 3 days", "09-04 Due tomorrow", "09-06 Overdue since yesterday"}},
		{"over the turn of the year", "Pacific/Auckland", "2027-01-02", "2026-12-20", 14, []string{
			"12-26 Due in 7 days", "12-30 Due in 3 days", "01-01 Due tomorrow"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onBothRecords(t, tt.zone, func(o *office) {
				day := o.at(tt.due + " 12:00")
				items := board{{Matter: letter.Access, ID: "one", Due: o.calendar().End(o.calendar().Day(day))}}
				var got []string
				for hour := o.at(tt.from + " 00:30"); hour.Before(o.at(tt.from+" 00:00").AddDate(0, 0, tt.days)); hour = hour.Add(6 * time.Hour) {
					before := len(o.mails())
					o.run(items, hour)
					for _, s := range o.subjects(before) {
						got = append(got, hour.In(o.zone).Format("01-02 ")+s)
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					o.Error(diff)
				}
			})
		})
	}
}

func TestWhatIsDueWithinHoursIsRemindedOfAtOnce(t *testing.T) {
	onBothRecords(t, "Europe/Berlin", func(o *office) {
		now := o.at("2026-03-27 23:40") // its 72 hours have the spring's short day in them
		items := board{
			{Matter: letter.ChildReport, ID: "child", Due: now.Add(24 * time.Hour)},
			{Matter: letter.Complaint, ID: "breach", Due: now.Add(72 * time.Hour)},
		}
		o.run(items, now)
		o.run(items, now.Add(5*time.Minute))
		if diff := cmp.Diff([]string{"Due tomorrow"}, o.subjects(0)); diff != "" {
			o.Error(diff)
		}
		if text := o.mails()[0].Text; !strings.Contains(text, "Saturday, 28 March 2026, 23:40 CET") || !strings.Contains(text, "00:40 CEST") {
			o.Errorf("the hours are missing:\n%s", text)
		}
		o.run(items, now.Add(24*time.Hour)) // late by a moment, on the same day
		o.run(items, now.Add(25*time.Hour)) // and on the next
		if diff := cmp.Diff([]string{"Overdue since today", "Overdue since yesterday"}, o.subjects(1)); diff != "" {
			o.Error(diff)
		}
	})
}

func TestWhatWasMissedIsMadeGoodOnceAndNothingIsSaidTwiceHoweverTheClockGoes(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		items := board{{Matter: letter.Erasure, ID: "one", Due: o.at("2026-04-16 00:00")}}
		o.run(items, o.at("2026-04-01 12:00"))
		for _, when := range []string{"2026-04-14 12:00", "2026-04-08 12:00", "2026-04-12 12:00", "2026-04-14 12:00", "2026-04-15 23:59"} {
			o.run(items, o.at(when))
		}
		if diff := cmp.Diff([]string{"Due tomorrow"}, o.subjects(0)); diff != "" {
			o.Error(diff)
		}
		for _, when := range []string{"2026-04-20 12:00", "2026-04-18 12:00", "2026-04-20 13:00"} {
			o.run(items, o.at(when))
		}
		if diff := cmp.Diff([]string{"Overdue for 5 days"}, o.subjects(1)); diff != "" {
			o.Error(diff)
		}
	})
}

func TestACaseThatGetsAnotherDateBeginsAnew(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		now := o.at("2026-04-14 12:00")
		o.run(board{{Matter: letter.Access, ID: "one", Due: o.at("2026-04-16 00:00")}}, now)
		extended := board{{Matter: letter.Access, ID: "one", Due: o.at("2026-06-16 00:00")}}
		o.run(extended, now)
		o.run(extended, o.at("2026-06-08 12:00"))
		if diff := cmp.Diff([]string{"Due tomorrow", "Due in 7 days"}, o.subjects(0)); diff != "" {
			o.Error(diff)
		}
	})
}

func TestOneLetterListsAllThatIsDueAndNamesNobody(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		var items board
		for n := range 45 {
			items = append(items, docket.Item{Matter: letter.Objection, ID: fmt.Sprintf("case%02d", n), Due: o.at("2026-04-11 00:00").AddDate(0, 0, n/10)})
		}
		items = append(items, docket.Item{Matter: letter.Access, ID: "far", Due: o.at("2026-05-11 00:00")})
		o.run(items, o.at("2026-04-10 12:00"))
		mails := o.mails()
		if len(mails) != 1 || mails[0].Subject != "Due today: objection to the use of personal data (case00) and 44 more" {
			o.Fatalf("%d mails, %q", len(mails), mails[0].Subject)
		}
		text := strings.ReplaceAll(mails[0].Text, "\n", " ")
		if n := strings.Count(text, "objection to the use of personal data, reference case"); n != letter.MaxReminded || !strings.Contains(text, "And 15 more at the desk.") {
			o.Errorf("%d are named:\n%s", n, mails[0].Text)
		}
		if diff := cmp.Diff(map[letter.Matter]int{letter.Objection: 45}, o.sent.by); diff != "" {
			o.Error(diff)
		}
		if strings.Contains(o.log.String(), "case00") || strings.Contains(o.log.String(), "officer@") || !strings.Contains(o.log.String(), "count=45") {
			o.Errorf("the log: %s", o.log.String())
		}
	})
}

func TestThreeSchedulersAtOnceSendOneLetter(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		var items board
		for n := range 700 { // more than a page, and than a statement
			items = append(items, docket.Item{Matter: letter.Access, ID: fmt.Sprintf("case%03d", n), Due: o.at("2026-04-11 00:00").Add(time.Duration(n) * time.Millisecond)})
		}
		now := o.at("2026-04-10 12:00")
		for range 3 { // thrice, on days that follow each other
			// All look before the first of them writes.
			var looked sync.WaitGroup
			looked.Add(3)
			errs := make(chan error, 3)
			for range 3 {
				r := o.reminding(items, now)
				r.Log = slog.New(slog.DiscardHandler)
				r.Notes = together{r.Notes, &looked}
				go func() { errs <- Remind(r).Run(o.Context(), now) }()
			}
			for range 3 {
				ok(o.T, <-errs)
			}
			now = now.AddDate(0, 0, 1)
		}
		mails := o.mails()
		for _, m := range mails {
			if !strings.HasSuffix(m.Subject, "and 699 more") {
				o.Errorf("a letter is of some of them: %s", m.Subject)
			}
		}
		if len(mails) != 3 || o.sent.by[letter.Access] != 2100 {
			o.Errorf("%d letters, %v", len(mails), o.sent.by)
		}
	})
}

// together writes once all have looked.
type together struct {
	ReminderNotes
	looked *sync.WaitGroup
}

func (a together) Tell(ctx context.Context, all []docket.Reminder, now time.Time, write func([]docket.Reminder) ([]letter.Letter, error)) ([]docket.Reminder, error) {
	a.looked.Done()
	a.looked.Wait()
	return a.ReminderNotes.Tell(ctx, all, now, write)
}

func TestALetterThatCannotBeWrittenLeavesNoNote(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		now, items := o.at("2026-04-10 12:00"), board{{Matter: letter.Access, ID: "one", Due: o.at("2026-04-11 00:00")}}
		notes, broken := sqlstore.NewReminders(o.db), errors.New("no words")
		_, err := notes.Tell(o.Context(), []docket.Reminder{{ID: "one", Due: items[0].Due, Threshold: 1}}, now, func([]docket.Reminder) ([]letter.Letter, error) {
			return nil, broken
		})
		if !errors.Is(err, broken) {
			o.Error(err)
		}
		o.run(items, now)
		if len(o.mails()) != 1 {
			o.Error("the next run sends none")
		}
	})
}

func TestByAClockThatIsNotBelievedNobodyIsReminded(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		now, items := o.at("2026-04-10 12:00"), board{{Matter: letter.Access, ID: "one", Due: o.at("2026-04-11 00:00")}}
		r := o.reminding(items, now)
		r.Clock = doubted{}
		if err := Remind(r).Run(o.Context(), now); err == nil || len(o.mails()) != 0 {
			o.Errorf("%v, %d letters", err, len(o.mails()))
		}
		o.run(items, now)
		if len(o.mails()) != 1 {
			o.Error("nobody is reminded when it is believed again")
		}
	})
}

func TestWithoutAnOfficersAddressTheLogHasTheNumberOnce(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		now, items := o.at("2026-04-10 12:00"), board{{Matter: letter.Access, ID: "one", Due: o.at("2026-04-11 00:00")}}
		r := o.reminding(items, now)
		r.Officer = email.Address{}
		for range 2 {
			ok(o.T, Remind(r).Run(o.Context(), now))
		}
		if len(o.mails()) != 0 || strings.Count(o.log.String(), "count=1") != 1 || o.sent.by[letter.Access] != 1 {
			o.Errorf("%d letters, %v, %s", len(o.mails()), o.sent.by, o.log.String())
		}
	})
}

// endless has as many late cases as are asked for, without holding them.
type endless struct {
	n   int
	due time.Time
}

func (e endless) DueBy(_ context.Context, _ time.Time, after docket.Place, limit int) (page []docket.Item, _ error) {
	at := 0
	if after.ID != "" {
		if _, err := fmt.Sscanf(after.ID, "case%06d", &at); err != nil {
			return nil, err
		}
		at++
	}
	for ; at < e.n && len(page) < limit; at++ {
		page = append(page, docket.Item{Matter: letter.Access, ID: fmt.Sprintf("case%06d", at), Due: e.due})
	}
	return page, nil
}

func TestAHundredThousandLateCasesTakeLittleTimeAndMemory(t *testing.T) {
	onBothRecords(t, "UTC", func(o *office) {
		const cases = 100_000
		now := o.at("2026-04-10 12:00")
		d := endless{cases, o.at("2026-04-01 00:00")}
		var took []time.Duration
		for _, at := range []time.Time{now, now.Add(5 * time.Minute), now.AddDate(0, 0, 1)} {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			o.run(d, at)
			took = append(took, time.Since(began))
			runtime.GC()
			runtime.ReadMemStats(&after)
			if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 5<<20 {
				o.Errorf("%d bytes are kept after a run", held)
			}
		}
		o.Logf("a run with all of them new, with none, with all a day later: %v", took)
		if slices.Max(took) > time.Minute || took[1] > 20*time.Second {
			o.Errorf("the runs took %v", took)
		}
		if mails := o.mails(); len(mails) != 2 || !strings.HasSuffix(mails[1].Subject, "and 99999 more") || len(mails[1].Text) > 10_000 {
			o.Errorf("%d letters", len(mails))
		}
	})
}
