// Package audit is the trail of what operators did to what belongs to a person.
// Events are written before the deed, where the deed shows something, and are
// never changed. They name the operator and the contest, never a photo and
// nothing of a person.
package audit

import "time"

// Event is one line of the trail.
type Event struct {
	At      time.Time
	Actor   string // the operator's name
	Action  Action
	Subject string // the ID of a contest
	Outcome Outcome
}

// Action is what an operator did or tried.
type Action string

// The actions.
const (
	OpenPhoto     Action = "open_photo"
	DecideContest Action = "decide_contest"
)

// Outcome is how it ended.
type Outcome string

// The outcomes; a decision is its own.
const (
	Allowed Outcome = "allowed"
	Refused Outcome = "refused"
)
