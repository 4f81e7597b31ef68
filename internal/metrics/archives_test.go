package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func TestRequestsThatWaitForTheirArchiveShow(t *testing.T) {
	m, now := New("scheduler", "v1"), time.Unix(1700000000, 0)
	a := m.NewArchives()
	expect(t, scrape(t, m), `passportphoto_archives_total{kind="access",result="failed"} 0`, `passportphoto_archives_total{kind="portability",result="unanswered"} 0`)
	a.Tried(subjectrequest.Access, "failed")
	var down error
	m.WatchArchives(func() time.Time { return now }, func(context.Context) (int, time.Time, error) {
		return 2, now.Add(-time.Minute), down
	})
	expect(t, scrape(t, m), `passportphoto_archives_total{kind="access",result="failed"} 1`,
		`passportphoto_archives_waiting 2`, `passportphoto_archives_oldest_waiting_seconds 60`)
	down = errors.New("no answer")
	if strings.Contains(scrape(t, m), "passportphoto_archives_waiting ") {
		t.Error("old figures are given out")
	}
}
