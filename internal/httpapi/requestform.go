package httpapi

import (
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

const requestsPath = "/privacy/requests"

// routeRequestForms adds the form for all rights, the same on a photo's page, where its
// cookie is the proof, and what can be done on the page of an answer.
func (a *API) routeRequestForms() {
	a.engine.GET(requestsPath, func(c *gin.Context) { a.showRequestForm(c, webui.RequestForm{}, nil) })
	a.engine.POST(requestsPath, a.sendRequestForm)
	a.engine.GET("/photos/:id/requests", a.photoRequestForm)
	a.engine.POST("/photos/:id/requests", a.sendPhotoRequestForm)
	a.engine.POST(archivePath, ownRequests{a}.downloadArchive)
	a.engine.POST(withdrawPath, ownRequests{a}.withdrawForm)
}

// showRequestForm shows the form, with why it was not taken as it was sent.
func (a *API) showRequestForm(c *gin.Context, form webui.RequestForm, p *Problem) {
	form.Controller, form.Action = a.Facts.Controller, c.Request.URL.Path
	status := http.StatusOK
	if p != nil {
		status, form.Problem, form.Field = p.Status, p.Detail, fieldOf(p)
		p.headers(c.Writer)
	}
	a.page(c, status, func(w io.Writer) error { return a.around(c).RequestForm(w, form) })
}

// fieldOf is the field of the form that a problem belongs beside; empty if to none.
func fieldOf(p *Problem) string {
	return map[string]string{
		"unknown_kind": "kind", "one_proof": "proof", "by_email_only": "proof", "not_found": "photo", "expired": "photo",
		"invalid_address": "email", "too_many_letters": "email", "ground_missing": "ground", "message_missing": "message", "invalid_text": "message",
		"unknown_check": "checks", "form_not_read": "message",
	}[p.Code]
}

// askedIn reads what a form asks for, but for who asks.
func askedIn(form url.Values) asked {
	return asked{
		Kind: subjectrequest.Kind(form.Get("kind")), Message: form.Get("message"), Ground: photo.Ground(form.Get("ground")),
		Checks: form["checks"], MayOpen: form.Get("may_open") != "",
	}
}

// sendRequestForm is POST /privacy/requests.
func (a *API) sendRequestForm(c *gin.Context) {
	form, err := formOf(c, askBytes)
	if err != nil {
		a.showRequestForm(c, webui.RequestForm{}, requestTooLong())
		return
	}
	q := asked{}
	switch form.Get("proof") {
	case "photo":
		v := Visitor{ID: photoNamed(form.Get("photo")), Authorization: "Bearer " + form.Get("key")}
		var p photo.Photo
		p, err = a.record(c.Request.Context(), v)
		q = askedIn(form)
		q.Photo = &p
	case "email":
		q = askedIn(form)
		q.Email = form.Get("email")
	default:
		err = proofMissing()
	}
	if err != nil {
		a.showRequestForm(c, webui.RequestForm{Sent: form}, a.problemOf(err))
		return
	}
	a.takeRequest(c, q, webui.RequestForm{Sent: form})
}

// takeRequest files what a form asks for and shows what came of it.
func (a *API) takeRequest(c *gin.Context, q asked, form webui.RequestForm) {
	filed, err := a.ask(c.Request.Context(), q)
	if err != nil {
		a.showRequestForm(c, form, a.problemOf(err))
		return
	}
	if q.Photo == nil {
		a.page(c, http.StatusOK, func(w io.Writer) error { return a.around(c).Message(w, linkMailed()) })
		return
	}
	view := webui.Filed{Request: filed.Request, Key: filed.Key.Reveal()}
	if v := visitorOf(c.Request, c.Param("id")); q.Kind == subjectrequest.Restriction && v.Cookie != "" {
		view.PhotoID, view.PhotoKey = string(q.Photo.ID), v.Cookie // which the browser forgets before that ends
	}
	if q.Kind == subjectrequest.Erasure {
		takeKey(c.Writer, q.Photo.ID)
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.around(c).Filed(w, view) })
}

// linkMailed says the same whatever is known of an address.
func linkMailed() webui.Message {
	return webui.Message{
		Title:  "Look into your mailbox",
		Detail: "We have mailed a link to the address that you gave, if it can be reached. Open it and press the button there: then we know that the address is yours, and our answer goes there. The link works for 7 days. If nothing comes within an hour, look where unwanted mail goes, or check how you wrote the address and ask again.",
	}
}

// photoRequestForm is GET /photos/:id/requests.
func (a *API) photoRequestForm(c *gin.Context) {
	p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	if err != nil {
		a.problemPage(c, err)
		return
	}
	form, err := a.formAbout(c, p)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	a.showRequestForm(c, form, nil)
}

// sendPhotoRequestForm is POST /photos/:id/requests.
func (a *API) sendPhotoRequestForm(c *gin.Context) {
	p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	var form webui.RequestForm
	if err == nil {
		form, err = a.formAbout(c, p)
	}
	if err != nil {
		a.problemPage(c, err)
		return
	}
	sent, err := formOf(c, askBytes)
	if err != nil {
		a.showRequestForm(c, form, requestTooLong())
		return
	}
	form.Sent = sent
	q := askedIn(sent)
	q.Photo = &p
	a.takeRequest(c, q, form)
}

// formAbout is the form about a photo, whose checks can be chosen.
func (a *API) formAbout(c *gin.Context, p photo.Photo) (webui.RequestForm, error) {
	form := webui.RequestForm{Photo: &p}
	if p.Status != photo.Ready || p.Stopped() != nil {
		return form, nil
	}
	report, err := a.report(c.Request.Context(), p)
	form.Checks = contestable(report)
	return form, err
}

// photoNamed is the number of a photo that is named by it or by an address of the photo.
func photoNamed(typed string) string {
	u, err := url.Parse(strings.TrimSpace(typed))
	if err != nil {
		return ""
	}
	for at := strings.TrimSuffix(u.Path, "/"); at != "" && at != "." && at != "/"; at = path.Dir(at) {
		if id, valid := photo.ParseID(strings.ToLower(path.Base(at))); valid {
			return string(id)
		}
	}
	return ""
}

func requestTooLong() *Problem {
	return problem(http.StatusRequestEntityTooLarge, "form_not_read", "What you sent is too long or was cut off. Your browser's back button brings it back: shorten the text and send it again.")
}

func proofMissing() *Problem {
	return problem(http.StatusUnprocessableEntity, "one_proof", "Please choose how we know that you may ask.")
}
