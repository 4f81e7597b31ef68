// Package docket is the list of what waits for an officer, whatever register it lies
// in: requests of data subjects, complaints, reports about children, breaches, contests
// of checks and restrictions that are to be looked at. The desk shows it and reminders
// follow it.
//
// What concerns a living photo comes first, by when the photo expires: an answer that
// comes after that is none. The rest comes by when it is due.
package docket

import (
	"cmp"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Item is one thing that waits.
type Item struct {
	Matter letter.Matter
	ID     string // of the request or the like; the second part of a Place
	State  string // in its register's own word
	// Due is the end of the day on which it is due, or the very moment where the law
	// counts hours: what happens before it is in time.
	Due time.Time
	// Expires is when the photo that it concerns does; zero without a living photo.
	Expires time.Time
	Path    string // of its page, below the site's address
}

// Place is where a page of items in the order of Due and ID ended; the zero one is the
// beginning.
type Place struct {
	Due time.Time
	ID  string
}

// Place returns the item's own.
func (i Item) Place() Place { return Place{i.Due, i.ID} }

// Urgency is how an item is coloured.
type Urgency string

// The urgencies.
const (
	Overdue Urgency = "overdue"
	Today   Urgency = "today" // its last day, or its last 24 hours
	Soon    Urgency = "soon"  // three days left at most
	Week    Urgency = "week"  // seven days left at most
	Later   Urgency = "later"
)

// UrgencyOf says how urgent it is to do something before a moment.
func UrgencyOf(end, now time.Time) Urgency {
	const day = 24 * time.Hour
	switch left := end.Sub(now); {
	case left <= 0:
		return Overdue
	case left <= day:
		return Today
	case left <= 4*day: // with the rest of today
		return Soon
	case left <= 8*day:
		return Week
	}
	return Later
}

// End is the photo's end if it concerns a living photo, or when it is due, whichever is
// first.
func (i Item) End(now time.Time) time.Time {
	if i.Lives(now) && i.Expires.Before(i.Due) {
		return i.Expires
	}
	return i.Due
}

// Urgency is how urgent it is to act before End.
func (i Item) Urgency(now time.Time) Urgency { return UrgencyOf(i.End(now), now) }

// Lives reports whether the photo can still be looked at.
func (i Item) Lives(now time.Time) bool { return now.Before(i.Expires) }

// ByExpiry orders items of living photos: the photo that expires next comes first.
func ByExpiry(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.ID, b.ID))
	})
}

// ByDue orders items by when they are due.
func ByDue(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
}
