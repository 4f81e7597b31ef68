package httpapi

import (
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// maxRight is far more than the form of a right takes.
const maxRight = 1 << 10

// restrictForm is the page's way to have a photo kept with nothing done with it. It
// shows the key, because the browser's cookie ends with the photo's ordinary time.
func (a *API) restrictForm(c *gin.Context) {
	v := visitorOf(c.Request, c.Param("id"))
	p, err := a.record(c.Request.Context(), v)
	var form url.Values
	if err == nil {
		form, err = formOf(c, maxRight)
	}
	ground := photo.Ground(form.Get("ground"))
	if err == nil && !slices.Contains(photo.Grounds(), ground) {
		err = problem(http.StatusUnprocessableEntity, "ground_missing", "Please say why the photo is to be kept: go back and choose one of the reasons.")
	}
	if err == nil {
		_, err = a.restrict(c.Request.Context(), p.ID, ground)
	}
	if err != nil {
		a.problemPage(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.around(c).Message(w, webui.Message{
			Title:  "Kept, and nothing is done with it",
			Detail: "From now on nobody makes, shows, changes, counts or deletes this photo, until somebody has looked at it and has told you why that ends. Your browser forgets the photo in the meantime: keep its number (" + string(p.ID) + ") and this key, by which you can ask for it or have it deleted.",
			Code:   v.key().Reveal(), Back: pagePath(p.ID), BackText: "To the photo's page",
		})
	})
}

// statisticsForm is the page's way to object to usage statistics.
func (a *API) statisticsForm(c *gin.Context) {
	p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	if err == nil {
		no := false
		_, err = a.object(c.Request.Context(), p, &no)
	}
	if err != nil {
		a.problemPage(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, pagePath(p.ID))
}
