package register

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	now  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	host = Processor{Name: " A host Ltd ", Role: "runs the machines", Region: "Ireland", ContractDate: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
)

func TestAnEntryIsKeptWithoutSpacesAroundItAndWithTheDayOfTheContract(t *testing.T) {
	got, err := host.Check(now)
	if err != nil || got.Name != "A host Ltd" || got.ContractDate != time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnEntryThatIsNotWholeIsRefusedByItsField(t *testing.T) {
	for _, tt := range []struct {
		field string
		spoil func(*Processor)
	}{
		{"name", func(p *Processor) { p.Name = " \t" }},
		{"role", func(p *Processor) { p.Role = "" }},
		{"region", func(p *Processor) { p.Region = strings.Repeat("é", MaxField+1) }},
		{"safeguard", func(p *Processor) { p.Safeguard = "clauses\r\nof 2021" }},
		{"name", func(p *Processor) { p.Name = "\xff" }},
		{"contract_date", func(p *Processor) { p.ContractDate = time.Time{} }},
		{"contract_date", func(p *Processor) { p.ContractDate = now.AddDate(0, 0, 1) }},
	} {
		p := host
		tt.spoil(&p)
		var field FieldError
		if _, err := p.Check(now); !errors.As(err, &field) || field.Field != tt.field {
			t.Errorf("%s: %v", tt.field, err)
		}
	}
	longest := host
	longest.Region = strings.Repeat("é", MaxField)
	if _, err := longest.Check(now); err != nil {
		t.Errorf("the longest region is refused: %v", err)
	}
}
