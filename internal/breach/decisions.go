package breach

import (
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

// The errors of steps that can't be taken as a breach stands.
var (
	ErrClosed    = errors.New("the breach is closed")
	ErrUnsettled = errors.New("the breach is not settled")
)

// DecideAuthority returns the breach with the decision about the notice, which can be
// corrected until it is closed, or a register.FieldError. What is sent late needs
// reasons; what is not sent needs them too, and an assessment that a risk is unlikely.
func (b Breach) DecideAuthority(d ToAuthority, now time.Time) (Breach, error) {
	if err := b.open(); err != nil {
		return b, err
	}
	if err := words("delay", &d.Delay); err != nil {
		return b, err
	}
	if err := words("reasons", &d.Reasons); err != nil {
		return b, err
	}
	d.At, d.Sent = now.UTC(), d.Sent.UTC()
	if d.Needed {
		d.Reasons = ""
		if err := happened("sent", d.Sent, b.Account.Aware, now); err != nil {
			return b, err
		}
	} else {
		d.Sent, d.Delay = time.Time{}, ""
	}
	b.Authority = d
	switch {
	case b.Late() && d.Delay == "":
		return b, register.FieldError{Field: "delay", Detail: "are missing: it was sent after its time"}
	case !d.Needed && b.Account.Risk != Unlikely:
		return b, register.FieldError{Field: "reasons", Detail: "do not stand: the authority need not be told only if a risk is unlikely, and the account says otherwise"}
	case !d.Needed && d.Reasons == "":
		return b, register.FieldError{Field: "reasons", Detail: "are missing"}
	}
	return b, nil
}

// DecidePersons returns the breach with the decision about telling the persons, which
// can be corrected until it is closed, or a register.FieldError. Told may be zero when
// they are yet to be told. It may come before the authority knows.
func (b Breach) DecidePersons(d ToPersons, now time.Time) (Breach, error) {
	if err := b.open(); err != nil {
		return b, err
	}
	if err := words("reasons", &d.Reasons); err != nil {
		return b, err
	}
	d.At, d.Told = now.UTC(), d.Told.UTC()
	switch {
	case !d.Needed:
		d.Told = time.Time{}
		if b.Account.Risk == Unassessed {
			return b, register.FieldError{Field: "reasons", Detail: "do not stand: the risk is not assessed yet"}
		}
		if d.Reasons == "" {
			return b, register.FieldError{Field: "reasons", Detail: "are missing"}
		}
	case !d.Told.IsZero():
		if err := happened("told", d.Told, b.Account.Aware, now); err != nil {
			return b, err
		}
	}
	b.Persons = d
	return b, nil
}

// Close ends the work on a breach that is settled, with words if there are any.
func (b Breach) Close(text string, now time.Time) (Breach, error) {
	if err := words("words", &text); err != nil {
		return b, err
	}
	if s := b.State(); s != Settled {
		if s == Closed {
			return b, ErrClosed
		}
		return b, ErrUnsettled
	}
	b.ClosedAt, b.Words = now.UTC(), text
	return b, nil
}

// Reopen takes the closing back, with reasons.
func (b Breach) Reopen(text string) (Breach, error) {
	if err := words("words", &text); err != nil {
		return b, err
	}
	switch {
	case text == "":
		return b, register.FieldError{Field: "words", Detail: "are missing"}
	case b.State() != Closed:
		return b, register.ErrChanged
	}
	b.ClosedAt, b.Words = time.Time{}, text
	return b, nil
}
