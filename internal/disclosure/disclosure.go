// Package disclosure is the register of personal information that third parties got
// for their own direct marketing, by calendar year, from which requests under
// California's Shine the Light law are answered (Civil Code 1798.83). Normally nothing
// is in it: then the answer says so.
package disclosure

import (
	"fmt"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names an entry.
type ID string

// NewID returns a fresh ID.
func NewID() ID { return ID(secret.NewName()) }

// Entry is one third party in one year.
type Entry struct {
	ID         ID
	Version    int // raised by each change; the first is 1
	Year       int
	Name       string // of the third party
	Address    string // its postal one, in one or several lines
	Categories string // of personal information that it got, one a line
	Products   string // examples of what it markets; empty where its name tells its business

	Removed time.Time // zero while the entry holds
	Why     string    // it was removed
}

// MaxWords is the most characters that a text of an entry may have.
const MaxWords = 1000

// Years are for how many years before the present one there may be entries: as long as
// they are kept.
func Years() int { return int(retention.Of(retention.Disclosures).Default / retention.Year) }

// Check returns an entry as it can be kept, or a register.FieldError.
func (e Entry) Check(now time.Time) (Entry, error) {
	for _, f := range []struct {
		name     string
		text     *string
		optional bool
	}{{"name", &e.Name, false}, {"address", &e.Address, false}, {"categories", &e.Categories, false}, {"products", &e.Products, true}} {
		if err := words(f.name, f.text, f.optional); err != nil {
			return e, err
		}
	}
	if strings.ContainsAny(e.Name, "\n\t") {
		return e, register.FieldError{Field: "name", Detail: "must be one line"}
	}
	// Where a year has begun already somewhere, it may be that of an entry.
	if last := now.Add(14 * time.Hour).UTC().Year(); e.Year > last || e.Year < last-Years() {
		return e, register.FieldError{Field: "year", Detail: fmt.Sprintf("must be one from %d to %d", last-Years(), last)}
	}
	return e, nil
}

// CheckRemoval returns why an entry is removed as it can be kept, or a
// register.FieldError.
func CheckRemoval(why string) (string, error) { return why, words("why", &why, false) }

func words(field string, text *string, optional bool) error {
	got, ok := plaintext.Parse(*text, MaxWords)
	switch {
	case !ok:
		return register.FieldError{Field: field, Detail: fmt.Sprintf("must be plain text of at most %d characters", MaxWords)}
	case got == "" && !optional:
		return register.FieldError{Field: field, Detail: "is missing"}
	}
	*text = got
	return nil
}

// YearEnd is the first moment after a year, from which its entries' period counts.
func YearEnd(year int) time.Time { return time.Date(year+1, time.January, 1, 0, 0, 0, 0, time.UTC) }
