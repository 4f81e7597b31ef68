package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
)

func TestTheHoursLeftForABreachShow(t *testing.T) {
	m, now := New("scheduler", "v1"), time.Unix(1700000000, 0)
	var down error
	m.WatchBreaches(func() time.Time { return now }, func(context.Context) (map[breach.State]breach.Clock, error) {
		return map[breach.State]breach.Clock{breach.Assessing: {Count: 2, Due: now.Add(time.Hour)}, breach.Telling: {Count: 1, Due: now.Add(-time.Minute)}}, down
	})
	shown := scrape(t, m)
	expect(t, shown,
		`passportphoto_breaches{state="assessing"} 2`, `passportphoto_breaches{state="deciding"} 0`,
		`passportphoto_breach_left_seconds{state="assessing"} 3600`, `passportphoto_breach_left_seconds{state="telling"} -60`)
	for _, none := range []string{`left_seconds{state="deciding"}`, `{state="closed"}`} {
		if strings.Contains(shown, none) {
			t.Errorf("%s is given out", none)
		}
	}
	down = errors.New("no answer")
	if strings.Contains(scrape(t, m), "passportphoto_breaches{") {
		t.Error("old figures are given out")
	}
}
