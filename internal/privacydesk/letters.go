package privacydesk

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func caseOf(r subjectrequest.Request) letter.Case {
	return letter.Case{Matter: letter.Matter(r.Kind), Reference: string(r.ID)}
}

// day is a date as letters take it.
func (d *Desk) day(date civil.Date) time.Time { return date.In(d.Writer.Zone) }

// letters is the letter about a request; none without an address. to is the address
// that the request had before a change that forgets it.
func (d *Desk) letters(r subjectrequest.Request, to email.Address, c letter.Content) ([]letter.Letter, error) {
	if to == (email.Address{}) || c == nil {
		return nil, nil
	}
	l, err := d.Writer.Write(letter.Envelope{To: to, About: string(r.ID), Now: d.Now()}, c)
	if err != nil {
		return nil, err
	}
	return []letter.Letter{l}, nil
}

// post asks for letters to be sent now rather than by the next sweep.
func (d *Desk) post(ctx context.Context, letters []letter.Letter) {
	for _, l := range letters {
		if err := d.Queue.EnqueueLetter(ctx, letter.Claim{ID: l.ID}); err != nil {
			d.Log.Warn("a letter waits for the sweep", "error", err)
		}
	}
}

func (d *Desk) acknowledgement(r subjectrequest.Request) letter.Content {
	return letter.Acknowledge{Case: caseOf(r), Received: d.day(r.ArrivedOn), AnswerBy: d.day(r.Dates.Earlier())}
}
