package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Archives hands out what answers requests for access and portability; see archivist
// for the errors.
type Archives interface {
	Open(ctx context.Context, id subjectrequest.ID) (*archivist.Archive, error)
}

// asksForFile reports whether what a request asks for comes as a file.
func asksForFile(r subjectrequest.Request) bool {
	return r.Kind == subjectrequest.Access || r.Kind == subjectrequest.Portability
}

// archiveUntil is when the archive of a request can no longer be had; zero without one.
func (a *API) archiveUntil(ctx context.Context, r subjectrequest.Request) (time.Time, error) {
	if !asksForFile(r) || r.State != subjectrequest.Fulfilled {
		return time.Time{}, nil
	}
	archive, err := a.Archives.Open(ctx, r.ID)
	if errors.Is(err, archivist.ErrNotReady) || errors.Is(err, archivist.ErrExpired) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return archive.Expires, nil
}

// archiveOperation is the archive in the OpenAPI document.
func archiveOperation(api huma.API) *huma.Operation {
	op := withProblems(huma.Operation{
		OperationID: "get-subject-request-archive", Method: http.MethodGet, Path: "/v1/subject-requests/{id}/archive",
		Summary: "The ZIP that answers access or portability", Tags: []string{"subject-requests"}, Security: []map[string][]string{{"key": {}}},
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
	}, api, http.StatusConflict, http.StatusGone)
	op.Responses["200"] = &huma.Response{
		Description: "The archive", Content: map[string]*huma.MediaType{"application/zip": {Schema: text(huma.Schema{Format: "binary"})}},
	}
	return &op
}

// requestArchive is GET /v1/subject-requests/:id/archive.
func (a *API) requestArchive(c *gin.Context) {
	r, err := a.ownRequest(c.Request.Context(), Requester{ID: c.Param("id"), Authorization: c.GetHeader("Authorization")})
	if err == nil {
		err = a.handOut(c, r)
	}
	if err != nil {
		a.problemOf(err).write(c.Writer)
	}
}

// handOut writes a request's archive as a download. It returns an error while nothing
// is written; after that the connection is broken off, which every program notices.
func (a *API) handOut(c *gin.Context, r subjectrequest.Request) error {
	if !asksForFile(r) {
		return archivist.ErrExpired
	}
	archive, err := a.Archives.Open(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "application/zip")
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", archive.Name))
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(downloadLimit)) // fails where there is no connection
	err = archive.WriteTo(c.Request.Context(), c.Writer)
	if err == nil {
		return nil
	}
	if c.Writer.Written() {
		a.Log.Warn("an archive broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	c.Writer.Header().Del("Content-Disposition")
	return err
}

// downloadLimit is for a whole archive, which is larger than anything else we serve.
const downloadLimit = 5 * time.Minute

// archiveProblem knows the errors of archives; nil for any other.
func archiveProblem(err error) *Problem {
	switch {
	case errors.Is(err, archivist.ErrNotReady):
		return retry(problem(http.StatusConflict, "archive_not_ready", "The archive is being put together, which usually takes minutes. Ask again shortly."), comeBackLater)
	case errors.Is(err, archivist.ErrExpired):
		return problem(http.StatusGone, "no_archive", "There is no archive here, or its time is over. Ask again for a copy of your data to get a new one.")
	}
	return nil
}
