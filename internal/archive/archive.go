// Package archive is the answer to a request for access (Art. 15 GDPR) or
// portability (Art. 20): what is held of a person, for programs and for people.
//
// It has two parts. The Document is JSON by the schema that comes with it; it is
// made once, and lives for as long as an answer can be read. The Files are the
// pictures and the report of a photo. No archive keeps a copy of them: they are read
// while the archive is handed out, and are missing from it once the photo is gone.
//
// Access gets everything. Portability gets what the person provided: the picture as
// they sent it, what they chose and answered, and what they wrote.
package archive

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Format names the schema that a Document is written by. One that means something
// else gets another name.
const Format = "passportphotogenie-archive/1"

// Life is how long a Document is kept: as long as its answer can be read.
const Life = subjectrequest.AnswerDays * 24 * time.Hour

// Kinds are the kinds of requests that are answered with an archive.
func Kinds() []subjectrequest.Kind {
	return []subjectrequest.Kind{subjectrequest.Access, subjectrequest.Portability}
}

// Document is the JSON part. Times are in UTC; what is not known or not part of a
// portability answer is left out.
type Document struct {
	Format  string              `json:"format"`
	Kind    subjectrequest.Kind `json:"kind"`
	MadeAt  time.Time           `json:"made_at"`
	Request Request             `json:"request"`
	// Photo is of the photo whose key was shown; nil without one.
	Photo *Photo `json:"photo"`
	// Filed is what is filed under an e-mail address that was proved; empty without one.
	Filed []Section `json:"filed"`
	Facts Facts     `json:"facts"`
}

// Request is the request that the archive answers.
type Request struct {
	ID          subjectrequest.ID      `json:"id"`
	Channel     subjectrequest.Channel `json:"channel"`
	FiledAt     time.Time              `json:"filed_at"`
	ArrivedOn   string                 `json:"arrived_on"` // a day, as 2026-03-10
	DueByLaw    string                 `json:"due_by_law"`
	DuePromised string                 `json:"due_promised"`
	Email       string                 `json:"email,omitempty"`
	Message     string                 `json:"message,omitempty"`
	ConfirmedAt *time.Time             `json:"confirmed_at,omitempty"`
	Question    string                 `json:"identity_question,omitempty"`
	Extension   string                 `json:"extension,omitempty"`
	History     []Step                 `json:"history,omitempty"`
	Letters     []Letter               `json:"letters,omitempty"`
}

// Step is a line of the request's history.
type Step struct {
	At      time.Time `json:"at"`
	By      Actor     `json:"by"`
	Action  string    `json:"action"`
	Outcome string    `json:"outcome"`
}

// Actor is who did something, without a name.
type Actor string

// The actors.
const (
	You        Actor = "you"
	AnOfficer  Actor = "an officer"
	TheProgram Actor = "the program"
)

// Letter is one that was written to the person. Where its link or code stood is a
// mark: those open something.
type Letter struct {
	WrittenAt time.Time `json:"written_at"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
}

// Section is what one register has under the person's address.
type Section struct {
	Name  string `json:"name"`
	Items []Item `json:"items"`
}

// Item is one thing in it.
type Item struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	State    string     `json:"state"`
	At       time.Time  `json:"at"` // when it was filed or written
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	// Provided is what the person gave, Held what was noted or answered; each by the
	// names of its parts.
	Provided map[string]string `json:"provided,omitempty"`
	Held     map[string]string `json:"held,omitempty"`
}

// Portable is the item without what the person did not provide.
func (i Item) Portable() Item {
	i.Held = nil
	return i
}

// moment is a time that may not have come.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// File is a file of the photo. Its content is read when the archive is handed out.
type File struct {
	Name string // inside the archive
	Kind FileKind
}

// FileKind is what a file holds.
type FileKind string

// The kinds of files.
const (
	Original FileKind = "original"
	Result   FileKind = "result"
	Report   FileKind = "report"
)

// Files are those that an answer has of a photo that lives, as it is now.
func Files(k subjectrequest.Kind, p photo.Photo) []File {
	files := []File{{"photo/original." + string(p.Original.Format), Original}}
	if k == subjectrequest.Access && p.Status == photo.Ready {
		files = append(files, File{"photo/result", Result}, File{"photo/report.json", Report})
	}
	return files
}
