package scheduler

import (
	"context"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Docket has what is due for an officer; see docket.Source.
type Docket interface {
	DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error)
}

// ReminderNotes know of what the officer was reminded, whichever scheduler did it.
type ReminderNotes interface {
	Untold(ctx context.Context, all []docket.Reminder) ([]docket.Reminder, error)
	Tell(ctx context.Context, all []docket.Reminder, now time.Time, write func([]docket.Reminder) ([]letter.Letter, error)) ([]docket.Reminder, error)
}

// ReminderMeter counts reminders.
type ReminderMeter interface {
	Reminded(m letter.Matter, count int)
}

// Reminding is what Remind works with.
type Reminding struct {
	Docket   Docket
	Notes    ReminderNotes
	Clock    ExpiryClock
	Calendar subjectrequest.Calendar // the controller's
	Meter    ReminderMeter
	Log      *slog.Logger
	// Officer gets the letters that Writer writes. Without an address there are none,
	// and the log says how many cases there would have been in them.
	Officer email.Address
	Writer  letter.Writer
}

// remindBatch is how many items are looked up at a time.
const remindBatch = 500

// remindersAbout stands in a letter in the place of what it belongs to: it is of many
// cases, and none of them takes it along.
const remindersAbout = "reminders"

// Remind tells the officer what is due in 7, in 3 and in 1 days and, each day, what is
// late: in one letter a run, and of each once, however many schedulers run. What comes
// in with less time than that, as reports about children do, is told at the next run.
// What was missed while no scheduler ran is made good by the last of it. It does not go
// by a clock that can't be believed.
func Remind(r Reminding) Job {
	return Job{Name: "remind", Every: 5 * time.Minute, Run: func(ctx context.Context, now time.Time) error {
		if _, doubt := r.Clock.Expiry(ctx); doubt != nil {
			return doubt
		}
		untold, err := r.untold(ctx, now)
		if err != nil || len(untold) == 0 {
			return err
		}
		told, err := r.Notes.Tell(ctx, untold, now, func(fresh []docket.Reminder) ([]letter.Letter, error) {
			return r.letters(fresh, now)
		})
		if err != nil {
			return err
		}
		by := map[letter.Matter]int{}
		for _, one := range told {
			by[one.Matter]++
		}
		for m, n := range by {
			r.Meter.Reminded(m, n)
		}
		if len(told) > 0 {
			r.Log.Info("cases are due at the desk", "job", "remind", "count", len(told))
		}
		return nil
	}}
}

// untold goes through all that is due and keeps of it what is new, what is due first
// first.
func (r Reminding) untold(ctx context.Context, now time.Time) (all []docket.Reminder, err error) {
	end := r.Calendar.End(r.Calendar.Day(now).AddDays(docket.RemindedDays))
	for place := (docket.Place{}); ; {
		page, err := r.Docket.DueBy(ctx, end, place, remindBatch)
		if err != nil {
			return nil, err
		}
		var reached []docket.Reminder
		for _, i := range page {
			if one, is := i.Reminder(r.Calendar, now); is {
				reached = append(reached, one)
			}
		}
		fresh, err := r.Notes.Untold(ctx, reached)
		if err != nil {
			return nil, err
		}
		all = append(all, fresh...)
		if len(page) < remindBatch {
			return all, nil
		}
		place = page[len(page)-1].Place()
	}
}

// letters is the one that tells of reminders, or none.
func (r Reminding) letters(fresh []docket.Reminder, now time.Time) ([]letter.Letter, error) {
	if r.Officer == (email.Address{}) {
		return nil, nil
	}
	named := min(len(fresh), letter.MaxReminded)
	content := letter.Remind{More: len(fresh) - named}
	for _, one := range fresh[:named] {
		content.Cases = append(content.Cases, letter.Due{
			Case: letter.Case{Matter: one.Matter, Reference: one.ID}, End: one.Due, Left: one.Left,
		})
	}
	l, err := r.Writer.Write(letter.Envelope{To: r.Officer, About: remindersAbout, Now: now}, content)
	if err != nil {
		return nil, err
	}
	return []letter.Letter{l}, nil
}
