package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// Statistics are what is kept of photos' use; photo.ErrNotFound for an unknown
// reference.
type Statistics interface {
	Find(ctx context.Context, reference string) (statistics.Entry, error)
	Days(ctx context.Context, from, to time.Time) ([]statistics.Day, error)
	Forget(ctx context.Context, reference string) error
}

// object deletes a photo's statistics when the person says no to them, and returns
// the photo without reference.
func (a *API) object(ctx context.Context, p photo.Photo, wanted *bool) (photo.Photo, error) {
	if wanted == nil || *wanted || p.Reference == "" {
		return p, nil
	}
	if err := a.Statistics.Forget(ctx, p.Reference); err != nil {
		return p, err
	}
	p.Reference = ""
	return p, nil
}

// usageBody is a photo's row as support reads it.
type usageBody struct {
	Reference string `json:"reference"`
	Country   string `json:"country"`
	Document  string `json:"document"`
	Outcome   string `json:"outcome"`
	Reason    string `json:"reason"`
	Verdict   string `json:"verdict"`
	Edits     int    `json:"edits"`
	Format    string `json:"format"`
	Kilobytes int64  `json:"kilobytes"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`

	UploadedAt   *time.Time `json:"uploaded_at"`
	LastEditedAt *time.Time `json:"last_edited_at"`
	SettledAt    *time.Time `json:"settled_at"`
	ErasedAt     *time.Time `json:"erased_at"`
}

func usageOf(e statistics.Entry) usageBody {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	return usageBody{
		e.Reference, e.Country, e.Document, e.Outcome, e.Reason, e.Verdict, e.Edits, string(e.Format), e.Kilobytes, e.Width, e.Height,
		at(e.UploadedAt), at(e.LastEditedAt), at(e.SettledAt), at(e.ErasedAt),
	}
}

// lookUpStatistics is GET /ops/statistics/:reference, for a person who has told
// their reference.
func (a *API) lookUpStatistics(c *gin.Context) { a.lookUp(c, c.Param("reference")) }

// lookUp is for a reference from the address or a form. The look is recorded before it happens, under the reference's
// hash: the trail outlives the row and must not name it.
func (a *API) lookUp(c *gin.Context, told string) {
	unknown := problem(http.StatusNotFound, "unknown_reference", "There are no statistics under this reference. They are kept for 90 days at most, and not of photos whose owner said no.")
	reference, valid := statistics.ParseReference(told)
	if !valid {
		unknown.write(c.Writer)
		return
	}
	err := a.Audit.Append(c.Request.Context(), audit.Event{
		At: a.Now(), Actor: operatorOf(c).Name, Action: audit.LookUpStatistics, Subject: audit.Hash(reference), Outcome: audit.Allowed,
	})
	var found statistics.Entry
	if err == nil {
		found, err = a.Statistics.Find(c.Request.Context(), reference)
	}
	switch {
	case errors.Is(err, photo.ErrNotFound):
		unknown.write(c.Writer)
	case err != nil:
		a.problemOf(err).write(c.Writer)
	default:
		c.JSON(http.StatusOK, usageOf(found))
	}
}

// dayBody is a daily figure as anybody may read it.
type dayBody struct {
	Date     string `json:"date"`
	Country  string `json:"country"`
	Document string `json:"document"`
	Outcome  string `json:"outcome"`
	Photos   string `json:"photos"`
}

// dailyStatistics is GET /ops/statistics: a year at most, or what the form for
// references asks for.
func (a *API) dailyStatistics(c *gin.Context) {
	if told, asked := c.GetQuery("reference"); asked {
		a.lookUp(c, strings.TrimSpace(told))
		return
	}
	from, errFrom := time.Parse(time.DateOnly, c.Query("from"))
	to, errTo := time.Parse(time.DateOnly, c.Query("to"))
	if errFrom != nil || errTo != nil || to.Before(from) || to.Sub(from) > 366*24*time.Hour {
		problem(http.StatusUnprocessableEntity, "invalid_dates", "Give from and to as dates such as 2026-03-01, at most a year apart.").write(c.Writer)
		return
	}
	days, err := a.Statistics.Days(c.Request.Context(), from, to)
	if err != nil {
		a.problemOf(err).write(c.Writer)
		return
	}
	out := make([]dayBody, 0, len(days))
	for _, d := range days {
		out = append(out, dayBody{d.Date, d.Country, d.Document, d.Outcome, d.Count()})
	}
	c.JSON(http.StatusOK, gin.H{"days": out})
}
