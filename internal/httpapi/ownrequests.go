package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// The forms of an answer's page.
const (
	archivePath  = letter.AnswerPath + "/archive"
	withdrawPath = letter.AnswerPath + "/withdraw"
)

// ownRequests are the requests as their people reach them, without a number: by what a
// letter has, or by their key.
type ownRequests struct{ *API }

func (o ownRequests) confirm(ctx context.Context, link secret.Key) (webui.Message, error) {
	r, err := o.Desk.Confirm(ctx, link)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		err = errNotOurs
	}
	if err != nil {
		return webui.Message{}, err
	}
	return webui.Confirmed(r), nil
}

func (o ownRequests) renew(ctx context.Context, link secret.Key) error {
	err := o.Desk.Renew(ctx, link)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		return errNotOurs
	}
	return toAddress(err)
}

func (o ownRequests) answer(ctx context.Context, key secret.Key) (shown, error) {
	r, err := o.Desk.Open(ctx, key)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		err = errNotOurs
	}
	if err != nil {
		return nil, err
	}
	events, err := o.history(ctx, r)
	if err != nil {
		return nil, err
	}
	until, err := o.archiveUntil(ctx, r)
	if err != nil {
		return nil, err
	}
	view := webui.Answer{Request: r, Key: key.Reveal(), Events: events, ArchiveUntil: until, Withdraws: r.KeyHash.Opens(key), Now: o.Now(), Zone: o.Zone}
	return func(p *webui.Pages, w io.Writer) error { return p.Answer(w, view) }, nil
}

// opened returns the request that a form of the answer's page is about, and its secret.
func (o ownRequests) opened(c *gin.Context) (subjectrequest.Request, secret.Key, error) {
	form, err := formOf(c, maxRight)
	if err != nil {
		return subjectrequest.Request{}, "", err
	}
	key := secretIn(form)
	r, err := o.Desk.Open(c.Request.Context(), key)
	if errors.Is(err, subjectrequest.ErrNotFound) {
		err = unknownAnswer()
	}
	return r, key, err
}

// downloadArchive is POST /privacy/answer/archive.
func (o ownRequests) downloadArchive(c *gin.Context) {
	r, _, err := o.opened(c)
	if err == nil {
		err = o.handOut(c, r)
	}
	if err != nil {
		o.askForSecret(c, answerDoor(), o.problemOf(err))
	}
}

// withdrawForm is POST /privacy/answer/withdraw, for whoever filed the request.
func (o ownRequests) withdrawForm(c *gin.Context) {
	r, key, err := o.opened(c)
	if err == nil && !r.KeyHash.Opens(key) {
		err = unknownAnswer()
	}
	if err == nil {
		err = o.withdraw(c.Request.Context(), r)
	}
	if err != nil {
		o.askForSecret(c, answerDoor(), o.problemOf(err))
		return
	}
	o.page(c, http.StatusOK, func(w io.Writer) error {
		return o.around(c).Message(w, webui.Message{Title: "Withdrawn", Detail: "Nothing more happens with your request, and what you wrote is forgotten. That it was there stays noted, without you."})
	})
}
