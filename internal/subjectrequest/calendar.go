package subjectrequest

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/rickar/cal/v2"
)

// Calendar is where the controller is: the time zone that tells which day it is,
// and the days on which nobody works.
type Calendar struct {
	zone         *time.Location
	jurisdiction []*cal.Calendar
}

// NewCalendar returns the calendar of a time zone and of jurisdictions, codes of
// Jurisdictions in either case. Of several, a holiday is what is one in all of them:
// the date that comes out is then never too late in any. Without one, only Saturdays
// and Sundays are free, which makes no date later than the law's.
func NewCalendar(zone *time.Location, jurisdictions ...string) (Calendar, error) {
	c := Calendar{zone: zone}
	for _, code := range jurisdictions {
		days, known := publicHolidays()[strings.ToUpper(code)]
		if !known {
			return Calendar{}, fmt.Errorf("no holidays are known for %q; those known are %s", code, strings.Join(Jurisdictions(), ", "))
		}
		c.jurisdiction = append(c.jurisdiction, &cal.Calendar{Holidays: days})
	}
	return c, nil
}

// Day is the date that it is at a moment.
func (c Calendar) Day(t time.Time) civil.Date { return civil.DateOf(t.In(c.zone)) }

// End is the first instant after a day: what happens before it is in time. It is
// midnight, but where clocks leap over midnight the next day begins later.
func (c Calendar) End(d civil.Date) time.Time {
	next := d.AddDays(1)
	from := next.In(time.UTC).AddDate(0, 0, -1) // no zone is a whole day ahead
	seconds := sort.Search(2*24*60*60, func(s int) bool {
		return !c.Day(from.Add(time.Duration(s) * time.Second)).Before(next)
	})
	return from.Add(time.Duration(seconds) * time.Second)
}

// LastDay is the day on which something has to happen to happen before a moment: the
// day whose End the moment is, or that it is in.
func (c Calendar) LastDay(end time.Time) civil.Date { return c.Day(end.Add(-1)) }

// DaysLeft says how many days remain until a due day: 0 on the day itself, less
// when it is over.
func (c Calendar) DaysLeft(due civil.Date, now time.Time) int { return due.DaysSince(c.Day(now)) }

// Working reports whether a day is no Saturday, no Sunday and no public holiday.
func (c Calendar) Working(d civil.Date) bool {
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return len(c.jurisdiction) == 0 || slices.ContainsFunc(c.jurisdiction, func(j *cal.Calendar) bool {
		actual, observed, _ := j.IsHoliday(d.In(time.UTC))
		return !actual && !observed
	})
}

// moved is the day, or the next working one.
func (c Calendar) moved(d civil.Date) civil.Date {
	for !c.Working(d) {
		d = d.AddDays(1)
	}
	return d
}
