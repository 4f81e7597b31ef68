package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// RestrictionDesk is the officers' side of the restrictions; photo.ErrNotFound
// says that one is not in force any more.
type RestrictionDesk interface {
	InForce(ctx context.Context, limit int) ([]photo.Restriction, error)
	Find(ctx context.Context, id photo.RestrictionID) (photo.Restriction, error)
	restrictionActions
}

type restrictionActions interface {
	Keep(ctx context.Context, id photo.RestrictionID, e audit.Event) error
	Tell(ctx context.Context, id photo.RestrictionID, note string, e audit.Event) error
	Lift(ctx context.Context, id photo.RestrictionID, e audit.Event) error
}

const restrictionsPath = "/ops/restrictions"

// restrictionsPage is GET /ops/restrictions.
func (a *API) restrictionsPage(c *gin.Context) {
	all, err := a.Restrictions.InForce(c.Request.Context(), mostWaiting)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.pages.Restrictions(w, webui.Restrictions{InForce: all, Most: mostWaiting, By: a.signedIn(c), Now: a.Now()})
	})
}

// restrictionPage is GET /ops/restrictions/:id.
func (a *API) restrictionPage(c *gin.Context) { a.showRestriction(c, http.StatusOK, "", "") }

// showRestriction shows a restriction, with why an action was not taken and what
// the officer had written.
func (a *API) showRestriction(c *gin.Context, status int, why, note string) {
	found, err := a.restrictionAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	events, err := a.Audit.About(c.Request.Context(), string(found.ID))
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error {
		return a.pages.Restriction(w, webui.Restriction{
			Restriction: found, Events: events, By: a.signedIn(c), Now: a.Now(), Problem: why, Note: note,
		})
	})
}

func (a *API) restrictionAt(c *gin.Context) (photo.Restriction, error) {
	id, valid := photo.ParseRestrictionID(c.Param("id"))
	if !valid {
		return photo.Restriction{}, noRestriction()
	}
	r, err := a.Restrictions.Find(c.Request.Context(), id)
	if errors.Is(err, photo.ErrNotFound) {
		err = noRestriction()
	}
	return r, err
}

func noRestriction() *Problem {
	return problem(http.StatusNotFound, "unknown_restriction", "There is no such restriction: it has been lifted, or the photo was deleted.")
}

// decideRestriction is POST /ops/restrictions/:id/:action: keep, tell or lift.
func (a *API) decideRestriction(c *gin.Context) {
	found, err := a.restrictionAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	note := c.Request.PostForm.Get("note")
	err = a.actOn(c, found.ID, note)
	switch {
	case errors.Is(err, photo.ErrNotFound): // another officer or the person was quicker
		a.opsProblem(c, noRestriction())
	case err != nil:
		p := a.problemOf(err)
		a.showRestriction(c, p.Status, p.Detail, note)
	case c.Param("action") == "lift":
		c.Redirect(http.StatusSeeOther, restrictionsPath)
	default:
		c.Redirect(http.StatusSeeOther, restrictionsPath+"/"+string(found.ID))
	}
}

// actOn does what the form's address says. The change and its line in the audit
// trail are one.
func (a *API) actOn(c *gin.Context, id photo.RestrictionID, note string) error {
	ctx := c.Request.Context()
	e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Subject: string(id), Outcome: audit.Allowed}
	switch c.Param("action") {
	case "keep":
		e.Action = audit.KeepRestriction
		return a.Restrictions.Keep(ctx, id, e)
	case "tell":
		words, err := contest.Words(note)
		if err != nil {
			return err
		}
		if words == "" {
			return contest.ErrNoNote
		}
		e.Action = audit.TellOfLifting
		return a.Restrictions.Tell(ctx, id, words, e)
	case "lift":
		e.Action = audit.LiftRestriction
		return a.Restrictions.Lift(ctx, id, e)
	}
	return noRestriction()
}
