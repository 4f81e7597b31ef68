package breach

import (
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

// Limits of what can be entered.
const (
	MaxWords = 2000          // characters of one text
	MaxCount = 1_000_000_000 // people, or records
)

// earliest is when Art. 33 GDPR began to apply: nothing here is older.
func earliest() time.Time { return time.Date(2018, time.May, 25, 0, 0, 0, 0, time.UTC) }

// check returns an account as it can be kept, or a register.FieldError. What happened
// and the moment of becoming aware are all that is needed at first.
func (a Account) check(now time.Time) (Account, error) {
	for _, f := range []struct {
		name string
		text *string
	}{{"happened", &a.Happened}, {"data", &a.Data}, {"who", &a.Who}, {"consequences", &a.Consequences}, {"measures", &a.Measures}, {"reasons", &a.Reasons}} {
		if err := words(f.name, f.text); err != nil {
			return a, err
		}
	}
	if a.Happened == "" {
		return a, register.FieldError{Field: "happened", Detail: "is missing"}
	}
	a.Began, a.Aware = a.Began.UTC(), a.Aware.UTC()
	if err := happened("aware", a.Aware, earliest(), now); err != nil {
		return a, err
	}
	if a.Began.After(a.Aware) {
		return a, register.FieldError{Field: "began", Detail: "is after we became aware of it"}
	}
	if !a.Began.IsZero() && a.Began.Before(earliest()) {
		return a, register.FieldError{Field: "began", Detail: "is too long ago"}
	}
	for _, n := range []struct {
		name  string
		count *int
	}{{"people", a.People}, {"records", a.Records}} {
		if n.count != nil && (*n.count < 0 || *n.count > MaxCount) {
			return a, register.FieldError{Field: n.name, Detail: fmt.Sprintf("must be a whole number from 0 to %d", MaxCount)}
		}
	}
	switch a.Risk {
	case Unassessed:
	case Unlikely, Likely, High:
		if a.Reasons == "" {
			return a, register.FieldError{Field: "reasons", Detail: "are missing: say why the risk is so"}
		}
	default:
		return a, register.FieldError{Field: "risk", Detail: "is none of those listed"}
	}
	return a, nil
}

// words makes of a text what can be kept.
func words(field string, text *string) error {
	got, ok := plaintext.Parse(*text, MaxWords)
	if !ok {
		return register.FieldError{Field: field, Detail: fmt.Sprintf("must be plain text of at most %d characters", MaxWords)}
	}
	*text = got
	return nil
}

// happened checks a moment that must have come.
func happened(field string, at, since, now time.Time) error {
	switch {
	case at.IsZero():
		return register.FieldError{Field: field, Detail: "is missing, or is no day and time"}
	case at.After(now):
		return register.FieldError{Field: field, Detail: "has not come yet"}
	case at.Before(earliest()):
		return register.FieldError{Field: field, Detail: "is too long ago"}
	case at.Before(since):
		return register.FieldError{Field: field, Detail: "is before we became aware of the breach"}
	}
	return nil
}
