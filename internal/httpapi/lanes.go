package httpapi

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// countLimit is how long an upload waits to be counted. Without an answer it is not.
const countLimit = 100 * time.Millisecond

// laneOf says in which lane an upload will wait, before a byte of it is read; the error
// says why it may not come in now. A client's first photos of a minute go into the fast
// lane and its further ones into the other, so that nobody waits behind all of another's.
func (a *API) laneOf(c *gin.Context) (photo.Lane, error) {
	asked, given := c.GetQuery("lane")
	lane, ok := photo.ParseLane(asked)
	if !ok || given && asked == "" {
		return "", problem(http.StatusUnprocessableEntity, "unknown_lane", "The lane must be default or bulk, or be left out.")
	}
	lane, err := a.count(c, lane)
	if err == nil && a.Backlog != nil {
		if over := a.Backlog.Over(lane); over > 0 {
			err = tooManyWaiting(over)
		}
	}
	if err != nil && a.Intake.Known(c.Request.Context(), c.GetHeader("Idempotency-Key")) {
		return lane, nil // it was taken before, and brings no new photo
	}
	return lane, err
}

// Backlog says for how long a lane has more waiting than can be made in time; 0 if it
// has not. It answers at once.
type Backlog interface {
	Over(lane photo.Lane) time.Duration
}

// count counts the upload among the client's. Who has none left in the fast lane goes
// into the other.
func (a *API) count(c *gin.Context, lane photo.Lane) (photo.Lane, error) {
	if lane == photo.Bulk || a.exceeds(c, a.FastLane) > 0 {
		lane = photo.Bulk
		if wait := a.exceeds(c, a.BulkLane); wait > 0 {
			return lane, tooManyPhotos(wait)
		}
	}
	return lane, nil
}

// exceeds is how long the client has to wait until its rate allows one more. Without
// Redis nobody waits: uploads are taken without it.
func (a *API) exceeds(c *gin.Context, rate Limiter) time.Duration {
	if rate == nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), countLimit)
	defer cancel()
	wait, err := rate.Allow(ctx, a.clientOf(c))
	if err != nil {
		a.Log.Warn("uploads are not counted", "error", err)
	}
	return wait
}

func tooManyPhotos(wait time.Duration) *Problem {
	whole := time.Duration(math.Ceil(wait.Seconds())) * time.Second
	return retry(problem(http.StatusTooManyRequests, "too_many_photos", fmt.Sprintf("You have sent more photos than we take from one sender. Please try again in %s; nothing was kept of this one.", spoken(whole))), whole)
}

func tooManyWaiting(over time.Duration) *Problem {
	whole := time.Duration(math.Ceil(over.Seconds())) * time.Second
	return retry(problem(http.StatusServiceUnavailable, "too_many_waiting", fmt.Sprintf("So many photos are waiting at the moment that yours would not be ready soon. Please try again in %s; nothing was kept of this one.", spoken(whole))), whole)
}

// spoken says a time as people do.
func spoken(d time.Duration) string {
	switch {
	case d <= time.Second:
		return "a second"
	case d < 90*time.Second:
		return fmt.Sprintf("%d seconds", int(d.Seconds()))
	}
	return fmt.Sprintf("%d minutes", int(math.Ceil(d.Minutes())))
}
