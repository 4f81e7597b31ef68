package httpapi

import (
	"bytes"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// everyDocument is more than the catalogue will hold.
const everyDocument = 10_000

// page writes HTML, or the problem that kept it from being made.
func (a *API) page(c *gin.Context, status int, render func(io.Writer) error) {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		a.problemOf(err).write(c.Writer)
		return
	}
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

// problemPage says a problem to people.
func (a *API) problemPage(c *gin.Context, err error) {
	p := a.problemOf(err)
	title := "This did not work"
	p.headers(c.Writer)
	switch {
	case p.Code == "no_such_address":
		title = "There is nothing here"
	case p.Status == http.StatusNotFound || p.Status == http.StatusGone:
		title = "This photo is not here"
	}
	a.page(c, p.Status, func(w io.Writer) error {
		return a.around(c).Message(w, webui.Message{Title: title, Detail: p.Detail})
	})
}

func (a *API) homePage(c *gin.Context) { a.showHome(c, http.StatusOK, webui.Home{}) }

func (a *API) showHome(c *gin.Context, status int, view webui.Home) {
	view.Documents, _ = a.Catalogue.Search(docspec.Query{Limit: everyDocument})
	a.page(c, status, func(w io.Writer) error { return a.around(c).Home(w, view) })
}

// uploadForm is the page's upload. It answers a script with a problem and a
// form without a script with the page.
func (a *API) uploadForm(c *gin.Context) {
	body := newPatientReader(c.Writer, c.Request.Body, uploadLimit)
	f := emptyForm()
	got, err := a.receive(c, body, f, wholeStatement)
	if err == nil {
		giveKey(c.Writer, got.Photo.ID, got.Key)
		a.giveVisitor(c)
		c.Redirect(http.StatusSeeOther, pagePath(got.Photo.ID))
		return
	}
	p := a.refuse(c.Request, body, err)
	if asksForHTML(c) {
		p.headers(c.Writer)
		a.showHome(c, p.Status, webui.Home{Problem: p.Detail, Chosen: webui.Chosen{
			Document: f.value("document"), AgeBand: f.value("age_band"),
			Person: f.value(personField) == statedPerson, FacePoints: f.value(pointsField) == agreedPoints,
		}})
		return
	}
	p.write(c.Writer)
}

func (a *API) photoPage(c *gin.Context) {
	p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	if err != nil {
		a.problemPage(c, err)
		return
	}
	view := webui.Photo{Photo: p}
	if view.Spec, err = a.Catalogue.Find(p.Document); err != nil {
		a.problemPage(c, err)
		return
	}
	if p.Status == photo.Ready && p.Stopped() == nil {
		report, err := a.report(c.Request.Context(), p)
		if err != nil {
			a.problemPage(c, err)
			return
		}
		view.Report = &report
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.around(c).Photo(w, view) })
}

func (a *API) deleteForm(c *gin.Context) {
	p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	if err != nil {
		a.problemPage(c, err)
		return
	}
	form, err := formOf(c, maxRight)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	receipt, err := a.erase(c.Request.Context(), p, form.Get("everything") != "")
	if err != nil {
		a.problemPage(c, err)
		return
	}
	takeKey(c.Writer, p.ID)
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.around(c).Message(w, webui.Message{
			Title:  "Deleted",
			Detail: "Your picture and the photo can't be read by anyone any more. This receipt proves it; it names neither you nor the photo.",
			Code:   receipt.ID,
		})
	})
}

// assetLife is long because an asset's address changes with its content.
const assetLife = "public, max-age=31536000, immutable"

func (a *API) asset(c *gin.Context) {
	content, kind, ok := a.pages.Asset(c.Param("name"))
	if !ok {
		a.noRoute(c)
		return
	}
	c.Header("Cache-Control", assetLife)
	c.Data(http.StatusOK, kind, content)
}
