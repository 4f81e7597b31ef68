package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestHowLongAJobIsSilentStandsBesideItsPeriod(t *testing.T) {
	m, down := New("scheduler", "test"), false
	m.WatchJobs(func(context.Context) ([]Job, error) {
		if down {
			return nil, errors.New("no database")
		}
		return []Job{
			{Name: "expire", Every: time.Minute, SucceededAt: time.Unix(1700000000, 0), Silent: 90 * time.Second},
			{Name: "look_at_ages", Every: time.Hour, Silent: time.Second},
		}, nil
	})
	got := scrape(t, m)
	expect(t, got,
		`passportphoto_job_last_success_timestamp_seconds{job_name="expire"} 1.7e+09`,
		`passportphoto_job_silent_seconds{job_name="expire"} 90`, `passportphoto_job_period_seconds{job_name="expire"} 60`,
		`passportphoto_job_silent_seconds{job_name="look_at_ages"} 1`, `passportphoto_job_period_seconds{job_name="look_at_ages"} 3600`)
	if strings.Contains(got, `last_success_timestamp_seconds{job_name="look_at_ages"}`) {
		t.Error("a job that never succeeded has a time at which it did")
	}
	if down = true; strings.Contains(scrape(t, m), `job_name="expire"`) {
		t.Error("there are figures though the records do not answer")
	}
}

func TestErasuresThatWaitAreShownWithTheirAge(t *testing.T) {
	m, now, n := New("scheduler", "test"), time.Unix(1700000000, 0), 0
	m.WatchErasures(func() time.Time { return now }, func(context.Context) (int, time.Time, error) { return n, now.Add(-time.Minute), nil })
	expect(t, scrape(t, m), `passportphoto_erasures_pending 0`, `passportphoto_erasures_pending_oldest_seconds 0`)
	n = 2
	expect(t, scrape(t, m), `passportphoto_erasures_pending 2`, `passportphoto_erasures_pending_oldest_seconds 60`)
}

func TestEveryCauseOfAKeyErrorIsThereBeforeItHappens(t *testing.T) {
	m := New("api", "test")
	m.NewKeys().KeyError("unwrap")
	expect(t, scrape(t, m), `passportphoto_key_errors_total{cause="store"} 0`, `passportphoto_key_errors_total{cause="unwrap"} 1`, `passportphoto_key_errors_total{cause="wrap"} 0`)
}
