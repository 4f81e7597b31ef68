package subjectrequest

import (
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// PromisedDays is within how many days of its arrival the privacy policy promises
// to answer a request, whatever the law allows. Nothing moves it.
const PromisedDays = int(retention.AnswerWithin / retention.Day)

// The periods of California's Civil Code 1798.83, in days: for a request at the
// designated address, and at most for one that arrived another way.
const (
	shineTheLightDays = 30
	elsewhereDays     = 150
)

// Dates are when a request is due, each day inclusive.
type Dates struct {
	// Notice is the last day of the first month, which no weekend moves: until then
	// an extension is announced with its reasons, or a refusal sent (Art. 12(3) and
	// (4) GDPR). Zero where the law knows neither.
	Notice civil.Date
	// Law is the last day on which the law takes the answer.
	Law civil.Date
	// Promised is the last day of PromisedDays.
	Promised civil.Date
}

// Earlier is the date that reminders follow.
func (d Dates) Earlier() civil.Date {
	if d.Law.Before(d.Promised) {
		return d.Law
	}
	return d.Promised
}

// OneMonth is when a request under the GDPR is due that arrived on a day, and whose
// clock stood still for some days while a question about the person's identity was
// open (Art. 12(3) and (6) GDPR, Regulation 1182/71).
func (c Calendar) OneMonth(arrived civil.Date, stopped int) Dates {
	return c.months(1, arrived, stopped)
}

// ThreeMonths is when it is due after an extension: counted from the arrival, not
// from where a weekend moved the first month to.
func (c Calendar) ThreeMonths(arrived civil.Date, stopped int) Dates {
	return c.months(3, arrived, stopped)
}

func (c Calendar) months(n int, arrived civil.Date, stopped int) Dates {
	return Dates{
		Notice:   later(arrived, 1).AddDays(stopped),
		Law:      c.moved(later(arrived, n).AddDays(stopped)),
		Promised: arrived.AddDays(PromisedDays),
	}
}

// later is the same day some months later, or that month's last where it has no
// such day.
func later(d civil.Date, months int) civil.Date {
	first := civil.Date{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(months)
	last := first.AddMonths(1).AddDays(-1)
	return civil.Date{Year: first.Year, Month: first.Month, Day: min(d.Day, last.Day)}
}

// StoppedDays is for how many days the clock stood still that a question stopped:
// the days after the one of the question, up to the one of the answer.
func StoppedDays(asked, answered civil.Date) int { return answered.DaysSince(asked) }

// ShineTheLightDue is when a request under California's Civil Code 1798.83 is due; it
// depends on whether it came to the designated address. Weekends count as any day.
func ShineTheLightDue(arrived civil.Date, designated bool) Dates {
	days := elsewhereDays
	if designated {
		days = shineTheLightDays
	}
	return Dates{Law: arrived.AddDays(days), Promised: arrived.AddDays(PromisedDays)}
}

// Clocks that run by the hour, through nights and weekends and whatever the clocks
// on the wall do.
const (
	breachTime      = 72 * time.Hour
	childReportTime = 24 * time.Hour
)

// BreachDue is until when the authority has to know of a breach (Art. 33 GDPR).
func BreachDue(aware time.Time) time.Time { return aware.Add(breachTime) }

// ChildReportDue is until when a report that a photo shows a child is decided.
func ChildReportDue(reported time.Time) time.Time { return reported.Add(childReportTime) }

// RestrictionReviewDue is until when an officer has to have looked at a restriction
// (Art. 18 GDPR), counted from its beginning or from the last look.
func RestrictionReviewDue(since time.Time) time.Time { return since.Add(retention.RestrictionReview) }
