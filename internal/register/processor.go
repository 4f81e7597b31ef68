// Package register holds the books that the law wants kept about the service itself,
// or what they have in common; breaches and disclosures have packages of their own.
// Its own one is that of the processors, who work with personal data on the
// controller's behalf (Art. 28 GDPR). They are recipients: the privacy policy and
// every answer to a person who asks names them.
package register

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ProcessorID names an entry of the register.
type ProcessorID string

// NewProcessorID returns a fresh ID.
func NewProcessorID() ProcessorID { return ProcessorID(secret.NewName()) }

// Processor is one who works with personal data for the controller.
type Processor struct {
	ID           ProcessorID
	Name         string    // of the company, with its legal form
	Role         string    // what it does with which data
	Region       string    // where it does so
	Safeguard    string    // of a transfer out of the EEA, such as standard contractual clauses; empty where there is no transfer
	ContractDate time.Time // the day of the contract, at its beginning in UTC
	Ended        time.Time // the day it ended, at its beginning in UTC; zero while it works for the controller
	Revision     int       // raised by each change; the first is 1
}

// MaxField is the most characters that a text of an entry may have.
const MaxField = 300

// The errors of the register.
var (
	// ErrNotFound: no such entry, or it has ended.
	ErrNotFound = errors.New("no such entry in the register")
	// ErrChanged: somebody else has changed or ended the entry since it was read.
	ErrChanged = errors.New("the entry was changed meanwhile")
)

// FieldError says what is wrong with a field of an entry.
type FieldError struct{ Field, Detail string }

// Error names both.
func (e FieldError) Error() string { return e.Field + " " + e.Detail }

// Check returns an entry as it can be kept, without spaces around its texts, or a
// FieldError. A contract can't be of a day that has not come.
func (p Processor) Check(now time.Time) (Processor, error) {
	for _, f := range []struct {
		name     string
		text     *string
		optional bool
	}{{"name", &p.Name, false}, {"role", &p.Role, false}, {"region", &p.Region, false}, {"safeguard", &p.Safeguard, true}} {
		*f.text = strings.TrimSpace(*f.text)
		switch {
		case *f.text == "" && !f.optional:
			return p, FieldError{f.name, "is missing"}
		case !utf8.ValidString(*f.text) || strings.ContainsFunc(*f.text, unicode.IsControl):
			return p, FieldError{f.name, "must be one line of text"}
		case utf8.RuneCountInString(*f.text) > MaxField:
			return p, FieldError{f.name, fmt.Sprintf("has more than %d characters", MaxField)}
		}
	}
	if p.ContractDate.IsZero() || p.ContractDate.Year() < 1900 {
		return p, FieldError{"contract_date", "is missing"}
	}
	p.ContractDate = p.ContractDate.UTC().Truncate(24 * time.Hour)
	if p.ContractDate.After(now) {
		return p, FieldError{"contract_date", "has not come yet"}
	}
	return p, nil
}

// CheckEnd returns the day of Ended as it can be kept, or a FieldError: a processor
// ends neither on a day that has not come nor before its contract.
func (p Processor) CheckEnd(now time.Time) (time.Time, error) {
	day := p.Ended.UTC().Truncate(24 * time.Hour)
	switch {
	case p.Ended.IsZero() || day.Unix() == 0: // 0 is the store's sign of one that has not ended
		return day, FieldError{"ended", "is missing"}
	case day.After(now):
		return day, FieldError{"ended", "has not come yet"}
	case day.Before(p.ContractDate):
		return day, FieldError{"ended", "is before the contract"}
	}
	return day, nil
}
