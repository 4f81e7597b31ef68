package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// answeredDrawer holds answered complaints and refuses to save some.
type answeredDrawer struct {
	answered []complaint.Complaint
	refuses  map[complaint.ID]error
	until    time.Time
	saved    []complaint.Change
}

func (d *answeredDrawer) Lapsed(_ context.Context, until time.Time, limit int) ([]complaint.Complaint, error) {
	d.until = until
	return d.answered[:min(limit, len(d.answered))], nil
}

func (d *answeredDrawer) Save(_ context.Context, c complaint.Change, _ ...letter.Letter) error {
	if err := d.refuses[c.Complaint.ID]; err != nil {
		return err
	}
	d.saved = append(d.saved, c)
	for i := range d.answered {
		if d.answered[i].ID == c.Complaint.ID {
			d.answered = append(d.answered[:i:i], d.answered[i+1:]...)
			break
		}
	}
	return nil
}

func TestAnsweredComplaintsForgetThePersonAfterTwoWeeks(t *testing.T) {
	d := &answeredDrawer{refuses: map[complaint.ID]error{}}
	then := midnight.AddDate(0, 0, complaint.AnswerDays)
	for range 3 {
		filed, _, err := complaint.New(complaint.Filing{Words: "x", Email: "ada@example.org", Now: midnight, DueAt: midnight})
		ok(t, err)
		answered, _, err := filed.Complaint.Reply("We are sorry.", complaint.By{Actor: "desk-a", Now: midnight})
		ok(t, err)
		d.answered = append(d.answered, answered.Complaint)
	}
	d.refuses[d.answered[0].ID], d.refuses[d.answered[1].ID] = complaint.ErrChanged, errors.New("no disk")
	err := ForgetComplaints(d, known(then), slog.New(slog.DiscardHandler)).Run(t.Context(), then)
	if err == nil || !d.until.Equal(midnight) || len(d.saved) != 1 || !d.saved[0].Complaint.Forgotten() || d.saved[0].Complaint.Closing != complaint.WasAnswered {
		t.Errorf("%v, until %s, saved %+v", err, d.until, d.saved)
	}
	if err := ForgetComplaints(d, doubtful{}, slog.New(slog.DiscardHandler)).Run(t.Context(), then); err == nil || len(d.saved) != 1 {
		t.Error("a clock that can't be believed was gone by")
	}
}

// doubtful is a clock that is not believed.
type doubtful struct{}

func (doubtful) Expiry(context.Context) (time.Time, error) {
	return time.Time{}, errors.New("the clocks differ")
}
