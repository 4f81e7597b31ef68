// Package breach is the register of breaches of personal data, in which every one
// stands, told to the authority or not (Art. 33(5) GDPR).
//
// A breach has an account of what is known, which is corrected as more becomes known,
// and two decisions: whether the authority is told (Art. 33), for which 72 consecutive
// hours run from when the controller became aware, and whether the persons are
// (Art. 34). Which state it is in and what is due when follows from these. Each step
// gives a new version; whoever keeps them keeps all.
package breach

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// ID names a breach.
type ID string

// NewID returns a fresh ID.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// State is where a breach stands.
type State string

// The states, in their order.
const (
	Assessing State = "assessing" // the authority has not been told, and that it need not be is not decided
	Deciding  State = "deciding"  // whether the persons are told is not decided
	Telling   State = "telling"   // the persons are to be told and have not been
	Settled   State = "settled"   // both is done; what the authority still lacks is sent after it
	Closed    State = "closed"
)

// States are all of them.
func States() []State { return []State{Assessing, Deciding, Telling, Settled, Closed} }

// Risk is how much the breach endangers rights and freedoms of persons.
type Risk string

// The risks.
const (
	Unassessed Risk = ""
	Unlikely   Risk = "unlikely" // to be any
	Likely     Risk = "risk"
	High       Risk = "high"
)

// Account is what is known of a breach. Texts are empty and numbers nil while
// something is not known.
type Account struct {
	Happened string    `json:"happened"`
	Began    time.Time `json:"began"` // zero while not known
	Aware    time.Time `json:"aware"` // the controller became

	Data    string `json:"data"`    // kinds of data
	Who     string `json:"who"`     // kinds of persons whose data they are
	People  *int   `json:"people"`  // about how many
	Records *int   `json:"records"` // about how many of the data

	Consequences string `json:"consequences"` // likely ones
	Measures     string `json:"measures"`     // taken or planned

	Risk    Risk   `json:"risk"`
	Reasons string `json:"reasons"` // of Risk
}

// ToAuthority is what was decided about the notice to the authority.
type ToAuthority struct {
	Sent    time.Time `json:"sent"`    // zero when it was not
	Delay   string    `json:"delay"`   // the reasons, when it was sent after its time
	Needed  bool      `json:"needed"`  // false with At set: it need not be told
	Reasons string    `json:"reasons"` // why it need not be
	At      time.Time `json:"at"`      // when this was decided; zero while it is not
}

// ToPersons is what was decided about telling the persons.
type ToPersons struct {
	Needed  bool      `json:"needed"`
	Told    time.Time `json:"told"` // zero when they were not
	Reasons string    `json:"reasons"`
	At      time.Time `json:"at"` // when this was decided; zero while it is not
}

// Breach is one entry of the register.
type Breach struct {
	ID        ID          `json:"-"`
	Version   int         `json:"-"` // raised by each step; the first is 1
	Account   Account     `json:"account"`
	Authority ToAuthority `json:"authority"`
	Persons   ToPersons   `json:"persons"`
	EnteredAt time.Time   `json:"entered_at"`
	ClosedAt  time.Time   `json:"closed_at"` // zero while it is open
	Words     string      `json:"words"`     // at the closing or opening again
}

// How long the steps after the notice may take, which the law wants without undue delay.
const (
	// StepWithin is for deciding whether the persons are told, and for telling them.
	StepWithin = 24 * time.Hour
	// CloseWithin is for sending the authority what it still lacks, and closing.
	CloseWithin = 30 * retention.Day
)

// State follows from what was decided.
func (b Breach) State() State {
	switch {
	case !b.ClosedAt.IsZero():
		return Closed
	case b.Authority.At.IsZero():
		return Assessing
	case b.Persons.At.IsZero():
		return Deciding
	case b.Persons.Needed && b.Persons.Told.IsZero():
		return Telling
	}
	return Settled
}

// NoticeDue is until when the authority has to know, weekends and nights included.
func (b Breach) NoticeDue() time.Time { return subjectrequest.BreachDue(b.Account.Aware) }

// Late reports whether the notice was sent after its time.
func (b Breach) Late() bool { return b.Authority.Sent.After(b.NoticeDue()) }

// Due is until when the next step is due; zero when it is closed. For the notice it is
// the law's 72 hours. The steps about the persons have that time too, but StepWithin
// of the step before at least; closing has CloseWithin of the last step.
func (b Breach) Due() time.Time {
	switch b.State() {
	case Closed:
		return time.Time{}
	case Assessing:
		return b.NoticeDue()
	case Settled:
		return b.decided().Add(CloseWithin)
	}
	if step := b.decided().Add(StepWithin); step.After(b.NoticeDue()) {
		return step
	}
	return b.NoticeDue()
}

// decided is when the last decision was.
func (b Breach) decided() time.Time {
	if b.Persons.At.After(b.Authority.At) {
		return b.Persons.At
	}
	return b.Authority.At
}

// New enters a breach.
func New(a Account, now time.Time) (Breach, error) {
	a, err := a.check(now)
	if err != nil {
		return Breach{}, err
	}
	return Breach{ID: NewID(), Version: 1, Account: a, EnteredAt: now.UTC()}, nil
}

// Correct returns the breach with another account, or a register.FieldError. A risk
// that turns out to be greater takes back the decisions that rested on the smaller one.
func (b Breach) Correct(a Account, now time.Time) (Breach, error) {
	a, err := a.check(now)
	if err == nil {
		err = b.open()
	}
	if err != nil {
		return b, err
	}
	was := b.Account.Risk
	b.Account = a
	switch {
	case !b.Authority.Sent.IsZero() && b.Authority.Sent.Before(a.Aware):
		return b, register.FieldError{Field: "aware", Detail: "is after the notice was sent"}
	case !b.Persons.Told.IsZero() && b.Persons.Told.Before(a.Aware):
		return b, register.FieldError{Field: "aware", Detail: "is after the persons were told"}
	case b.Late() && b.Authority.Delay == "":
		return b, register.FieldError{Field: "aware", Detail: "makes the notice late: first write, with the notice, the reasons for the delay"}
	}
	if !b.Authority.At.IsZero() && !b.Authority.Needed && a.Risk != Unlikely {
		b.Authority = ToAuthority{}
	}
	if !b.Persons.At.IsZero() && !b.Persons.Needed && a.Risk == High && was != High {
		b.Persons = ToPersons{}
	}
	return b, nil
}

// open refuses a step when the breach is closed.
func (b Breach) open() error {
	if b.State() == Closed {
		return ErrClosed
	}
	return nil
}

// Saved is a version with who saved it, when and how.
type Saved struct {
	Breach
	SavedAt time.Time
	Actor   string
	Action  audit.Action
}

// Clock is how many breaches are in a state, and when the first of them is due.
type Clock struct {
	Count int
	Due   time.Time
}
