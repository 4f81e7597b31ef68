package httpapi

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// formBytes is what the form around a picture may take.
const formBytes = 64 << 10

// drainBytes is how much of a refused upload is still read. A client that is
// cut off while it sends often never sees the answer.
const drainBytes = 64 << 20

// upload is POST /v1/photos.
func (a *API) upload(c *gin.Context) {
	body := newPatientReader(c.Writer, c.Request.Body, uploadLimit)
	got, err := a.receive(c, body, emptyForm(), anyStatement)
	a.tellQuota(c)
	if err != nil {
		a.refuse(c.Request, body, err).write(c.Writer)
		return
	}
	giveKey(c.Writer, got.Photo.ID, got.Key)
	a.giveVisitor(c)
	c.Header("Location", photoPath(got.Photo.ID))
	c.JSON(http.StatusAccepted, acceptedBody{
		ID: string(got.Photo.ID), Key: got.Key.Reveal(), Status: statusOf(got.Photo),
		ExpiresAt: got.Photo.ExpiresAt.UTC(), Links: linksOf(got.Photo.ID),
	})
}

// refuse ends an upload that was not accepted and returns the answer to give.
func (a *API) refuse(r *http.Request, body *patientReader, err error) *Problem {
	p := a.problemOf(err)
	a.Meter.Refused(p.Code)
	drain(r, body)
	return p
}

// drain reads what a refused client still sends, if it is not much.
func drain(r *http.Request, body *patientReader) {
	// A client that asks first (Expect: 100-continue) and was told nothing has
	// sent nothing; reading would tell it to.
	asks := r.Header.Get("Expect") != "" && !body.started
	if r.ContentLength <= drainBytes && !asks {
		_, _ = io.CopyN(io.Discard, body, drainBytes) // best effort
	}
}

// receive reads a form with a picture from body into f and takes it in, if it may
// come now and the statement in the form is enough.
func (a *API) receive(c *gin.Context, body *patientReader, f *form, enough func(photo.Statement) error) (intake.Accepted, error) {
	lane, err := a.laneOf(c)
	if err != nil {
		return intake.Accepted{}, err
	}
	f.lane = lane
	r := c.Request
	select {
	case a.uploads <- struct{}{}:
		defer func() { <-a.uploads }()
	default:
		return intake.Accepted{}, retry(problem(http.StatusServiceUnavailable, "too_many_uploads", "Many people are uploading at the moment. Please try again in a few seconds."), comeBackSoon)
	}
	if r.ContentLength == 0 {
		return intake.Accepted{}, emptyBody()
	}
	if r.ContentLength > photo.MaxBytes+formBytes {
		return intake.Accepted{}, tooLarge()
	}
	return a.accept(limited(r, body, photo.MaxBytes+formBytes), f, enough)
}

// limited is the request with a body of at most so many bytes. It is a copy,
// because the server looks at the body of its own.
func limited(r *http.Request, body io.ReadCloser, most int64) *http.Request {
	r = r.WithContext(r.Context())
	r.Body = http.MaxBytesReader(nil, body, most)
	return r
}

func (a *API) accept(r *http.Request, f *form, enough func(photo.Statement) error) (intake.Accepted, error) {
	if err := f.open(r); err != nil {
		return intake.Accepted{}, err
	}
	picture, err := f.picture()
	if err != nil {
		return intake.Accepted{}, err
	}
	if f.fields["document"] != nil { // known before the picture: a wrong one need not wait for it
		if _, err := f.order(a.Catalogue); err != nil {
			return intake.Accepted{}, err
		}
	}
	key, err := idempotencyKey(r.Header)
	if err != nil {
		return intake.Accepted{}, err
	}
	var stated photo.Statement
	client, _ := apiClientOf(r.Context())
	got, err := a.Intake.Accept(r.Context(), intake.Upload{
		IdempotencyKey: key, Client: client.ID,
		Body: picture,
		Order: func() (photo.Order, error) {
			if err := f.rest(); err != nil {
				return photo.Order{}, err
			}
			var err error
			if stated, err = f.statement(a.Policy.InForce(a.Now()).Number); err == nil {
				err = enough(stated)
			}
			if err != nil {
				return photo.Order{}, err
			}
			return f.order(a.Catalogue)
		},
		Statement: func() photo.Statement { return stated },
		Lane:      func() photo.Lane { return f.lane },
	})
	if err == nil {
		a.Meter.Upload(got.Photo.Original.Bytes)
	}
	return got, err
}

// idempotencyKey is empty when there is none. One that was sent and is empty is refused:
// its sender believes to be safe.
func idempotencyKey(h http.Header) (string, error) {
	given := h.Values("Idempotency-Key")
	switch {
	case len(given) == 0:
		return "", nil
	case len(given) > 1 || given[0] == "":
		return "", intake.ErrWeakKey
	}
	return given[0], nil
}

// patientReader gives an upload more time than other requests have, but only as
// long as bytes keep coming.
type patientReader struct {
	io.ReadCloser
	control *http.ResponseController
	end     time.Time
	started bool
}

func newPatientReader(w http.ResponseWriter, body io.ReadCloser, limit time.Duration) *patientReader {
	r := &patientReader{ReadCloser: body, control: http.NewResponseController(w), end: time.Now().Add(limit)}
	_ = r.control.SetWriteDeadline(r.end.Add(writeLimit)) // fails where there is no connection
	return r
}

func (r *patientReader) Read(b []byte) (int, error) {
	r.started = true
	until := time.Now().Add(stallLimit)
	if until.After(r.end) {
		until = r.end
	}
	if err := r.control.SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return r.ReadCloser.Read(b)
}
