package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// contested returns the photo that a contest is about, for an operator to look
// at, or why not. A photo that was edited since is not the contested one.
func (a *API) contested(ctx context.Context, o operator.Operator, c contest.Contest) (photo.Photo, error) {
	switch {
	case !o.Decides():
		return photo.Photo{}, officersOnly()
	case !c.Photo.Lives(a.Now()):
		return photo.Photo{}, contest.ErrPhotoGone
	case !c.MayOpen:
		return photo.Photo{}, problem(http.StatusForbidden, "not_permitted", "The person does not permit anybody to look at the photo.")
	}
	p, err := a.Photos.Get(ctx, c.Photo.ID)
	if errors.Is(err, photo.ErrNotFound) || err == nil && (p.Status != photo.Ready || p.Revision != c.Photo.Revision || p.Expired(a.Now())) {
		err = contest.ErrPhotoGone
	}
	if err == nil {
		err = p.Stopped()
	}
	return p, err
}

// openContested is POST /ops/contests/:id/open. What is written to the audit
// trail comes first: where it can't be, nothing is shown.
func (a *API) openContested(c *gin.Context) {
	ctx := c.Request.Context()
	found, err := a.contestAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	p, refusal := a.contested(ctx, operatorOf(c), found)
	event := a.event(c, audit.OpenPhoto, found.ID)
	if event.Outcome = audit.Allowed; refusal != nil {
		event.Outcome = audit.Refused
	}
	if err := a.Audit.Append(ctx, event); err != nil {
		a.opsProblem(c, err)
		return
	}
	if refusal != nil {
		a.opsProblem(c, refusal)
		return
	}
	picture, err := a.result(ctx, p, vault.Result)
	if errors.Is(err, vault.ErrMissing) {
		err = contest.ErrPhotoGone // erased since the record was read
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	c.Header("Content-Disposition", "inline")
	c.Data(http.StatusOK, kindOf(picture), picture)
}
