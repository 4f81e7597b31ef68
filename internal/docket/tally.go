package docket

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Bands are spans of what is left, in words that stand in metrics: at most 24 hours,
// or days. What is due by the end of tomorrow, and not within 24 hours, has 1.
func Bands() [6]string { return [6]string{"overdue", "24h", "1", "2-3", "4-7", "later"} }

// Ends are the moments up to which the bands but the last reach.
type Ends [5]time.Time

// EndsAt returns the bands' ends as they are now.
func EndsAt(c subjectrequest.Calendar, now time.Time) Ends {
	in := func(days int) time.Time { return c.End(c.Day(now).AddDays(days)) }
	day, tomorrow := now.Add(24*time.Hour), in(1)
	if tomorrow.Before(day) { // late before a short day
		tomorrow = day
	}
	return Ends{now, day, tomorrow, in(3), in(7)}
}

// Band is the place in Bands of what is due at a moment.
func (e Ends) Band(due time.Time) int {
	for band, end := range e {
		if !due.After(end) {
			return band
		}
	}
	return len(e)
}

// Left is how many days remain for an item by a calendar: 0 on its last day, less
// when that is over.
func (i Item) Left(c subjectrequest.Calendar, now time.Time) int {
	return c.DaysLeft(c.LastDay(i.Due), now)
}

// Tally is how many items there are of each matter in each band.
type Tally map[letter.Matter][6]int

// Add counts n more.
func (t Tally) Add(m letter.Matter, band, n int) {
	counts := t[m]
	counts[band] += n
	t[m] = counts
}

// Counter is a Source that can count without listing.
type Counter interface {
	Count(ctx context.Context, e Ends) (Tally, error)
}

// countPage is how many items of a Source that does not count are listed at a time.
const countPage = 500

// Count implements Counter for all registers.
func (b Board) Count(ctx context.Context, e Ends) (Tally, error) {
	all := Tally{}
	for _, s := range b {
		one, err := counted(ctx, s, e)
		if err != nil {
			return nil, err
		}
		for m, counts := range one {
			for band, n := range counts {
				all.Add(m, band, n)
			}
		}
	}
	return all, nil
}

// counted is what a register counts, or what comes of going through it.
func counted(ctx context.Context, s Source, e Ends) (Tally, error) {
	if c, is := s.(Counter); is {
		return c.Count(ctx, e)
	}
	all, never := Tally{}, e[0].AddDate(1000, 0, 0)
	for place := (Place{}); ; {
		page, err := s.DueBy(ctx, never, place, countPage)
		if err != nil {
			return nil, err
		}
		for _, i := range page {
			all.Add(i.Matter, e.Band(i.Due), 1)
		}
		if len(page) < countPage {
			return all, nil
		}
		place = page[len(page)-1].Place()
	}
}
