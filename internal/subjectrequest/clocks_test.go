package subjectrequest

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the dates below are the same wherever this runs

	"cloud.google.com/go/civil"
)

func date(t *testing.T, s string) civil.Date {
	t.Helper()
	if s == "" {
		return civil.Date{}
	}
	d, err := civil.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// calendar is of a zone and jurisdictions, as "Europe/Berlin DE FR".
func calendar(t *testing.T, place string) Calendar {
	t.Helper()
	names := strings.Fields(place)
	zone, err := time.LoadLocation(names[0])
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCalendar(zone, names[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	berlin  = "Europe/Berlin DE"
	dublin  = "Europe/Dublin IE"
	paris   = "Europe/Paris FR"
	nowhere = "UTC"
)

// dated is a request and what comes out: "notice law promised", a dash for none.
type dated struct {
	rule, place, arrived string
	dates                func(Calendar, civil.Date) Dates
	want                 string
}

func month(c Calendar, d civil.Date) Dates    { return c.OneMonth(d, 0) }
func extended(c Calendar, d civil.Date) Dates { return c.ThreeMonths(d, 0) }
func shine(_ Calendar, d civil.Date) Dates    { return ShineTheLightDue(d, true) }
func astray(_ Calendar, d civil.Date) Dates   { return ShineTheLightDue(d, false) }

// asking is the clock with questions, each as "asked answered".
func asking(t *testing.T, clock func(Calendar, civil.Date, int) Dates, questions ...string) func(Calendar, civil.Date) Dates {
	stopped := 0
	for _, q := range questions {
		asked, answered, _ := strings.Cut(q, " ")
		stopped += StoppedDays(date(t, asked), date(t, answered))
	}
	return func(c Calendar, d civil.Date) Dates { return clock(c, d, stopped) }
}

func TestEachRuleGivesItsDates(t *testing.T) {
	for _, tt := range []dated{
		{"one month ends on the same day number", berlin, "2026-03-10", month, "2026-04-10 2026-04-10 2026-04-09"},
		{"also over the end of a year", berlin, "2026-12-15", month, "2027-01-15 2027-01-15 2027-01-14"},
		{"a month without that day ends on its last one, and Saturday 28 February moves to Monday", berlin, "2026-01-31", month, "2026-02-28 2026-03-02 2026-03-02"},
		{"from 30 January as well", berlin, "2026-01-30", month, "2026-02-28 2026-03-02 2026-03-01"},
		{"from 29 January as well", berlin, "2026-01-29", month, "2026-02-28 2026-03-02 2026-02-28"},
		{"28 January has its day in February", berlin, "2026-01-28", month, "2026-02-28 2026-03-02 2026-02-27"},
		{"in a leap year 31 January ends on 29 February", berlin, "2028-01-31", month, "2028-02-29 2028-02-29 2028-03-01"},
		{"in a leap year 29 January does too", berlin, "2028-01-29", month, "2028-02-29 2028-02-29 2028-02-28"},
		{"29 February ends on 29 March", berlin, "2028-02-29", month, "2028-03-29 2028-03-29 2028-03-30"},
		{"31 March ends on 30 April", berlin, "2026-03-31", month, "2026-04-30 2026-04-30 2026-04-30"},
		{"a request that arrives on a Sunday counts from that day", berlin, "2026-05-31", month, "2026-06-30 2026-06-30 2026-06-30"},
		{"31 August ends on 30 September", berlin, "2026-08-31", month, "2026-09-30 2026-09-30 2026-09-30"},
		{"31 October ends on 30 November", berlin, "2026-10-31", month, "2026-11-30 2026-11-30 2026-11-30"},
		{"31 July ends on 31 August", berlin, "2026-07-31", month, "2026-08-31 2026-08-31 2026-08-30"},

		{"a Saturday moves to Monday, the notice and the promise do not", berlin, "2026-01-14", month, "2026-02-14 2026-02-16 2026-02-13"},
		{"a Sunday moves to Monday", berlin, "2026-01-15", month, "2026-02-15 2026-02-16 2026-02-14"},
		{"a Sunday in the next year", berlin, "2026-12-31", month, "2027-01-31 2027-02-01 2027-01-30"},
		{"in February the law's date comes before the promise", berlin, "2027-02-10", month, "2027-03-10 2027-03-10 2027-03-12"},
		{"after a month of 31 days the promise comes first, on a Sunday", berlin, "2026-07-10", month, "2026-08-10 2026-08-10 2026-08-09"},

		{"New Year on a Friday moves over the weekend", berlin, "2026-12-01", month, "2027-01-01 2027-01-04 2026-12-31"},
		{"Christmas and the weekend after it", berlin, "2026-11-25", month, "2026-12-25 2026-12-28 2026-12-25"},
		{"Good Friday moves over Easter Monday", berlin, "2026-03-03", month, "2026-04-03 2026-04-07 2026-04-02"},
		{"Good Friday is no holiday in France", paris, "2026-03-03", month, "2026-04-03 2026-04-03 2026-04-02"},
		{"nor where no jurisdiction is set", nowhere, "2026-03-03", month, "2026-04-03 2026-04-03 2026-04-02"},
		{"Easter Monday", berlin, "2026-03-06", month, "2026-04-06 2026-04-07 2026-04-05"},
		{"Easter Sunday, then Easter Monday", berlin, "2027-02-28", month, "2027-03-28 2027-03-30 2027-03-30"},
		{"1 May on a Friday", berlin, "2026-04-01", month, "2026-05-01 2026-05-04 2026-05-01"},
		{"Ascension Day", berlin, "2026-04-14", month, "2026-05-14 2026-05-15 2026-05-14"},
		{"Ascension Day is no holiday in Ireland", dublin, "2026-04-14", month, "2026-05-14 2026-05-14 2026-05-14"},
		{"Whit Monday", berlin, "2026-04-25", month, "2026-05-25 2026-05-26 2026-05-25"},
		{"St Patrick's Day in Ireland", dublin, "2026-02-17", month, "2026-03-17 2026-03-18 2026-03-19"},
		{"Corpus Christi in Bavaria", "Europe/Berlin DE-BY", "2026-05-04", month, "2026-06-04 2026-06-05 2026-06-03"},
		{"Corpus Christi is no holiday of all Germany", berlin, "2026-05-04", month, "2026-06-04 2026-06-04 2026-06-03"},
		{"Women's Day in the Land of Berlin", "Europe/Berlin DE-BE", "2027-02-08", month, "2027-03-08 2027-03-09 2027-03-10"},
		{"8 December in Austria", "Europe/Vienna AT", "2026-11-08", month, "2026-12-08 2026-12-09 2026-12-08"},
		{"14 July in France", paris, "2026-06-14", month, "2026-07-14 2026-07-15 2026-07-14"},
		{"11 November in Poland", "Europe/Warsaw PL", "2026-10-11", month, "2026-11-11 2026-11-12 2026-11-10"},
		{"the Dutch King's Day", "Europe/Amsterdam NL", "2026-03-27", month, "2026-04-27 2026-04-28 2026-04-26"},
		{"a day that is observed in place of a Saturday, in the United Kingdom", "Europe/London GB", "2026-11-25", month, "2026-12-25 2026-12-29 2026-12-25"},
		{"a day that is observed before a Saturday, in the United States", "America/New_York US", "2026-06-03", month, "2026-07-03 2026-07-06 2026-07-03"},
		{"a Danish holiday that was abolished no longer counts", "Europe/Copenhagen DK", "2024-03-26", month, "2024-04-26 2024-04-26 2024-04-25"},
		{"Christmas Eve in Sweden is a custom and no public holiday", "Europe/Stockholm SE", "2026-11-24", month, "2026-12-24 2026-12-24 2026-12-24"},
		{"of two jurisdictions a holiday of one moves nothing", "Europe/Berlin DE FR", "2026-03-03", month, "2026-04-03 2026-04-03 2026-04-02"},
		{"of two jurisdictions a holiday of both does", "Europe/Berlin DE FR", "2026-04-01", month, "2026-05-01 2026-05-04 2026-05-01"},
		{"codes may be written small", "Europe/Berlin de", "2026-04-01", month, "2026-05-01 2026-05-04 2026-05-01"},

		{"an extension ends three months after the arrival", berlin, "2026-01-31", extended, "2026-02-28 2026-04-30 2026-03-02"},
		{"not three months after the moved date", berlin, "2026-01-15", extended, "2026-02-15 2026-04-15 2026-02-14"},
		{"an extension's own end moves", berlin, "2026-02-03", extended, "2026-03-03 2026-05-04 2026-03-05"},
		{"an extension into February", berlin, "2025-11-30", extended, "2025-12-30 2026-03-02 2025-12-30"},
		{"an extension to a leap day", berlin, "2027-11-30", extended, "2027-12-30 2028-02-29 2027-12-30"},
		{"an extension to Boxing Day on a Saturday", berlin, "2026-09-26", extended, "2026-10-26 2026-12-28 2026-10-26"},
		{"an extension to New Year", berlin, "2026-10-01", extended, "2026-11-01 2027-01-04 2026-10-31"},

		{"a question about the identity stops the clock for the days until its answer", berlin, "2026-03-10", asking(t, Calendar.OneMonth, "2026-03-12 2026-03-20"), "2026-04-18 2026-04-20 2026-04-09"},
		{"an answer on the same day costs none", berlin, "2026-03-10", asking(t, Calendar.OneMonth, "2026-03-10 2026-03-10"), "2026-04-10 2026-04-10 2026-04-09"},
		{"asked on the day of arrival, answered on the next", berlin, "2026-03-10", asking(t, Calendar.OneMonth, "2026-03-10 2026-03-11"), "2026-04-11 2026-04-13 2026-04-09"},
		{"two questions add up", berlin, "2026-03-10", asking(t, Calendar.OneMonth, "2026-03-11 2026-03-14", "2026-03-16 2026-03-20"), "2026-04-17 2026-04-17 2026-04-09"},
		{"a stop over the change of clocks is counted in days", berlin, "2026-03-10", asking(t, Calendar.OneMonth, "2026-03-28 2026-03-30"), "2026-04-12 2026-04-13 2026-04-09"},
		{"a stop is added to the month's last day", berlin, "2026-01-31", asking(t, Calendar.OneMonth, "2026-02-02 2026-02-03"), "2026-03-01 2026-03-02 2026-03-02"},
		{"a stop is added to an extension too", berlin, "2026-03-10", asking(t, Calendar.ThreeMonths, "2026-03-12 2026-03-20"), "2026-04-18 2026-06-18 2026-04-09"},

		{"Shine the Light at the designated address: 30 days", berlin, "2026-03-10", shine, "- 2026-04-09 2026-04-09"},
		{"they end on a Sunday too", berlin, "2026-01-02", shine, "- 2026-02-01 2026-02-01"},
		{"and at Christmas", berlin, "2026-11-25", shine, "- 2026-12-25 2026-12-25"},
		{"30 days over a leap day", berlin, "2028-02-01", shine, "- 2028-03-02 2028-03-02"},
		{"30 days over an ordinary February", berlin, "2027-02-01", shine, "- 2027-03-03 2027-03-03"},
		{"Shine the Light that arrived another way: 150 days, and the promise first", berlin, "2026-03-10", astray, "- 2026-08-07 2026-04-09"},
		{"150 days over a leap day", berlin, "2027-12-01", astray, "- 2028-04-29 2027-12-31"},
	} {
		got := tt.dates(calendar(t, tt.place), date(t, tt.arrived))
		said := fmt.Sprint(got.Notice, " ", got.Law, " ", got.Promised)
		if got.Notice.IsZero() {
			said = fmt.Sprint("- ", got.Law, " ", got.Promised)
		}
		if said != tt.want {
			t.Errorf("%s: %s, arrived on %s: %s, want %s", tt.rule, tt.place, tt.arrived, said, tt.want)
		}
		if first := got.Earlier(); first.After(got.Law) || first.After(got.Promised) || first != got.Law && first != got.Promised {
			t.Errorf("%s: reminders follow %s", tt.rule, first)
		}
	}
}

func TestADayIsTheControllersAndCountsToItsLastInstant(t *testing.T) {
	for _, tt := range []struct{ rule, place, at, day, end string }{
		{"a minute before midnight is still the day", berlin, "2026-03-10T22:59:00Z", "2026-03-10", "2026-03-10T23:00:00Z"},
		{"half an hour after midnight is the next", berlin, "2026-03-10T23:30:00Z", "2026-03-11", "2026-03-11T23:00:00Z"},
		{"where it is evening, the same moment is the day before", "America/Los_Angeles", "2026-03-11T05:00:00Z", "2026-03-10", "2026-03-11T07:00:00Z"},
		{"where it is morning, it is the day after", "Pacific/Auckland", "2026-03-10T12:00:00Z", "2026-03-11", "2026-03-11T11:00:00Z"},
		{"the day on which clocks go forward has 23 hours", berlin, "2026-03-28T23:00:00Z", "2026-03-29", "2026-03-29T22:00:00Z"},
		{"the day on which they go back has 25", berlin, "2026-10-24T22:00:00Z", "2026-10-25", "2026-10-25T23:00:00Z"},
		{"the hour that comes twice is of one day", berlin, "2026-10-25T01:30:00Z", "2026-10-25", "2026-10-25T23:00:00Z"},
		{"clocks that leap over midnight: the next day begins at one", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23", "2026-04-23T22:00:00Z"},
		{"a midnight that comes twice: the next day begins at the first", "America/Havana", "2026-10-31T12:00:00Z", "2026-10-31", "2026-11-01T04:00:00Z"},
		{"a day that the calendar left out", "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29", "2011-12-30T10:00:00Z"},
		{"a leap day", berlin, "2028-02-29T12:00:00Z", "2028-02-29", "2028-02-29T23:00:00Z"},
		{"fourteen hours ahead of UTC", "Pacific/Kiritimati", "2026-06-01T10:00:00Z", "2026-06-02", "2026-06-02T10:00:00Z"},
	} {
		c := calendar(t, tt.place)
		day := c.Day(moment(t, tt.at))
		if end := c.End(day); day != date(t, tt.day) || !end.Equal(moment(t, tt.end)) {
			t.Errorf("%s: %s ends at %s, want %s at %s", tt.rule, day, end.UTC(), tt.day, tt.end)
		}
	}
}

func TestTheDueDayHasNoDaysLeftAndTheDayAfterIsOver(t *testing.T) {
	c, due := calendar(t, berlin), date(t, "2026-04-10")
	for at, want := range map[string]int{
		"2026-04-02T22:00:00Z": 7, "2026-04-09T21:59:59.999Z": 1, "2026-04-09T22:00:00Z": 0, "2026-04-10T21:59:59.999Z": 0,
		"2026-04-10T22:00:00Z": -1, "2026-05-10T12:00:00Z": -30,
	} {
		if left := c.DaysLeft(due, moment(t, at)); left != want {
			t.Errorf("at %s %d days are left, want %d", at, left, want)
		}
	}
}

func TestClocksOfHoursRunThroughEverything(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		due      func(time.Time) time.Time
		at, want string
	}{
		{"a breach known on Friday evening is due on Monday evening", BreachDue, "2026-03-06T17:00:00+01:00", "2026-03-09T17:00:00+01:00"},
		{"72 hours over clocks that go forward", BreachDue, "2026-03-28T12:00:00+01:00", "2026-03-31T13:00:00+02:00"},
		{"72 hours over clocks that go back", BreachDue, "2026-10-24T12:00:00+02:00", "2026-10-27T11:00:00+01:00"},
		{"72 hours over a leap day", BreachDue, "2028-02-28T10:00:00Z", "2028-03-02T10:00:00Z"},
		{"72 hours over Christmas", BreachDue, "2026-12-24T18:00:00Z", "2026-12-27T18:00:00Z"},
		{"a report about a child on a Saturday night", ChildReportDue, "2026-03-07T23:00:00Z", "2026-03-08T23:00:00Z"},
		{"a report about a child over clocks that go forward", ChildReportDue, "2026-03-28T20:00:00+01:00", "2026-03-29T21:00:00+02:00"},
		{"a restriction is looked at within 30 days", RestrictionReviewDue, "2026-02-10T09:00:00Z", "2026-03-12T09:00:00Z"},
		{"30 days over a leap day", RestrictionReviewDue, "2028-02-10T09:00:00Z", "2028-03-11T09:00:00Z"},
	} {
		if got := tt.due(moment(t, tt.at)); !got.Equal(moment(t, tt.want)) {
			t.Errorf("%s: %s, want %s", tt.rule, got, tt.want)
		}
	}
}

func TestAnUnknownJurisdictionIsRefusedWithThoseThatAreKnown(t *testing.T) {
	for _, code := range []string{"", "XX", "DE-XX", "Germany"} {
		_, err := NewCalendar(time.UTC, code)
		if err == nil || !strings.Contains(err.Error(), "AT, BE, BG") {
			t.Errorf("%q: %v", code, err)
		}
	}
}
