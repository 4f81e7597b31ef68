// Package retention says how long things are kept, and why. Its table has a line
// for each class of things that the service keeps: a default period, the bounds
// within which an operator may set another, the moment the period counts from,
// the legal ground, and which purger deletes what is over. Dates are pure
// functions of the class, its period and the time.
//
// The privacy policy and the law draw the bounds: nothing may be configured
// longer than a class's longest period, and a start that tries is refused.
package retention

import (
	"fmt"
	"time"
)

// The policy's window for pictures: nothing is deleted before PictureFloor,
// everything is gone before PictureCeiling. PictureLongest leaves the sweep an
// hour.
const (
	PictureFloor   = 48 * time.Hour
	PictureLongest = 71 * time.Hour
	PictureCeiling = 72 * time.Hour
)

// ReceivingLimit is how long an upload may stay unfinished before its row and
// whatever was stored of it are removed.
const ReceivingLimit = 15 * time.Minute

// The rules of a restriction (Art. 18 GDPR): an officer looks at it within
// RestrictionReview, and after it is lifted the person has LiftedFloor before
// anything is deleted.
const (
	RestrictionReview = 30 * Day
	LiftedFloor       = Day
)

// What else the policy promises a time for: how soon a request is answered, how soon
// a report that a child sent a picture is decided on, and how long a log that was
// exported for an authority stays with us.
const (
	AnswerWithin  = 30 * Day
	ChildDecision = Day
	LogExportLife = Day
)

// Clocks of several machines differ. ClockTolerance is by how much a process's may
// be off from that of the records' database: with more it is not ready, and nothing
// is expired by it. ClockSettles is how long nothing is expired after a clock was
// seen to jump, so that it can be put right.
const (
	ClockTolerance = 2 * time.Minute
	ClockSettles   = time.Hour
)

// The bucket's own rule deletes, as a net for orphans, what was written
// BucketRule ago. A photo that is edited for days would come to that, so its
// blobs are made young again after RenewAfter.
const (
	BucketRule = 14 * Day
	RenewAfter = 7 * Day
)

// OrphanAge is how long blobs and keys without a record are left alone: longer than
// anything takes that could still have to do with them.
const OrphanAge = 2 * ReceivingLimit

// Day and Year are lengths of periods. A year is never longer than one of the
// calendar.
const (
	Day  = 24 * time.Hour
	Year = 365 * Day
)

// Anchor is the moment from which a class's period counts.
type Anchor string

// The anchors.
const (
	LastEdit Anchor = "last edit"
	Creation Anchor = "creation"
	Closing  Anchor = "closing"
	YearEnd  Anchor = "end of its year"
)

// Class is one line of the table.
type Class struct {
	Name   Name
	Holds  string // what is in it, in plain words
	Anchor Anchor

	Default time.Duration // the period unless configured
	Floor   time.Duration // the shortest that may be configured
	Longest time.Duration // the longest that may be configured
	Slack   time.Duration // an item so much over its period shows that the purger does not keep up
	Ceiling time.Duration // nothing may ever be older

	Purpose string // what it is kept for, in words to the person it is about
	Basis   string // by what law it may be kept
	Ground  string // why so long and no longer
	Purger  string // what deletes it: a job of the scheduler's, or who else
	Setting string // the variable that sets the period; empty for none
}

// Period is how long the things of a class are kept here.
type Period struct {
	class  Class
	length time.Duration
}

// For returns the class with a configured period, or why it can't have that. Only
// a developer's machine may go below the floor, so that expiry can be watched in
// seconds.
func (c Class) For(length time.Duration, development bool) (Period, error) {
	switch {
	case length > c.Longest:
		return Period{}, fmt.Errorf("%s may be kept for %s at most, not %s: %s", c.Holds, Words(c.Longest), Words(length), c.Ground)
	case length <= 0:
		return Period{}, fmt.Errorf("%s can't be kept for %s: that is not a time", c.Holds, Words(length))
	case length < c.Floor && !development:
		return Period{}, fmt.Errorf("%s must be kept for %s at least, not %s", c.Holds, Words(c.Floor), Words(length))
	}
	return Period{c, length}, nil
}

// Class is the line of the table that the period belongs to.
func (p Period) Class() Class { return p.class }

// Length is the period itself.
func (p Period) Length() time.Duration { return p.length }

// Cutoff is the moment up to which things are over: what has its anchor there or
// earlier is to be deleted now.
func (p Period) Cutoff(now time.Time) time.Time { return now.Add(-p.length) }

// ExpiresAt is when a thing with this anchor is over.
func (p Period) ExpiresAt(anchor time.Time) time.Time { return anchor.Add(p.length) }

// Alert is the age of an item that shows that the purger does not keep up: the
// class's slack after the period, or half-way to the ceiling if that is earlier.
func (p Period) Alert() time.Duration {
	return p.length + min(p.class.Slack, (p.class.Ceiling-p.length)/2)
}

// Grace is how long after its time the sweep leaves a thing alone whose class is
// promised to be kept for so long, so that not one is deleted early where the clock
// that its time was written by was slow. Nobody can see it any more meanwhile. On a
// developer's machine, where a period may be shorter than the class's floor, there
// is one clock and no grace.
func (p Period) Grace() time.Duration {
	if p.length < p.class.Floor {
		return 0
	}
	return ClockTolerance
}

// PictureLife is the configured time a picture is kept after its last edit.
type PictureLife = Period

// NewPictureLife checks a configured life against the policy.
func NewPictureLife(d time.Duration, development bool) (PictureLife, error) {
	return Of(Original).For(d, development)
}
