package webui

import (
	"io"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Door is a page that opens something with a secret: a link's, which the page's script
// puts into the form, or what is typed in.
type Door struct {
	Path, Title, Lead, Button string
	Problem                   string // why the last one was not taken
	Renews                    string // a link whose time is over, for which there can be another; else empty
}

// Door renders it.
func (p *Pages) Door(w io.Writer, in Door) error { return p.render(w, "door", in) }

// Confirmed says what comes after the proof of an address.
func Confirmed(r subjectrequest.Request) Message {
	next := "You get our answer by " + civilDay(r.Due()) + " at the latest, as a link in a mail."
	switch {
	case !r.State.Open():
		next = "It is answered already."
	case reads(r) && r.State == subjectrequest.Accepted:
		next = "Your file is being put together now. When it is ready, usually within minutes, you get a mail with a link to it."
	case r.Kind == subjectrequest.ShineTheLight:
		next += " Only what is mailed to the one address for this is sure to be answered within 30 days: if you have not written there, please do."
	}
	return Message{Title: "Your address is confirmed", Detail: "Thank you. " + next + " For questions, refer to this number:", Code: string(r.ID)}
}

// Filed is a request that was taken in with a photo's key.
type Filed struct {
	Request subjectrequest.Request
	Key     string // the request's own, shown once
	// PhotoID and PhotoKey are of a photo whose page will need its key; else empty.
	PhotoID, PhotoKey string
}

type filedView struct {
	Title, Stands, Note, Receipt, Due, ID, Key string
	PhotoID, PhotoKey                          string
}

// Filed renders what came of it.
func (p *Pages) Filed(w io.Writer, in Filed) error {
	r := in.Request
	v := filedView{
		Title: "We have your request", Stands: standing(r), Note: r.Answer.Note, Receipt: r.Answer.Receipt, Due: civilDay(r.Due()),
		ID: string(r.ID), Key: in.Key, PhotoID: in.PhotoID, PhotoKey: in.PhotoKey,
	}
	if r.State == subjectrequest.Fulfilled {
		v.Title, v.Stands = "Done", ""
	}
	return p.render(w, "filed", v)
}

// Answer is a request as its person sees it.
type Answer struct {
	Request      subjectrequest.Request
	Key          string // that opened it, and opens what is on the page
	Events       []audit.Event
	ArchiveUntil time.Time // zero without one
	Withdraws    bool      // whoever looks may withdraw it
	Now          time.Time
	Zone         *time.Location // the controller's
}

type ownRequestView struct {
	Title, ID, Key              string
	Stands, Because, Question   string
	Note, Receipt               string
	Authority, Remedy           string
	Received, Law, Promised     string
	Answered, Until             string
	File, Waits, Gone, Withdraw bool
	Pictures                    string // how it stands with those in the file
	FileUntil                   string
	Message                     string
	Steps                       []stepShown
}

type stepShown struct{ At, What, Who string }

// Answer renders it.
func (p *Pages) Answer(w io.Writer, in Answer) error {
	r := in.Request
	v := ownRequestView{
		Title: rightLabel(r.Kind), ID: string(r.ID), Key: in.Key, Stands: standing(r), Message: r.Message,
		Note: r.Answer.Note, Receipt: r.Answer.Receipt, Received: civilDay(r.ArrivedOn), Answered: civilDay(r.AnsweredOn),
		Withdraw: in.Withdraws && r.State.Open(),
	}
	if r.State.Open() {
		v.Law, v.Promised = civilDay(r.Dates.Law), civilDay(r.Dates.Promised)
	}
	switch r.State {
	case subjectrequest.IdentityPending:
		v.Question = r.Question.Text
	case subjectrequest.Extended:
		v.Because = r.Extension
	case subjectrequest.Refused:
		v.Because, v.Authority, v.Remedy = r.Refusal.Reason, r.Refusal.Authority, r.Refusal.Remedy
	}
	if until := r.ReadableUntil(); r.State != subjectrequest.Closed {
		v.Until = civilDay(until)
	}
	v.file(in)
	for _, e := range in.Events {
		v.Steps = append(v.Steps, stepShown{e.At.In(in.Zone).Format("2 January 2006, 15:04 MST"), stepWords(e), whose(e)})
	}
	return p.render(w, "answer", v)
}

// file is what the page says of the archive that answers some requests.
func (v *ownRequestView) file(in Answer) {
	r := in.Request
	if !reads(r) || r.State == subjectrequest.Closed || r.State == subjectrequest.Refused {
		return
	}
	v.Waits = r.State == subjectrequest.Accepted
	v.File = !in.ArchiveUntil.IsZero()
	v.Gone = r.State == subjectrequest.Fulfilled && !v.File && r.Channel != subjectrequest.Letter && r.Channel != subjectrequest.Phone
	if !v.File {
		return
	}
	v.FileUntil = in.ArchiveUntil.In(in.Zone).Format("2 January 2006, 15:04 MST")
	switch {
	case r.Channel != subjectrequest.PhotoKey:
	case r.Photo.ID == "" || !in.Now.Before(r.Photo.ExpiresAt):
		v.Pictures = "The photo is deleted by now, so no pictures are in the file any more."
	default:
		v.Pictures = "The pictures are in it for as long as the photo is kept and may be seen: without a restriction that ends on " + r.Photo.ExpiresAt.In(in.Zone).Format("2 January 2006, 15:04 MST") + ". Fetch it before then."
	}
}

// reads reports whether a right is answered with a file.
func reads(r subjectrequest.Request) bool {
	return r.Kind == subjectrequest.Access || r.Kind == subjectrequest.Portability
}

// civilDay says a day; empty for none.
func civilDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.In(time.UTC).Format("Monday, 2 January 2006")
}
