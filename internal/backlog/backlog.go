// Package backlog tells how long a photo that comes now would wait, so that the service
// takes no more than it can make in time.
//
// A queue shows how many entries wait, for how long the first of them has, and how many
// were ever worked on. Looked at again and again, that gives the pace of the workers: as
// many entries as were done in the seconds in which some waited, when nobody was idle.
// What waits, at that pace, is the wait to come; where the pace is not known, because
// nothing waited lately or nothing was done, it is the wait that the first has had.
// Nobody asks Redis for it while a person waits.
package backlog

import (
	"math"
	"time"
)

// Look is what a queue shows of one lane.
type Look struct {
	Waiting int           // entries
	Oldest  time.Duration // since the first of them waits
	Done    int           // entries that were worked on, ever; fewer when Redis has lost its memory
}

const (
	// halfLife is how fast what was seen of the pace loses its weight.
	halfLife = 10 * time.Second
	// enough is for how much weighed time of pace must have been seen.
	enough = 5 * time.Second
)

// lane is what was seen of one.
type lane struct {
	last Look
	at   time.Time // of last; zero before the first

	done float64 // entries within busy, both weighed
	busy float64 // seconds in which some waited
}

// saw takes in what was seen.
func (l *lane) saw(look Look, now time.Time) {
	gap := now.Sub(l.at)
	if !l.at.IsZero() && gap > 0 {
		kept := math.Exp2(-gap.Seconds() / halfLife.Seconds())
		l.done, l.busy = l.done*kept, l.busy*kept
		if l.last.Waiting > 0 && look.Waiting > 0 && look.Done >= l.last.Done {
			l.done += float64(look.Done - l.last.Done)
			l.busy += gap.Seconds()
		}
	}
	l.last, l.at = look, now
}

// wait is how long an entry that comes now is expected to wait.
func (l *lane) wait() time.Duration {
	if l.last.Waiting == 0 {
		return 0
	}
	wait := l.last.Oldest
	if l.busy < enough.Seconds() || l.done < 1 {
		return wait
	}
	paced := float64(l.last.Waiting) * l.busy / l.done // seconds
	return max(wait, time.Duration(min(paced, longest.Seconds())*float64(time.Second)))
}

// longest is the longest wait that is told.
const longest = 24 * time.Hour
