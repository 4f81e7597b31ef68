package subjectrequest

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"pgregory.net/rapid"
)

// The same dates, worked out by walking from day to day as one would with a paper
// calendar and a pencil. Nothing here uses the code that it checks, nor its holidays.

type day struct{ year, month, number int }

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func (d day) next() day {
	length := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[d.month-1]
	if d.month == 2 && leap(d.year) {
		length = 29
	}
	switch {
	case d.number < length:
		return day{d.year, d.month, d.number + 1}
	case d.month < 12:
		return day{d.year, d.month + 1, 1}
	}
	return day{d.year + 1, 1, 1}
}

// weekday is 0 on Sundays: Zeller's congruence.
func (d day) weekday() int {
	m, y := d.month, d.year
	if m < 3 {
		m, y = m+12, y-1
	}
	saturday0 := (d.number + 13*(m+1)/5 + y + y/4 - y/100 + y/400) % 7
	return (saturday0 + 6) % 7
}

// easter is Gauss's rule as Lichtenberg completed it.
func easter(year int) day {
	k := year / 100
	m := 15 + (3*k+3)/4 - (8*k+13)/25
	s := 2 - (3*k+3)/4
	a := year % 19
	d := (19*a + m) % 30
	r := (d + a/11) / 29
	og := 21 + d - r
	sz := 7 - (year+year/4+s)%7
	oe := 7 - (og-sz)%7
	e := day{year, 3, 1}
	for range og + oe - 1 {
		e = e.next()
	}
	return e
}

// german reports whether all of Germany rests on a day.
func (d day) german() bool {
	switch [2]int{d.month, d.number} {
	case [2]int{1, 1}, [2]int{5, 1}, [2]int{10, 3}, [2]int{12, 25}, [2]int{12, 26}:
		return true
	}
	e := easter(d.year)
	for after := 0; after <= 50; after++ {
		if e == d && (after == 1 || after == 39 || after == 50) {
			return true
		}
		e = e.next()
	}
	return d.next().next() == easter(d.year) // Good Friday
}

func (d day) free() bool { return d.weekday() == 0 || d.weekday() == 6 || d.german() }

// monthsAfter walks to the day on which that many months are over.
func (d day) monthsAfter(months int) day {
	number := d.number
	for begun := 0; begun < months || d.number != number && d.next().number != 1; {
		if d = d.next(); d.number == 1 {
			begun++
		}
	}
	return d
}

// until lets a clock run from the arrival to its last day, which it stops for the
// days after one of asking up to one of answering.
func (d day) until(last, asked, answered day) day {
	var ticks int
	for at := d; at != last; at = at.next() {
		ticks++
	}
	stopped := false
	for at := d; ; at = at.next() {
		if ticks == 0 && !stopped {
			return at
		}
		if at == asked {
			stopped = true
		}
		if at == answered {
			stopped = false
		}
		if !stopped {
			ticks--
		}
	}
}

func (d day) working() day {
	for d.free() {
		d = d.next()
	}
	return d
}

func (d day) plus(days int) day {
	for range days {
		d = d.next()
	}
	return d
}

func (d day) date() civil.Date {
	return civil.Date{Year: d.year, Month: time.Month(d.month), Day: d.number}
}

// arrival draws a day.
func arrival(t *rapid.T) day {
	d := day{rapid.IntRange(2019, 2060).Draw(t, "year"), 1, 1}
	return d.plus(rapid.IntRange(0, 365).Draw(t, "days into it"))
}

func TestTheDatesAreThoseOfWhoWalksFromDayToDay(t *testing.T) {
	c := calendar(t, berlin)
	rapid.Check(t, func(t *rapid.T) {
		arrived := arrival(t)
		asked := arrived.plus(rapid.IntRange(0, 20).Draw(t, "asked after"))
		answered := asked.plus(rapid.IntRange(0, 120).Draw(t, "answered after"))
		stopped := StoppedDays(asked.date(), answered.date())
		notice := arrived.until(arrived.monthsAfter(1), asked, answered)
		for months, got := range map[int]Dates{1: c.OneMonth(arrived.date(), stopped), 3: c.ThreeMonths(arrived.date(), stopped)} {
			law := arrived.until(arrived.monthsAfter(months), asked, answered).working()
			if want := (Dates{notice.date(), law.date(), arrived.plus(30).date()}); got != want {
				t.Fatalf("arrived %v, asked %v, answered %v, %d months: %v, want %v", arrived, asked, answered, months, got, want)
			}
		}
		for designated, days := range map[bool]int{true: 30, false: 150} {
			want := Dates{Law: arrived.plus(days).date(), Promised: arrived.plus(30).date()}
			if got := ShineTheLightDue(arrived.date(), designated); got != want {
				t.Fatalf("arrived %v, designated %t: %v, want %v", arrived, designated, got, want)
			}
		}
	})
}

// Every day of some years, for what chance may miss.
func TestOnEveryDayARequestMayArriveAndTheDatesAreThoseOnPaper(t *testing.T) {
	c := calendar(t, berlin)
	for d := (day{2019, 1, 1}); d.year < 2060; d = d.next() {
		if c.Working(d.date()) == d.free() {
			t.Errorf("%v: working is %t", d, c.Working(d.date()))
		}
		for months, got := range map[int]Dates{1: c.OneMonth(d.date(), 0), 3: c.ThreeMonths(d.date(), 0)} {
			if want := (Dates{d.monthsAfter(1).date(), d.monthsAfter(months).working().date(), d.plus(30).date()}); got != want {
				t.Errorf("%v, %d months: %v, want %v", d, months, got, want)
			}
		}
	}
}

func TestADayEndsWhereTheNextBegins(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/Los_Angeles", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Chatham", "America/Sao_Paulo"}
	rapid.Check(t, func(rt *rapid.T) {
		c, d := calendar(t, rapid.SampledFrom(zones).Draw(rt, "zone")), arrival(rt)
		end := c.End(d.date())
		if last, first := c.Day(end.Add(-time.Nanosecond)), c.Day(end); last != d.date() || first != d.next().date() {
			rt.Fatalf("%v ends between %s and %s", d, last, first)
		}
	})
}
