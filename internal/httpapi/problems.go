package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// How long a client is asked to wait before it tries again.
const (
	comeBackSoon  = 2 * time.Second
	comeBackLater = 10 * time.Second
)

// problemOf is the one place where errors become answers. Whatever it does not
// know is our fault: it is logged, and the client learns only that.
func (a *API) problemOf(err error) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	for _, knows := range []func(error) *Problem{a.apiClientProblem, webhookProblem, uploadProblem, editProblem, contestProblem, rulingProblem, restrictionProblem, childReportProblem, complaintProblem, operatorProblem, letterProblem, subjectRequestProblem, archiveProblem} {
		if p := knows(err); p != nil {
			return p
		}
	}
	switch {
	case errors.Is(err, photo.ErrChanged):
		return problem(http.StatusConflict, "edited_meanwhile", "The photo was edited or deleted meanwhile. GET the photo and look at its report again.")
	case errors.Is(err, photo.ErrNotFound), errors.Is(err, vault.ErrMissing):
		// A blob that is missing was erased since the record was read.
		return notFound()
	case errors.As(err, new(docspec.FieldError)):
		return documentProblem(err)
	case errors.Is(err, docspec.ErrUnknown):
		return problem(http.StatusNotFound, "unknown_document", "There is no such document in the catalogue. GET /v1/documents lists them all.")
	case errors.Is(err, preview.ErrBusy):
		return previewBusy()
	case errors.Is(err, context.Canceled):
		return unavailable() // the client has gone and will not read it
	}
	a.Log.Error("a request failed on our side", "error", err)
	return unavailable()
}

func unavailable() *Problem {
	return retry(problem(http.StatusServiceUnavailable, "unavailable", "The service can't do this at the moment, and nothing was kept of your request. Please try again shortly."), comeBackLater)
}

// uploadProblem knows the errors of intake; nil for any other.
func uploadProblem(err error) *Problem {
	var unsupported intake.UnsupportedError
	var reason photo.Reason
	switch {
	case errors.As(err, &unsupported):
		return unsupportedProblem(unsupported, "JPEG, PNG, WebP, HEIC, AVIF or TIFF")
	case errors.As(err, &reason):
		return reasonProblem(http.StatusUnprocessableEntity, reason)
	case errors.Is(err, intake.ErrEmpty):
		return problem(http.StatusBadRequest, "empty_picture", "The picture has no bytes. Choose the file again and send it.")
	case errors.Is(err, intake.ErrTooLarge):
		return tooLarge()
	case errors.Is(err, intake.ErrTruncated):
		return problem(http.StatusBadRequest, "upload_cut_off", "The upload ended early or stood still for too long. Nothing was kept; please send it again.")
	case errors.Is(err, intake.ErrMismatch):
		return problem(http.StatusUnprocessableEntity, "idempotency_mismatch", "This Idempotency-Key was used for another upload. Use a new key for a new upload.")
	case errors.Is(err, intake.ErrRunning):
		return retry(problem(http.StatusConflict, "idempotency_running", "An upload with this Idempotency-Key is still running. Wait for its answer, or ask again shortly."), comeBackSoon)
	case errors.Is(err, intake.ErrWeakKey):
		return problem(http.StatusUnprocessableEntity, "weak_idempotency_key", "The Idempotency-Key must hold at least 128 random bits in 22 to 200 visible characters, for example a random UUID.")
	}
	return nil
}

// editProblem knows the errors of edits; nil for any other.
func editProblem(err error) *Problem {
	var invalid edit.InvalidError
	switch {
	case errors.As(err, &invalid):
		p := problem(http.StatusUnprocessableEntity, "invalid_setting", "The setting "+invalid.Error()+".")
		p.Errors = []Error{{"body." + invalid.Field, invalid.Detail}}
		return p
	case errors.Is(err, intake.ErrNoRevision):
		return problem(http.StatusUnprocessableEntity, "unknown_revision", "The photo has no such revision. GET the photo: its revisions are listed there.")
	case errors.Is(err, intake.ErrNotEditable):
		return problem(http.StatusConflict, "not_editable", "This photo failed and can't be edited. Upload the picture again.")
	case errors.Is(err, intake.ErrTooManyEdits):
		return problem(http.StatusConflict, "too_many_edits", "This photo was edited too often. Upload the picture again to go on.")
	case errors.Is(err, intake.ErrBusy):
		return retry(problem(http.StatusServiceUnavailable, "busy", "The photo is being edited from several places at once. Please try again."), comeBackSoon)
	}
	return nil
}

func unsupportedProblem(e intake.UnsupportedError, supported string) *Problem {
	is := "This file is not a picture that we can use"
	if e.LooksLike != "" {
		is = "This file is " + e.LooksLike + ", whatever its name says"
	}
	return problem(http.StatusUnsupportedMediaType, "unsupported_format", is+". Send a "+supported+" picture.")
}

func emptyBody() *Problem {
	return problem(http.StatusBadRequest, "empty_body", "The request has no body. Send the picture as multipart/form-data.")
}

func tooLarge() *Problem {
	return problem(http.StatusRequestEntityTooLarge, "too_large", "The picture is larger than 25 MB. Save a smaller copy of it, for example as a JPEG, and send that one.")
}
