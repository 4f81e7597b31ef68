package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
)

// previewLimit is how long the form of a preview may take to come: it is small,
// and holds one of few places.
const previewLimit = 3 * time.Second

// checksBody is what a preview shows. A preview of which no photo could be made is
// an answer too: it has a problem and no checks.
type checksBody struct {
	Document string        `json:"document"`
	Checks   []check.Check `json:"checks" doc:"what can be judged before there is a photo; as in a report, and named like there"`
	Hints    []string      `json:"hints" doc:"what to change now, most important first; empty when nothing is wrong"`
	Problem  *Problem      `json:"problem,omitempty" doc:"why no photo could be made; its code is no_face, several_faces or face_cut_off"`
}

// checks is POST /v1/checks. The preview is held in memory until it is answered.
func (a *API) checks(c *gin.Context) {
	began := a.Now()
	body := newPatientReader(c.Writer, c.Request.Body, previewLimit)
	got, err := a.look(c, body)
	if err != nil {
		p := a.problemOf(err)
		a.Meter.Preview(previewOutcome(p), a.Now().Sub(began))
		drain(c.Request, body)
		p.write(c.Writer)
		return
	}
	outcome := "checked"
	if got.Problem != nil {
		outcome = "no_photo"
	}
	a.Meter.Preview(outcome, a.Now().Sub(began))
	c.JSON(http.StatusOK, got)
}

// previewOutcome is the metric's word for a preview that was not looked at.
func previewOutcome(p *Problem) string {
	switch {
	case p.Status == http.StatusTooManyRequests:
		return "limited"
	case p.Code == "busy":
		return "busy"
	case p.Status < http.StatusInternalServerError:
		return "refused"
	}
	return "failed"
}

// look takes one of the places for previews and has it looked at.
func (a *API) look(c *gin.Context, body *patientReader) (checksBody, error) {
	select {
	case a.previews <- struct{}{}:
		defer func() { <-a.previews }()
	default:
		return checksBody{}, previewBusy()
	}
	ctx := c.Request.Context()
	wait, err := a.Limiter.Allow(ctx, a.clientOf(c))
	if err != nil {
		return checksBody{}, err
	}
	if wait > 0 {
		return checksBody{}, tooOften(wait)
	}
	p, err := a.readPreview(c.Request, body)
	if err != nil {
		return checksBody{}, err
	}
	answer, err := a.Previews.Look(ctx, p)
	if err != nil {
		return checksBody{}, err
	}
	return checksOf(p.Order.Document, answer)
}

func checksOf(document string, answer preview.Answer) (checksBody, error) {
	out := checksBody{Document: document, Checks: []check.Check{}, Hints: []string{}}
	switch answer.Reason {
	case "":
		var r check.Report
		if err := json.Unmarshal(answer.Report, &r); err != nil {
			return checksBody{}, fmt.Errorf("read the report of a preview: %w", err)
		}
		out.Checks, out.Hints = append(out.Checks, r.Checks...), append(out.Hints, r.Summary...)
	case photo.NoFace, photo.SeveralFaces, photo.FaceCutOff:
		out.Problem = reasonProblem(0, answer.Reason)
	default: // the file is at fault
		return checksBody{}, answer.Reason
	}
	return out, nil
}

// readPreview reads a form with a small picture.
func (a *API) readPreview(r *http.Request, body io.ReadCloser) (photo.Preview, error) {
	if r.ContentLength == 0 {
		return photo.Preview{}, emptyBody()
	}
	if r.ContentLength > photo.MaxPreviewBytes+formBytes {
		return photo.Preview{}, previewTooLarge()
	}
	f := emptyForm()
	err := f.open(limited(r, body, photo.MaxPreviewBytes+formBytes))
	if err != nil {
		return photo.Preview{}, err
	}
	var p photo.Preview
	if p.Picture, err = readPicture(f); err != nil {
		if errors.Is(err, intake.ErrTooLarge) {
			err = previewTooLarge()
		}
		return photo.Preview{}, err
	}
	if _, err = f.statement(0); err != nil { // of a preview nothing is kept
		return photo.Preview{}, err
	}
	if p.Order, err = f.order(a.Catalogue); err != nil {
		return photo.Preview{}, err
	}
	p.Format, err = previewFormat(p.Picture)
	return p, err
}

// readPicture reads all of a form, which is small.
func readPicture(f *form) ([]byte, error) {
	picture, err := f.picture()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(picture, photo.MaxPreviewBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > photo.MaxPreviewBytes {
		return nil, intake.ErrTooLarge
	}
	return b, f.rest()
}

// previewFormat looks at a preview's first bytes.
func previewFormat(picture []byte) (photo.Format, error) {
	o, err := intake.Identify(picture)
	var unsupported intake.UnsupportedError
	switch {
	case errors.As(err, &unsupported):
		return "", unsupportedProblem(unsupported, previewFormats)
	case err != nil && !errors.Is(err, photo.TooManyPixels):
		return "", err
	case err != nil || max(o.Width, o.Height) > photo.MaxPreviewSide:
		return "", problem(http.StatusUnprocessableEntity, "too_many_pixels", fmt.Sprintf("A preview has at most %d pixels on its longer side. Send a smaller copy of the picture.", photo.MaxPreviewSide))
	case o.Format != photo.JPEG && o.Format != photo.PNG && o.Format != photo.WebP:
		return "", unsupportedProblem(intake.UnsupportedError{LooksLike: "no JPEG, PNG or WebP picture"}, previewFormats)
	case o.Width == 0 || o.Height == 0:
		return "", photo.Unreadable
	}
	return o.Format, nil
}

const previewFormats = "JPEG, PNG or WebP"

func previewTooLarge() *Problem {
	return problem(http.StatusRequestEntityTooLarge, "too_large", fmt.Sprintf("A preview has at most %d kB. Send a smaller copy of the picture, of at most %d pixels on its longer side.", photo.MaxPreviewBytes>>10, photo.MaxPreviewSide))
}

func previewBusy() *Problem {
	return retry(problem(http.StatusServiceUnavailable, "busy", "Nobody has time to look at this preview now. Try again in a second, or upload the picture: photos are made all the same."), time.Second)
}

func tooOften(wait time.Duration) *Problem {
	whole := time.Duration(math.Ceil(wait.Seconds())) * time.Second
	return retry(problem(http.StatusTooManyRequests, "too_often", "Previews come faster than we can look at them. Wait as long as Retry-After says, and ask less often."), whole)
}

// Previews has small pictures looked at: preview.ErrBusy when nobody has the time.
type Previews interface {
	Look(ctx context.Context, p photo.Preview) (preview.Answer, error)
}

// Limiter says how long a client, told by what clientOf names it, has to wait before it may
// ask again; 0 if it need not.
type Limiter interface {
	Allow(ctx context.Context, client string) (wait time.Duration, err error)
}
