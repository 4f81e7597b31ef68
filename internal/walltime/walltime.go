// Package walltime reads moments as people write them, a day and what the clock on
// their wall showed, where they are. Twice a year such a clock is wrong about which
// moment that was: an hour comes twice when clocks are put back, and one does not come
// at all when they are put forward. Neither is guessed away here.
package walltime

import (
	"slices"
	"time"
)

// The forms in which browsers send a day and a time of the day.
const (
	Day   = time.DateOnly
	Clock = "15:04"
)

// Moments are when the clocks of a zone showed this on this day: one moment, none
// where they leapt over it or where it is no day or time, or two, the earlier first.
func Moments(day, clock string, zone *time.Location) (found []time.Time) {
	if len(clock) > len(Clock) { // some browsers send the seconds
		clock = clock[:len(Clock)]
	}
	wall, err := time.ParseInLocation(Day+" "+Clock, day+" "+clock, time.UTC)
	if err != nil {
		return nil
	}
	const around = 24 * time.Hour // no zone changes its clocks twice in so short a time
	for _, near := range []time.Time{wall.Add(-around), wall.Add(around)} {
		_, ahead := near.In(zone).Zone()
		t := wall.Add(-time.Duration(ahead) * time.Second).In(zone)
		if t.Format(Day+" "+Clock) == wall.Format(Day+" "+Clock) && !slices.ContainsFunc(found, t.Equal) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, time.Time.Compare)
	return found
}
