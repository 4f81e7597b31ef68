package docket

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Reminder is that an officer is to be told of an item.
type Reminder struct {
	Matter letter.Matter
	ID     string // the item's
	Due    time.Time
	Left   int // days; see Item.Left
	// Threshold is which of the reminders of an item it is: that of 7, 3 or 1 days
	// left, of the rest of its last day once it is late (0), or of that many days since
	// (less than 0). Each is due once, and none after a lower one.
	Threshold int
}

// RemindedDays is how many days before something is due the first reminder is.
const RemindedDays = 7

// Reminder returns the one that an item has reached last; false if none. Those before
// it are of no use any more, whether they were sent or not.
func (i Item) Reminder(c subjectrequest.Calendar, now time.Time) (Reminder, bool) {
	r := Reminder{Matter: i.Matter, ID: i.ID, Due: i.Due, Left: i.Left(c, now)}
	switch late := !now.Before(i.Due); {
	case late:
		r.Threshold = min(r.Left, 0)
	case r.Left <= 1:
		r.Threshold = 1
	case r.Left <= 3:
		r.Threshold = 3
	case r.Left <= RemindedDays:
		r.Threshold = RemindedDays
	default:
		return Reminder{}, false
	}
	return r, true
}
