package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Archives hands out what answers requests for access and portability.
type Archives interface {
	// Open returns a request's archive; ErrNoArchive if there is none, not yet or not
	// any more.
	Open(ctx context.Context, id subjectrequest.ID) (Archive, error)
}

// Archive is a ZIP that can be handed out.
type Archive struct {
	Name    string    // a file's
	Expires time.Time // when it can no longer be had; the pictures in it may go before
	// WriteTo writes it. After an error the ZIP is cut.
	WriteTo func(ctx context.Context, w io.Writer) error
}

// ErrNoArchive says that there is no archive, not yet or not any more.
var ErrNoArchive = errors.New("there is no archive")

// read reports whether what a request asks for comes as a file.
func read(r subjectrequest.Request) bool {
	return r.Kind == subjectrequest.Access || r.Kind == subjectrequest.Portability
}

// archiveUntil is when the archive of a request can no longer be had; zero without one.
func (a *API) archiveUntil(ctx context.Context, r subjectrequest.Request) (time.Time, error) {
	if !read(r) || r.State != subjectrequest.Fulfilled {
		return time.Time{}, nil
	}
	archive, err := a.Archives.Open(ctx, r.ID)
	if errors.Is(err, ErrNoArchive) {
		return time.Time{}, nil
	}
	return archive.Expires, err
}

// archiveOperation is the archive in the OpenAPI document.
func archiveOperation(api huma.API) *huma.Operation {
	op := withProblems(huma.Operation{
		OperationID: "get-subject-request-archive", Method: http.MethodGet, Path: "/v1/subject-requests/{id}/archive",
		Summary: "The ZIP that answers access or portability", Tags: []string{"subject-requests"}, Security: []map[string][]string{{"key": {}}},
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
	}, api)
	op.Responses["200"] = &huma.Response{
		Description: "The archive", Content: map[string]*huma.MediaType{"application/zip": {Schema: text(huma.Schema{Format: "binary"})}},
	}
	return &op
}

// requestArchive is GET /v1/subject-requests/:id/archive.
func (a *API) requestArchive(c *gin.Context) {
	r, err := a.ownRequest(c.Request.Context(), Requester{ID: c.Param("id"), Authorization: c.GetHeader("Authorization")})
	var archive Archive
	if err == nil {
		archive, err = a.archiveOf(c.Request.Context(), r)
	}
	if err != nil {
		a.problemOf(err).write(c.Writer)
		return
	}
	if err := a.handOut(c, archive); err != nil {
		a.problemOf(err).write(c.Writer)
	}
}

// archiveOf opens a request's archive; a problem if there is none.
func (a *API) archiveOf(ctx context.Context, r subjectrequest.Request) (Archive, error) {
	if !read(r) {
		return Archive{}, noArchive()
	}
	archive, err := a.Archives.Open(ctx, r.ID)
	switch {
	case errors.Is(err, ErrNoArchive) && r.State.Open():
		return Archive{}, archiveNotReady()
	case errors.Is(err, ErrNoArchive):
		return Archive{}, noArchive()
	}
	return archive, err
}

// handOut writes an archive as a download. It returns an error while nothing is
// written; after that the connection is broken off, which every program notices.
func (a *API) handOut(c *gin.Context, archive Archive) error {
	c.Header("Content-Type", "application/zip")
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", archive.Name))
	err := archive.WriteTo(c.Request.Context(), c.Writer)
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

func archiveNotReady() *Problem {
	return retry(problem(http.StatusConflict, "archive_not_ready", "The archive is being put together, which usually takes minutes. Ask again shortly."), comeBackLater)
}

func noArchive() *Problem {
	return problem(http.StatusGone, "no_archive", "There is no archive here, or its time is over. Ask again for a copy of your data to get a new one.")
}
