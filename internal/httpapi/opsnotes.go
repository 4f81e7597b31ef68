package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// SupportNotes is what officers write down while they help somebody.
type SupportNotes interface {
	Write(ctx context.Context, n complaint.SupportNote, e audit.Event) error
	Close(ctx context.Context, n complaint.SupportNote, e audit.Event) error
	noteLists
}

type noteLists interface {
	Find(ctx context.Context, id complaint.NoteID) (complaint.SupportNote, error)
	About(ctx context.Context, id complaint.ID) ([]complaint.SupportNote, error)
	Search(ctx context.Context, q complaint.NoteSearch, limit int) ([]complaint.SupportNote, error)
}

const (
	opsNotesPath = "/ops/notes"
	notesListed  = 50
)

// notesPage is GET /ops/notes.
func (a *API) notesPage(c *gin.Context) { a.showNotes(c, http.StatusOK, webui.Tried{}) }

func (a *API) showNotes(c *gin.Context, status int, tried webui.Tried) {
	view := webui.Notes{Text: c.Query("q"), Closed: c.Query("closed") != "", Tried: tried, By: a.signedIn(c), Zone: a.Zone}
	q := complaint.NoteSearch{Text: view.Text, Closed: view.Closed, Before: placeOf(c.Query("after"))}
	var err error
	if view.Found, err = a.SupportNotes.Search(c.Request.Context(), q, notesListed); err != nil {
		a.opsProblem(c, err)
		return
	}
	if n := len(view.Found); n == notesListed {
		view.More = placeText(view.Found[n-1].Written, view.Found[n-1].ID)
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.Notes(w, view) })
}

// writeNote is POST /ops/notes.
func (a *API) writeNote(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	subject, err := a.subjectOf(c.Request.Context(), sent.Get("subject"))
	if err == nil {
		err = a.keepNote(c, subject, sent.Get("words"))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, opsNotesPath)
		return
	}
	tried := webui.Tried{Action: "write", Sent: sent}
	p := a.triedProblem(err, &tried)
	if p.Status >= http.StatusInternalServerError {
		a.opsProblem(c, p)
		return
	}
	a.showNotes(c, p.Status, tried)
}

// subjectOf reads what a note is to be filed under.
func (a *API) subjectOf(ctx context.Context, typed string) (complaint.Subject, error) {
	var unread error
	s, err := complaint.ParseSubject(strings.ToLower(strings.TrimSpace(typed)), func(id complaint.ID) bool {
		_, err := a.Complaints.Find(ctx, id)
		if err != nil && !errors.Is(err, complaint.ErrNotFound) {
			unread = err
		}
		return err == nil
	})
	if unread != nil {
		err = unread
	}
	return s, err
}

func (a *API) keepNote(c *gin.Context, s complaint.Subject, words string) error {
	n, e, err := complaint.NewNote(s, words, complaint.By{Actor: operatorOf(c).Name, Now: a.Now()})
	if err != nil {
		return err
	}
	return a.SupportNotes.Write(c.Request.Context(), n, e)
}

// closeNote is POST /ops/notes/:id/close. Of two officers who close it at once one does,
// and both see it closed.
func (a *API) closeNote(c *gin.Context) {
	id, valid := complaint.ParseNoteID(c.Param("id"))
	err := error(noEntry())
	if !operatorOf(c).Decides() {
		err = officersOnly()
	} else if valid {
		err = a.endNote(c, id)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, opsNotesPath)
}

func (a *API) endNote(c *gin.Context, id complaint.NoteID) error {
	n, err := a.SupportNotes.Find(c.Request.Context(), id)
	if errors.Is(err, complaint.ErrNotFound) {
		return noEntry()
	}
	if err != nil || !n.Open() {
		return err
	}
	n, e, err := n.Close(complaint.By{Actor: operatorOf(c).Name, Now: a.Now()})
	if err == nil {
		err = a.SupportNotes.Close(c.Request.Context(), n, e)
	}
	if errors.Is(err, complaint.ErrNotNow) {
		err = nil
	}
	return err
}
