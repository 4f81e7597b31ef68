package httpapi

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
)

// QueuePages are the pages of the queue's own project; see package queuepages.
type QueuePages interface {
	// For returns them for somebody who may change something, or may not.
	For(mayWrite bool) http.Handler
}

// QueuesPath is where they stand.
const QueuesPath = "/ops/queues"

// queueBytes bounds what they send: a list of entries' IDs.
const queueBytes = 1 << 20

func isQueuesPath(path string) bool {
	return path == QueuesPath || strings.HasPrefix(path, QueuesPath+"/")
}

// admitToQueues stands in for the form token, which pages that are not ours don't know.
// A write must come from a script of a page of this very origin, and say so: what comes
// without the headers by which browsers say it is refused too. The cookie itself is
// never sent along from another site's page.
func (a *API) admitToQueues(c *gin.Context) error {
	site, origin := c.GetHeader("Sec-Fetch-Site"), c.GetHeader("Origin")
	switch {
	case site != "" && site != "same-origin", origin == "" && site == "":
		return foreignScript()
	case origin != "" && !a.isOwnOrigin(c.Request, origin):
		return foreignScript()
	case !operatorOf(c).Decides():
		return officersOnly()
	}
	return nil
}

// isOwnOrigin compares with the host that was asked and with the configured origin,
// which a proxy may hide.
func (a *API) isOwnOrigin(r *http.Request, origin string) bool {
	if origin == strings.TrimSuffix(a.PublicURL, "/") {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == r.Host
}

func foreignScript() *Problem {
	return problem(http.StatusForbidden, "cross_origin", "Entries of the queues are changed on the pages under "+QueuesPath+", and from nowhere else.")
}

// routeQueues serves the queue's own pages.
func (a *API) routeQueues() {
	for _, path := range []string{QueuesPath, QueuesPath + "/*page"} {
		a.engine.GET(path, a.queuePages)
	}
	a.engine.POST(QueuesPath+"/*page", a.changeQueue)
	a.engine.DELETE(QueuesPath+"/*page", a.changeQueue)
}

func (a *API) queuePages(c *gin.Context) {
	a.Queues.For(operatorOf(c).Decides()).ServeHTTP(c.Writer, c.Request)
}

// changeQueue notes who changes which queue how, and then lets it happen. Entries are
// named after photos, so the trail does not name them.
func (a *API) changeQueue(c *gin.Context) {
	event := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Action: audit.ChangeQueue, Subject: changedQueue(c.Param("page")), Outcome: audit.Allowed}
	if err := a.Audit.Append(c.Request.Context(), event); err != nil {
		a.opsProblem(c, err)
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, queueBytes)
	a.queuePages(c)
}

var queueName = regexp.MustCompile(`^[a-z]{1,20}$`)

// queueDeeds are what can be done to entries or to a queue, as its pages' addresses end.
func queueDeeds() []string {
	return []string{"pause", "resume", "cancel", "cancel_all", "batch_cancel", "delete_all", "batch_delete",
		"archive", "archive_all", "batch_archive", "run", "run_all", "batch_run"}
}

// changedQueue is a queue and what is done to it, of an address such as
// /api/queues/default/archived_tasks:run_all.
func changedQueue(page string) string {
	parts := strings.Split(strings.TrimPrefix(page, "/api/queues/"), "/")
	queue, _, _ := strings.Cut(parts[0], ":")
	if !queueName.MatchString(queue) {
		queue = "another"
	}
	_, deed, _ := strings.Cut(parts[len(parts)-1], ":")
	if i := strings.LastIndex(deed, ":"); i >= 0 { // the IDs of entries hold colons
		deed = deed[i+1:]
	}
	if !slices.Contains(queueDeeds(), deed) {
		deed = "delete"
	}
	return "queue " + queue + ": " + deed
}
