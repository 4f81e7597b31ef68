package letter

import (
	"errors"
	"fmt"
	"time"
)

// Remind tells the officer that a case is due. It says nothing of the person.
type Remind struct {
	Case
	Due  time.Time
	Left int // whole days; negative when overdue
}

func (Remind) kind() Kind     { return Reminder }
func (r Remind) check() error { return errors.Join(r.Case.check(), dated("the day it is due", r.Due)) }

func (r Remind) compose(p *page) {
	var when string
	switch {
	case r.Left < -1:
		when = fmt.Sprintf("Overdue for %d days", -r.Left)
	case r.Left == -1:
		when = "Overdue since yesterday"
	case r.Left == 0:
		when = "Due today"
	case r.Left == 1:
		when = "Due tomorrow"
	default:
		when = fmt.Sprintf("Due in %d days", r.Left)
	}
	p.subject = r.subject(when + ": " + matters[r.Matter].desk)
	p.say("%s: %s. Its day is %s.", when, matters[r.Matter].desk, p.day(r.Due))
	p.link("Open the desk", DeskPath)
	p.fact("Reference", r.Reference)
}
