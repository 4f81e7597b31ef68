package letter

import (
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// MaxReminded is how many cases one reminder names.
const MaxReminded = 30

// Remind tells the officer which cases are due, all in one letter. It says nothing of
// the people.
type Remind struct {
	Cases []Due // what is due first comes first
	More  int   // how many others there are
}

// Due is a case that waits for the officer.
type Due struct {
	Case
	End  time.Time // from when on it is too late: the end of its day, or a moment within one
	Left int       // days until the one on which, or at the end of which, that is; negative after it
}

func (Remind) kind() Kind                        { return Reminder }
func (Remind) secrets() (secret.Pair, time.Time) { return secret.Pair{}, time.Time{} }

func (r Remind) check() (err error) {
	if len(r.Cases) == 0 || len(r.Cases) > MaxReminded || r.More < 0 {
		err = wrong(fmt.Sprintf("it must be of 1 to %d cases", MaxReminded))
	}
	for _, c := range r.Cases {
		err = errors.Join(err, c.check(), dated("the time until which there is", c.End))
	}
	return err
}

func (r Remind) compose(p *page) {
	first, all := r.Cases[0], len(r.Cases)+r.More
	p.subject = first.subject(first.when(p.letter.Written) + ": " + matters[first.Matter].desk)
	if all > 1 {
		p.subject += fmt.Sprintf(" and %d more", all-1)
		p.say("%d cases wait for you. What is due first comes first.", all)
	} else {
		p.say("One case waits for you.")
	}
	p.link("Open the desk", DeskPath)
	for _, c := range r.Cases {
		p.say("%s (%s): %s, reference %s.", c.when(p.letter.Written), c.until(p), matters[c.Matter].desk, c.Reference)
	}
	if r.More > 0 {
		p.say("And %d more at the desk.", r.More)
	}
}

// when says how much time is left.
func (d Due) when(now time.Time) string {
	over := !now.Before(d.End)
	switch {
	case d.Left < -1:
		return fmt.Sprintf("Overdue for %d days", -d.Left)
	case d.Left == -1:
		return "Overdue since yesterday"
	case over:
		return "Overdue since today"
	case d.Left == 0:
		return "Due today"
	case d.Left == 1:
		return "Due tomorrow"
	}
	return fmt.Sprintf("Due in %d days", d.Left)
}

// until is the day, with the hour if there is less than all of it.
func (d Due) until(p *page) string {
	if day := p.day(d.End.Add(-1)); day != p.day(d.End) {
		return day
	}
	return p.moment(d.End)
}
