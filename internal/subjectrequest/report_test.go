package subjectrequest_test

import (
	"testing"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func TestAQuarterHasItsDaysAndItsName(t *testing.T) {
	for _, tt := range []struct{ name, first, last, before string }{
		{"2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4"},
		{"2028-Q1", "2028-01-01", "2028-03-31", "2027-Q4"},
		{"2026-Q2", "2026-04-01", "2026-06-30", "2026-Q1"},
		{"2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3"},
	} {
		q, ok := subjectrequest.ParseQuarter(tt.name)
		if got := []string{q.String(), q.First().String(), q.Last().String(), q.Before().String()}; !ok || got[0] != tt.name || got[1] != tt.first || got[2] != tt.last || got[3] != tt.before {
			t.Errorf("%v", got)
		}
		for _, d := range []civil.Date{q.First(), q.Last()} {
			if subjectrequest.QuarterOf(d) != q {
				t.Errorf("%s is not in %s", d, q)
			}
		}
	}
	for _, bad := range []string{"", "2026-Q0", "2026-Q5", "2026Q1", "2026-Q1 ", "x2026-Q1"} {
		if q, ok := subjectrequest.ParseQuarter(bad); ok {
			t.Errorf("%q is %s", bad, q)
		}
	}
}

func TestTheMedianIsTheMiddleOfAllAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		figures []subjectrequest.Figure
		want    float64
		ok      bool
	}{
		"none answered": {[]subjectrequest.Figure{{Days: -1, Count: 5}}, 0, false},
		"one":           {[]subjectrequest.Figure{{Days: 0, Count: 1}}, 0, true},
		"an odd number": {[]subjectrequest.Figure{{Days: 3, Count: 2}, {Days: 9, Count: 1}}, 3, true},
		"an even one":   {[]subjectrequest.Figure{{Days: 9, Count: 1}, {Days: 4, Count: 1}, {Days: -1, Count: 9}}, 6.5, true},
		"far apart":     {[]subjectrequest.Figure{{Days: 300, Count: 50_000}, {Days: 1, Count: 49_999}}, 300, true},
	} {
		if got, ok := subjectrequest.Summarise(tt.figures).MedianDays(); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
}
