package httpapi

import (
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

const childrenPath = "/privacy/children"

// childFormBytes is enough for the longest words: a character takes at most twelve
// bytes in a form.
const childFormBytes = 12*childreport.MaxWords + 8<<10

// childForm is GET /privacy/children.
func (a *API) childForm(c *gin.Context) { a.showChildForm(c, http.StatusOK, webui.ChildForm{}) }

func (a *API) showChildForm(c *gin.Context, status int, view webui.ChildForm) {
	a.page(c, status, func(w io.Writer) error { return a.around(c).ChildForm(w, view) })
}

// sendChildForm is POST /privacy/children.
func (a *API) sendChildForm(c *gin.Context) {
	sent, err := formOf(c, childFormBytes)
	if err != nil {
		p := problem(http.StatusRequestEntityTooLarge, "form_not_read", "The form is too large or was cut off. Shorten what you wrote and send it again.")
		a.showChildForm(c, p.Status, webui.ChildForm{Problem: p.Detail})
		return
	}
	filing := childreport.Filing{Photo: sent.Get("photo"), Ground: sent.Get("ground"), Words: sent.Get("words"), Email: sent.Get("email")}
	r, key, err := a.ChildDesk.File(c.Request.Context(), filing)
	if err == nil {
		a.showOwnChildReport(c, http.StatusOK, webui.OwnChildReport{Report: r, Key: key.Reveal()})
		return
	}
	view := webui.ChildForm{Sent: filing, Fields: childreport.Fields(err)}
	p := a.problemOf(err)
	if len(view.Fields) == 0 {
		view.Problem = p.Detail
	}
	a.showChildForm(c, p.Status, view)
}

// askForChildReport is GET /privacy/children/:id, which asks for the key.
func (a *API) askForChildReport(c *gin.Context) {
	id, valid := childreport.ParseID(c.Param("id"))
	if !valid {
		a.problemPage(c, childreport.ErrNotFound)
		return
	}
	a.showOwnChildReport(c, http.StatusOK, webui.OwnChildReport{Report: childreport.Report{ID: id}, Asks: true})
}

// readChildReport is POST /privacy/children/:id with the key, or with what was mailed.
// Codes are short, so tries are rationed.
func (a *API) readChildReport(c *gin.Context) {
	id, valid := childreport.ParseID(c.Param("id"))
	sent, err := formOf(c, maxRight)
	if err == nil && !valid {
		err = childreport.ErrNotFound
	}
	if err != nil {
		a.problemPage(c, err)
		return
	}
	r, err := a.ownChildReport(c.Request.Context(), string(id), sent.Get("key"))
	switch {
	case errors.Is(err, childreport.ErrNotFound):
		p := a.problemOf(err)
		a.showOwnChildReport(c, p.Status, webui.OwnChildReport{Report: childreport.Report{ID: id}, Asks: true, Problem: p.Detail})
	case err != nil:
		a.problemPage(c, err)
	default:
		a.showOwnChildReport(c, http.StatusOK, webui.OwnChildReport{Report: r})
	}
}

func (a *API) showOwnChildReport(c *gin.Context, status int, view webui.OwnChildReport) {
	a.page(c, status, func(w io.Writer) error { return a.around(c).OwnChildReport(w, view) })
}
