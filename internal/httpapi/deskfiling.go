package httpapi

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"cloud.google.com/go/civil"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// deskFilingPage is GET /ops/desk/requests/new.
func (a *API) deskFilingPage(c *gin.Context) { a.showFiling(c, http.StatusOK, webui.Tried{}) }

func (a *API) showFiling(c *gin.Context, status int, tried webui.Tried) {
	a.page(c, status, func(w io.Writer) error {
		return a.pages.DeskFiling(w, webui.DeskFiling{Tried: tried, Calendar: a.Calendar, By: a.signedIn(c), Now: a.Now()})
	})
}

// fileAtDesk is POST /ops/desk/requests: a request that an officer types in.
func (a *API) fileAtDesk(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	f := privacydesk.Filing{Actor: operatorOf(c).Name, Filing: subjectrequest.Filing{
		Kind: subjectrequest.Kind(sent.Get(webui.KindField)), Channel: subjectrequest.Channel(sent.Get(webui.ChannelField)),
		Email: sent.Get(webui.EmailField), Message: sent.Get(webui.MessageField),
	}}
	var err error
	if f.ArrivedOn, err = civil.ParseDate(sent.Get(webui.ArrivedField)); err != nil {
		err = subjectrequest.ErrArrival
	}
	if !slices.Contains(webui.Entered(), f.Channel) {
		err = subjectrequest.ErrChannel
	}
	var filed privacydesk.Filed
	if err == nil {
		filed, err = a.Desk.File(c.Request.Context(), f)
	}
	if err != nil {
		tried := webui.Tried{Action: "new", Sent: sent}
		if tried.Field, tried.Problem = filingProblem(err); tried.Problem == "" {
			a.opsProblem(c, err)
			return
		}
		a.showFiling(c, http.StatusUnprocessableEntity, tried)
		return
	}
	if filed.Request.Email != (email.Address{}) { // letters tell the person
		c.Redirect(http.StatusSeeOther, deskRequestPath(filed.Request.ID))
		return
	}
	a.page(c, http.StatusCreated, func(w io.Writer) error {
		return a.pages.DeskFiled(w, webui.DeskFiled{Request: filed.Request, Key: filed.Key.Reveal(), By: a.signedIn(c)})
	})
}

// filingProblem says what is wrong with which field; nothing for what is our fault.
func filingProblem(err error) (field, words string) {
	switch {
	case errors.Is(err, subjectrequest.ErrKind):
		return webui.KindField, "choose one"
	case errors.Is(err, subjectrequest.ErrChannel):
		return webui.ChannelField, "choose one; the address for Shine the Light is for Shine the Light only"
	case errors.Is(err, subjectrequest.ErrArrival):
		return webui.ArrivedField, "must be a day of the last year, at the latest today"
	case errors.Is(err, email.ErrAddress):
		return webui.EmailField, "is no address that a letter can be sent to"
	case errors.Is(err, subjectrequest.ErrWords):
		return webui.MessageField, "must be plain text of at most 5000 characters"
	case errors.Is(err, letter.ErrTooMany):
		return webui.EmailField, "was sent as many letters as it may get for now; nothing was entered. Try again in an hour, or leave the address out and give the person the key."
	}
	return "", ""
}
