package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestTheOldestItemsAgeStandsBesideTheAgeToAlertAt(t *testing.T) {
	m, now := New("scheduler", "test"), time.Date(2026, 3, 22, 0, 0, 0, 0, time.UTC)
	m.WatchAges(func() time.Time { return now },
		Aged{"access_log", 24 * 24 * time.Hour, func(context.Context) (time.Time, bool, error) { return now.Add(-time.Hour), true, nil }},
		Aged{"usage_statistics", 91 * 24 * time.Hour, func(context.Context) (time.Time, bool, error) { return time.Time{}, false, nil }},
		Aged{"original", 60 * time.Hour, func(context.Context) (time.Time, bool, error) { return time.Time{}, false, errors.New("no database") }})
	got := scrape(t, m)
	expect(t, got,
		`passportphoto_oldest_item_age_seconds{class="access_log"} 3600`,
		`passportphoto_oldest_item_age_seconds{class="usage_statistics"} 0`,
		`passportphoto_oldest_item_alert_seconds{class="access_log"} 2.0736e+06`,
		`passportphoto_oldest_item_alert_seconds{class="original"} 216000`)
	if strings.Contains(got, `age_seconds{class="original"}`) {
		t.Error("there is an age though the records do not answer")
	}
}

func TestTheLogsAndTheStatisticsLossesAreCounted(t *testing.T) {
	m := New("api", "test")
	log, used, purges := m.NewAccessLog(), m.NewStatistics(), m.NewScheduler()
	log.Logged(128)
	log.LogLost(3)
	used.StatisticsNoted(nil)
	used.StatisticsNoted(errors.New("no database"))
	purges.Purged("access_log", 1000)
	expect(t, scrape(t, m),
		`passportphoto_access_log_lines_total 128`, `passportphoto_access_log_lost_total 3`,
		`passportphoto_statistics_noted_total{result="failed"} 1`, `passportphoto_statistics_noted_total{result="ok"} 1`,
		`passportphoto_purged_total{class="access_log"} 1000`)
}
