package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

func TestWhatWaitsForAnOfficerShowsByWhatIsLeft(t *testing.T) {
	m := New("scheduler", "v1")
	m.NewReminders().Reminded(letter.Access, 3)
	var down error
	told := false
	m.WatchReminders(func(context.Context) (time.Time, bool, error) { return time.Unix(1700000000, 0), told, nil })
	if strings.Contains(scrape(t, m), "reminders_last") {
		t.Error("somebody was reminded never")
	}
	told = true
	m.WatchDocket(func(context.Context) (docket.Tally, error) {
		return docket.Tally{letter.Access: {2, 1, 0, 0, 0, 7}, "of another version": {1}}, down
	})
	got := scrape(t, m)
	expect(t, got,
		`passportphoto_open_cases{left="overdue",matter="access"} 2`, `passportphoto_open_cases{left="24h",matter="access"} 1`,
		`passportphoto_open_cases{left="later",matter="access"} 7`, `passportphoto_open_cases{left="overdue",matter="child_report"} 0`,
		`passportphoto_reminders_total{matter="access"} 3`, `passportphoto_reminders_last_timestamp_seconds 1.7e+09`)
	if strings.Contains(got, "another version") {
		t.Error("a label is not from the list")
	}
	down = errors.New("no answer")
	if strings.Contains(scrape(t, m), "passportphoto_open_cases{") {
		t.Error("old figures are given out")
	}
}
