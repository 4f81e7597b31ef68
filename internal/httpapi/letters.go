package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// LetterDesk is the officers' side of the outbox; see sqlstore.Letters.
type LetterDesk interface {
	Find(ctx context.Context, id letter.ID) (letter.Record, error)
	Retry(ctx context.Context, id letter.ID, e audit.Event) error
	letterLists
}

type letterLists interface {
	Page(ctx context.Context, s letter.State, after letter.Place, limit int) ([]letter.Record, error)
	About(ctx context.Context, about string) ([]letter.Record, error)
}

const lettersPath = "/ops/letters"

// mostLetters is how many letters a page lists.
const mostLetters = 50

// lettersPage is GET /ops/letters: those in a state, from a place on.
func (a *API) lettersPage(c *gin.Context) {
	state := letter.State(c.Query("state"))
	if state != letter.Waiting && state != letter.Sent && state != letter.Failed {
		state = ""
	}
	page, err := a.Letters.Page(c.Request.Context(), state, letterPlace(c.Query("after")), mostLetters)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.pages.Letters(w, webui.Letters{Letters: page, State: state, Most: mostLetters, By: a.signedIn(c)})
	})
}

// letterPlace reads where a page ended, as its link has it; anything else is the
// beginning.
func letterPlace(text string) letter.Place {
	written, id, _ := strings.Cut(text, "-")
	millis, err := strconv.ParseInt(written, 10, 64)
	parsed, valid := letter.ParseID(id)
	if err != nil || millis <= 0 || !valid {
		return letter.Place{}
	}
	return letter.Place{Written: time.UnixMilli(millis), ID: parsed}
}

// letterPage is GET /ops/letters/:id.
func (a *API) letterPage(c *gin.Context) { a.showLetter(c, http.StatusOK, "") }

// showLetter shows a letter, with why it is not sent again.
func (a *API) showLetter(c *gin.Context, status int, why string) {
	ctx := c.Request.Context()
	found, err := a.letterAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	view := webui.Letter{Letter: found, By: a.signedIn(c), Now: a.Now(), Problem: why}
	if found.Kind != letter.Reminder { // those are about whatever was due
		var about []letter.Record
		if about, err = a.Letters.About(ctx, found.About); err == nil {
			view.Others = without(about, found.ID)
		}
	}
	if err == nil {
		view.Events, err = a.Audit.About(ctx, string(found.ID))
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.Letter(w, view) })
}

// without leaves one out.
func without(all []letter.Record, id letter.ID) (others []letter.Record) {
	for _, r := range all {
		if r.ID != id {
			others = append(others, r)
		}
	}
	return others
}

func (a *API) letterAt(c *gin.Context) (letter.Record, error) {
	id, valid := letter.ParseID(c.Param("id"))
	if !valid {
		return letter.Record{}, letter.ErrNotFound
	}
	return a.Letters.Find(c.Request.Context(), id)
}

// retryLetter is POST /ops/letters/:id/retry.
func (a *API) retryLetter(c *gin.Context) {
	found, err := a.letterAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err == nil {
		e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Action: audit.RetryLetter, Subject: string(found.ID), Outcome: audit.Allowed}
		err = a.Letters.Retry(c.Request.Context(), found.ID, e)
	}
	switch {
	case errors.Is(err, letter.ErrFinal):
		p := a.problemOf(err)
		a.showLetter(c, p.Status, p.Detail)
	case err != nil:
		a.opsProblem(c, err)
	default:
		c.Redirect(http.StatusSeeOther, lettersPath+"/"+string(found.ID))
	}
}

// letterProblem knows the errors of letters; nil for any other.
func letterProblem(err error) *Problem {
	switch {
	case errors.Is(err, letter.ErrNotFound):
		return problem(http.StatusNotFound, "unknown_letter", "There is no such letter: it was deleted, at the latest 30 days after it was sent or given up.")
	case errors.Is(err, letter.ErrFinal):
		return problem(http.StatusConflict, "letter_final", "This letter is not sent again: another officer was quicker, or what its link opened is gone.")
	}
	return nil
}
