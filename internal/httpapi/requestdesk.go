package httpapi

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// RequestDesk has requests of data subjects taken in and answered; see privacydesk. One
// side of it is the person's, the other the officers'.
type RequestDesk interface {
	File(ctx context.Context, f privacydesk.Filing) (privacydesk.Filed, error)
	requestLinks
	requestDeeds
}

type requestLinks interface {
	Confirm(ctx context.Context, link secret.Key) (subjectrequest.Request, error)
	Renew(ctx context.Context, link secret.Key) error
	Open(ctx context.Context, key secret.Key) (subjectrequest.Request, error)
}

type requestDeeds interface {
	Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error)
	Act(ctx context.Context, do privacydesk.Deed) (subjectrequest.Request, error)
	Draft(ctx context.Context, r subjectrequest.Request) (privacydesk.Draft, error)
}

// rationed are the forms that reach a person, cause a letter or try a code, by the
// routes of their POSTs. They share one count of each client, so that who has tried one
// too often can't go on with the next.
func rationed(route string) bool {
	switch route {
	case requestsPath, "/photos/:id/requests", archivePath, withdrawPath, letter.ConfirmPath, letter.AnswerPath, complainPath, ownComplaintPath, withdrawnPath, photoComplainPath, "/privacy/children", "/privacy/children/:id",
		"/v1/subject-requests", complaintsPath, "/v1/child-reports":
		return true
	}
	return false
}

// ration stops who sends too many such forms. Without Redis nobody is stopped: a right
// is not to be lost to a fault of ours.
func (a *API) ration(c *gin.Context) {
	if c.Request.Method != http.MethodPost || !rationed(c.FullPath()) {
		c.Next()
		return
	}
	wait, err := a.FormLimiter.Allow(c.Request.Context(), a.clientOf(c))
	if err != nil {
		a.Log.Warn("forms are not counted", "error", err)
	}
	if wait <= 0 {
		c.Next()
		return
	}
	whole := time.Duration(math.Ceil(wait.Seconds())) * time.Second
	p := retry(problem(http.StatusTooManyRequests, "too_many_forms", "You have sent many of these in a short time. Wait a minute, and send it again: nothing was kept of it."), whole)
	a.outOfPlace(c, p)
	c.Abort()
}
