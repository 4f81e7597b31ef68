package httpapi

import (
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// The addresses of a person's pages of complaints. A photo's own has the photo's cookie.
const (
	complainPath      = "/privacy/complaints"
	ownComplaintPath  = complainPath + "/:id"
	withdrawnPath     = ownComplaintPath + "/withdraw"
	photoComplainPath = "/photos/:id/complaint"
)

// routeComplaintPages adds them.
func (a *API) routeComplaintPages() {
	a.engine.GET(complainPath, a.complaintForm)
	a.engine.POST(complainPath, a.sendComplaint)
	a.engine.GET(ownComplaintPath, a.askForComplaint)
	a.engine.POST(ownComplaintPath, a.readComplaint)
	a.engine.POST(withdrawnPath, a.withdrawComplaintForm)
	a.engine.GET(photoComplainPath, a.complaintForm)
	a.engine.POST(photoComplainPath, a.sendComplaint)
}

// complaintForm is GET /privacy/complaints, and the same of one photo.
func (a *API) complaintForm(c *gin.Context) {
	a.showComplaintForm(c, http.StatusOK, webui.ComplaintForm{})
}

func (a *API) showComplaintForm(c *gin.Context, status int, view webui.ComplaintForm) {
	if c.FullPath() == photoComplainPath {
		p, err := a.record(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
		if err != nil {
			a.problemPage(c, err)
			return
		}
		view.Photo, view.Document = p.ID, a.documentName(p.Document)
	}
	a.page(c, status, func(w io.Writer) error { return a.around(c).ComplaintForm(w, view) })
}

// sendComplaint is POST /privacy/complaints, and the same of one photo.
func (a *API) sendComplaint(c *gin.Context) {
	sent, err := formOf(c, complaintBytes)
	if err != nil {
		a.showComplaintForm(c, http.StatusRequestEntityTooLarge, webui.ComplaintForm{Problem: complaintTooLong})
		return
	}
	f := complaint.Filing{Words: sent.Get("words"), Email: sent.Get("email"), Reference: sent.Get("reference")}
	if c.FullPath() == photoComplainPath {
		err = a.aboutPhoto(c.Request.Context(), visitorOf(c.Request, c.Param("id")), &f)
	}
	var filed complaintdesk.Filed
	if err == nil {
		filed, err = a.ComplaintDesk.File(c.Request.Context(), f)
	}
	if err == nil {
		a.showOwnComplaint(c, http.StatusOK, webui.OwnComplaint{Complaint: filed.Complaint, Key: filed.Key.Reveal(), Filed: true})
		return
	}
	p := a.problemOf(complaintField(err))
	p.headers(c.Writer)
	view := webui.ComplaintForm{Sent: f, Problem: p.Detail}
	if len(p.Errors) > 0 {
		view.Field = p.Errors[0].Location[len("body."):]
	}
	a.showComplaintForm(c, p.Status, view)
}

const complaintTooLong = "What you wrote is too long or was cut off on its way. Shorten it to 5000 characters and send it again."

// askForComplaint is GET /privacy/complaints/:id, which asks for the key.
func (a *API) askForComplaint(c *gin.Context) {
	id, valid := complaint.ParseID(c.Param("id"))
	if !valid {
		a.noComplaint(c)
		return
	}
	a.showOwnComplaint(c, http.StatusOK, webui.OwnComplaint{Complaint: complaint.Complaint{ID: id}, Asks: true})
}

// readComplaint is POST /privacy/complaints/:id with the key, or with what was mailed.
func (a *API) readComplaint(c *gin.Context) {
	sent, err := formOf(c, maxRight)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	found, err := a.ownComplaint(c.Request.Context(), c.Param("id"), sent.Get("key"))
	a.showOwnOrAsk(c, found, sent.Get("key"), err)
}

// withdrawComplaintForm is POST /privacy/complaints/:id/withdraw.
func (a *API) withdrawComplaintForm(c *gin.Context) {
	sent, err := formOf(c, maxRight)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	found, err := a.withdrawOwn(c.Request.Context(), c.Param("id"), sent.Get("key"))
	a.showOwnOrAsk(c, found, sent.Get("key"), err)
}

// showOwnOrAsk shows a complaint to whoever has opened it, with why something was not
// done, or asks again for the key.
func (a *API) showOwnOrAsk(c *gin.Context, found complaint.Complaint, key string, err error) {
	if err == nil {
		a.showOwnComplaint(c, http.StatusOK, webui.OwnComplaint{Complaint: found, Key: key})
		return
	}
	id, valid := complaint.ParseID(c.Param("id"))
	p := a.problemOf(err)
	switch {
	case !valid:
		a.noComplaint(c)
	case p.Status >= http.StatusInternalServerError:
		a.problemPage(c, err)
	case errors.Is(err, complaint.ErrNotFound):
		a.showOwnComplaint(c, p.Status, webui.OwnComplaint{Complaint: complaint.Complaint{ID: id}, Asks: true, Problem: p.Detail})
	default:
		now, again := a.ownComplaint(c.Request.Context(), string(id), key)
		if again != nil {
			a.problemPage(c, again)
			return
		}
		a.showOwnComplaint(c, p.Status, webui.OwnComplaint{Complaint: now, Key: key, Problem: p.Detail})
	}
}

func (a *API) showOwnComplaint(c *gin.Context, status int, view webui.OwnComplaint) {
	view.Zone, view.Document = a.Zone, a.documentName(view.Complaint.About.Document)
	a.page(c, status, func(w io.Writer) error { return a.around(c).OwnComplaint(w, view) })
}

// noComplaint is for addresses that no complaint can have.
func (a *API) noComplaint(c *gin.Context) {
	p := a.problemOf(complaint.ErrNotFound)
	a.page(c, p.Status, func(w io.Writer) error {
		return a.around(c).Message(w, webui.Message{Title: p.Title, Detail: p.Detail, Back: complainPath, BackText: "To the form"})
	})
}

// documentName says which document an ID means, or gives the ID where the catalogue does
// not have it any more.
func (a *API) documentName(id string) string {
	spec, err := a.Catalogue.Find(id)
	if err != nil || spec.CountryName == "" {
		return id
	}
	return spec.CountryName + ": " + spec.Name
}
