package complaint

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// NoteID names a support note.
type NoteID string

// ParseNoteID accepts only what NewNote makes.
func ParseNoteID(s string) (NoteID, bool) { return NoteID(s), secret.IsName(s) }

// SupportNote is what an officer wrote down while they helped somebody.
type SupportNote struct {
	ID       NoteID
	Subject  Subject
	Words    string
	Author   string // the officer
	Written  time.Time
	ClosedAt time.Time // zero while it is open
}

// OpenDays is for how many days a note stays open at most: after that the service closes
// it, so that a note that nobody thinks of is not kept for good.
const OpenDays = 90

// Open reports whether the matter goes on.
func (n SupportNote) Open() bool { return n.ClosedAt.IsZero() }

// Subject is what a note is filed under: one of the three.
type Subject struct {
	Complaint ID
	Email     email.Address
	Reference string // of usage statistics
}

// ParseSubject reads what an officer typed: an address, or the ID of a complaint or a
// reference, which look the same; isComplaint tells them apart.
func ParseSubject(typed string, isComplaint func(ID) bool) (Subject, error) {
	if address, err := email.Parse(typed); err == nil {
		return Subject{Email: address}, nil
	}
	reference, valid := statistics.ParseReference(typed)
	if !valid {
		return Subject{}, register.FieldError{Field: "subject", Detail: "must be an e-mail address, a complaint's ID or a photo's reference"}
	}
	if isComplaint(ID(reference)) {
		return Subject{Complaint: ID(reference)}, nil
	}
	return Subject{Reference: reference}, nil
}

// The steps of notes, as the audit trail names them.
const (
	WriteNote audit.Action = "write_support_note"
	CloseNote audit.Action = "close_support_note"
)

// NewNote returns a note with its line of the audit trail; a register.FieldError says
// what is wrong with the words.
func NewNote(s Subject, words string, by By) (SupportNote, audit.Event, error) {
	text, err := told(words)
	if err != nil {
		return SupportNote{}, audit.Event{}, err
	}
	n := SupportNote{ID: NoteID(secret.NewName()), Subject: s, Words: text, Author: by.Actor, Written: by.Now}
	return n, n.event(WriteNote, by), nil
}

// Close ends a note; ErrNotNow if it has ended.
func (n SupportNote) Close(by By) (SupportNote, audit.Event, error) {
	if !n.Open() {
		return n, audit.Event{}, ErrNotNow
	}
	n.ClosedAt = by.Now
	return n, n.event(CloseNote, by), nil
}

func (n SupportNote) event(action audit.Action, by By) audit.Event {
	return audit.Event{At: by.Now, Actor: by.Actor, Action: action, Subject: string(n.ID), Outcome: audit.Allowed}
}
