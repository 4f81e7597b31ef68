package subjectrequest

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"cloud.google.com/go/civil"
)

// Quarter is a quarter of a calendar year.
type Quarter struct{ Year, Number int }

// QuarterOf is the one that a day is in.
func QuarterOf(d civil.Date) Quarter { return Quarter{d.Year, (int(d.Month)-1)/3 + 1} }

var quarterPattern = regexp.MustCompile(`^([0-9]{4})-Q([1-4])$`)

// ParseQuarter reads what String writes.
func ParseQuarter(s string) (Quarter, bool) {
	m := quarterPattern.FindStringSubmatch(s)
	if m == nil {
		return Quarter{}, false
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[2])
	return Quarter{year, number}, true
}

// String is the quarter as in 2026-Q1.
func (q Quarter) String() string { return fmt.Sprintf("%04d-Q%d", q.Year, q.Number) }

// First is its first day.
func (q Quarter) First() civil.Date {
	return civil.Date{Year: q.Year, Month: time.Month(3*q.Number - 2), Day: 1}
}

// Last is its last day.
func (q Quarter) Last() civil.Date { return q.First().AddMonths(3).AddDays(-1) }

// Before is the quarter before it.
func (q Quarter) Before() Quarter { return QuarterOf(q.First().AddDays(-1)) }
