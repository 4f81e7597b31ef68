package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Evidence tells whether nothing is kept longer than promised.
type Evidence interface {
	Gather(ctx context.Context, now time.Time) (proof.Evidence, error)
}

// RetentionStatements are what was stated of past weeks; photo.ErrNotFound for none.
type RetentionStatements interface {
	Statement(ctx context.Context, week time.Time) (proof.Statement, error)
	Latest(ctx context.Context, limit int) ([]proof.Statement, error)
}

const (
	privacyPath     = "/ops/privacy"
	latestStatement = 12 // weeks that the page lists
)

// privacyPage is GET /ops/privacy: a page for people, JSON for programs.
func (a *API) privacyPage(c *gin.Context) {
	evidence, err := a.Evidence.Gather(c.Request.Context(), a.Now())
	var stated []proof.Statement
	if err == nil {
		stated, err = a.Stated.Latest(c.Request.Context(), latestStatement)
	}
	switch {
	case err != nil:
		a.opsProblem(c, err)
	case c.Query("format") == "json", !asksForHTML(c):
		c.JSON(http.StatusOK, evidenceOf(evidence, stated))
	default:
		a.page(c, http.StatusOK, func(w io.Writer) error {
			return a.pages.Privacy(w, webui.Privacy{Evidence: evidence, Stated: stated, By: a.signedIn(c)})
		})
	}
}

// retentionStatement is GET /ops/privacy/statements/:week and, with :part, what
// openssl reads.
func (a *API) retentionStatement(c *gin.Context) {
	week, err := time.Parse(time.DateOnly, c.Param("week"))
	var s proof.Statement
	if err == nil {
		s, err = a.Stated.Statement(c.Request.Context(), week)
	} else {
		err = photo.ErrNotFound
	}
	switch part := c.Param("part"); {
	case errors.Is(err, photo.ErrNotFound) || part != "" && part != "statement" && part != "signature":
		problem(http.StatusNotFound, "unknown_statement", "There is no statement of such a week. GET /ops/privacy lists the latest.").write(c.Writer)
	case err != nil:
		a.problemOf(err).write(c.Writer)
	case part == "statement":
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(s.Proof.Text))
	case part == "signature":
		c.Data(http.StatusOK, "application/octet-stream", s.Proof.Signature)
	default:
		c.JSON(http.StatusOK, statementOf(s))
	}
}

type statementBody struct {
	Week      string    `json:"week"`
	MadeAt    time.Time `json:"made_at"`
	Statement string    `json:"statement"`
	Signature []byte    `json:"signature"`
	KeyID     string    `json:"key_id"`
}

func statementOf(s proof.Statement) statementBody {
	return statementBody{s.Week.Format(time.DateOnly), s.MadeAt, s.Proof.Text, s.Proof.Signature, string(s.Proof.Key.ID())}
}

// evidenceBody is the evidence as programs read it. Ages and periods are whole
// seconds; what was counted was counted since the given time.
type evidenceBody struct {
	At      time.Time   `json:"at"`
	Kept    bool        `json:"kept"`
	Since   time.Time   `json:"counted_since"`
	Classes []classBody `json:"classes"`
	Jobs    []jobBody   `json:"jobs"`

	Erased         map[photo.ErasureReason]int `json:"erased_photos"`
	Pending        int                         `json:"erasures_pending"`
	PendingSince   *time.Time                  `json:"erasures_pending_since"`
	Restricted     map[photo.Ground]int        `json:"restricted_photos"`
	ReviewsOverdue int                         `json:"restriction_reviews_overdue"`
	Orphans        map[string]int              `json:"orphans"`
	Statements     []string                    `json:"statements"`
}

type classBody struct {
	Class    string      `json:"class"`
	Holds    string      `json:"holds"`
	State    proof.State `json:"state"`
	Oldest   *int64      `json:"oldest_age_s"` // null if there is nothing
	Greatest int64       `json:"greatest_age_s"`
	Period   int64       `json:"period_s"`
	Alert    int64       `json:"alert_s"`
	Ceiling  int64       `json:"ceiling_s"`
	Deleted  int         `json:"deleted"`
	Purger   string      `json:"purged_by"`
	PurgedAt *time.Time  `json:"purged_at"`
}

type jobBody struct {
	Job         string     `json:"job"`
	Period      int64      `json:"period_s"`
	SucceededAt *time.Time `json:"succeeded_at"`
	Silent      int64      `json:"silent_s"`
	Failures    int        `json:"failures"`
	Overdue     bool       `json:"overdue"`
}

func evidenceOf(e proof.Evidence, stated []proof.Statement) evidenceBody {
	out := evidenceBody{
		At: e.At.UTC(), Kept: e.Kept(), Since: e.Since, Classes: []classBody{}, Jobs: []jobBody{}, Statements: []string{},
		Erased: e.Erased.Photos, Pending: e.Pending, PendingSince: unlessZero(e.PendingSince),
		Restricted: e.Restricted, ReviewsOverdue: e.ReviewsOverdue, Orphans: e.Orphans,
	}
	for _, c := range e.Classes {
		class := c.Kept.Class()
		body := classBody{
			Class: string(class.Name), Holds: class.Holds, State: c.State, Greatest: seconds(c.Greatest), Period: seconds(c.Kept.Length()),
			Alert: seconds(c.Kept.Alert()), Ceiling: seconds(class.Ceiling), Deleted: c.Deleted, Purger: class.Purger, PurgedAt: unlessZero(c.PurgedAt),
		}
		if c.Any {
			age := seconds(c.Oldest)
			body.Oldest = &age
		}
		out.Classes = append(out.Classes, body)
	}
	for _, r := range e.Jobs {
		out.Jobs = append(out.Jobs, jobBody{r.Job, seconds(r.Every), unlessZero(r.SucceededAt), seconds(r.Silent(e.At)), r.Failures, r.Overdue(e.At)})
	}
	for _, s := range stated {
		out.Statements = append(out.Statements, privacyPath+"/statements/"+s.Week.Format(time.DateOnly))
	}
	return out
}

func seconds(d time.Duration) int64 { return int64(d.Seconds()) }

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
