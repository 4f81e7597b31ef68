package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// counter has requests that wait, and what becomes of each.
type counter struct {
	waiting []subjectrequest.ID
	fate    map[subjectrequest.ID]error
	asked   []subjectrequest.ID
}

func (c *counter) Unserved(_ context.Context, limit int) ([]subjectrequest.ID, error) {
	return slices.Clone(c.waiting[:min(limit, len(c.waiting))]), nil
}

func (c *counter) Serve(_ context.Context, id subjectrequest.ID) (subjectrequest.Request, error) {
	c.asked = append(c.asked, id)
	if err := c.fate[id]; err != nil {
		return subjectrequest.Request{}, err
	}
	c.waiting = slices.DeleteFunc(c.waiting, func(w subjectrequest.ID) bool { return w == id })
	return subjectrequest.Request{State: subjectrequest.Fulfilled}, nil
}

func TestARequestThatResistsDoesNotStopTheRestAndIsTakenUpAgain(t *testing.T) {
	why := errors.New("the eraser is away")
	c := &counter{waiting: []subjectrequest.ID{"a", "b", "c"}, fate: map[subjectrequest.ID]error{"a": why}}
	job := scheduler.ServeRequests(c, c, slog.New(slog.DiscardHandler))
	if err := job.Run(t.Context(), time.Time{}); !errors.Is(err, why) {
		t.Errorf("the job says %v", err)
	}
	if !slices.Equal(c.asked, []subjectrequest.ID{"a", "b", "c"}) || !slices.Equal(c.waiting, []subjectrequest.ID{"a"}) {
		t.Errorf("asked %v, left %v", c.asked, c.waiting)
	}
	c.fate = nil
	if err := job.Run(t.Context(), time.Time{}); err != nil || len(c.waiting) != 0 {
		t.Errorf("the next run: %v, left %v", err, c.waiting)
	}
}
