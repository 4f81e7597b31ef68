package disclosure

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

var (
	now        = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	controller = policy.Controller{Name: "Photos Ltd", Address: "1 Road, Dublin", ShineTheLight: "shine@photos.example"}
	mailing    = Entry{Year: 2025, Name: "Mailing Ltd", Address: "2 Road\nDublin", Categories: "E-mail addresses\n\nnames"}
)

func TestNormallyTheAnswerIsThatNothingWasDisclosed(t *testing.T) {
	const want = `You asked which personal information we disclosed to third parties for their direct marketing (California Civil Code section 1798.83). This is our answer for the calendar year 2025.

In 2025 we disclosed no personal information to third parties for their direct marketing, of you or of anybody else.

You can ask once in each calendar year, free of charge.

Photos Ltd
1 Road, Dublin
shine@photos.example
`
	if diff := cmp.Diff(want, Answer(2025, nil, controller)); diff != "" {
		t.Error(diff)
	}
}

func TestTheAnswerNamesKindsAndThirdPartiesWithTheirAddresses(t *testing.T) {
	got := Answer(2025, []Entry{mailing, {Name: "Qux", Address: "3 Road", Categories: "e-mail addresses", Products: "garden chairs\nlamps"}}, controller)
	const want = `direct marketing:

- E-mail addresses
- names

The third parties are:

Mailing Ltd
2 Road
Dublin
It got: E-mail addresses; names

Qux
3 Road
It got: e-mail addresses
Examples of what it markets: garden chairs; lamps

You can ask`
	if !strings.Contains(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

func TestAnEntryThatCanNotBeIsRefusedByItsField(t *testing.T) {
	for _, tt := range []struct {
		field string
		spoil func(*Entry)
	}{
		{"name", func(e *Entry) { e.Name = "" }},
		{"name", func(e *Entry) { e.Name = "a\nb" }},
		{"address", func(e *Entry) { e.Address = " " }},
		{"categories", func(e *Entry) { e.Categories = "a\x00" }},
		{"products", func(e *Entry) { e.Products = strings.Repeat("a", MaxWords+1) }},
		{"year", func(e *Entry) { e.Year = 2022 }},
		{"year", func(e *Entry) { e.Year = 2027 }},
		{"year", func(e *Entry) { e.Year = 0 }},
	} {
		e := mailing
		tt.spoil(&e)
		var field register.FieldError
		if _, err := e.Check(now); !errors.As(err, &field) || field.Field != tt.field {
			t.Errorf("%s: %v", tt.field, err)
		}
	}
	for _, year := range []int{2023, 2026} {
		e := mailing
		e.Year = year
		if _, err := e.Check(now); err != nil {
			t.Errorf("%d: %v", year, err)
		}
	}
}
