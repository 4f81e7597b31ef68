package metrics

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	b, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("%d, %v", w.Code, err)
	}
	for _, theirs := range []string{`{job="`, `,job="`, `{instance="`, `,instance="`} {
		if strings.Contains(string(b), theirs) {
			t.Errorf("Prometheus gives the label %s itself, and alerts would see that one", theirs)
		}
	}
	return string(b)
}

func expect(t *testing.T, got string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(got, l+"\n") {
			t.Errorf("missing: %s", l)
		}
	}
}

func TestAProcessTellsWhatItDid(t *testing.T) {
	m := New("worker", "v1")
	api, worker, studios, scheduler, erasures := m.NewAPI(), m.NewWorker(), m.NewStudios(), m.NewScheduler(), m.NewErasures()
	expect(t, scrape(t, m), `passportphoto_http_requests_total{class="5xx",method="POST",route="/v1/photos"} 0`)
	api.Request(t.Context(), "GET", "/v1/photos/{id}", 404, time.Millisecond)
	api.Request(t.Context(), "BREW", "", 200, time.Millisecond)
	api.Upload(1 << 20)
	api.Refused("too_large")
	api.Preview("busy", 400*time.Millisecond)
	worker.Began()
	worker.Began()
	worker.Ended(t.Context(), "rejected", photo.NoFace, time.Second)
	worker.Step(t.Context(), photo.StepDetect, time.Second)
	studios.ChildStarted()
	studios.ChildPeak(5000)
	studios.ChildLoaded(700*time.Millisecond, nil)
	studios.ChildLoaded(time.Second, errors.New("no"))
	m.WatchStudios(func() StudioMemory { return StudioMemory{300, 20, 50} }, func() StudioMemory { return StudioMemory{100, 1, 70} })
	studios.ChildPeak(3000)
	studios.ChildEnded("crashed")
	scheduler.JobRan("expire", time.Second, nil)
	scheduler.JobLate("expire", 2*time.Second)
	scheduler.JobRan("expire", time.Second, errors.New("no"))
	erasures.Erased("expiry", nil)
	expect(t, scrape(t, m),
		`passportphoto_http_requests_total{class="4xx",method="GET",route="/v1/photos/{id}"} 1`,
		`passportphoto_http_requests_total{class="2xx",method="other",route="none"} 1`,
		`passportphoto_upload_bytes_sum 1.048576e+06`,
		`passportphoto_uploads_refused_total{code="too_large"} 1`,
		`passportphoto_preview_seconds_count{outcome="busy"} 1`,
		`passportphoto_photos_in_flight 1`,
		`passportphoto_photo_outcomes_total{outcome="rejected",reason="no_face"} 1`,
		`passportphoto_step_seconds_count{step="detect"} 1`,
		`passportphoto_step_seconds_count{step="render"} 0`,
		`passportphoto_studios 0`,
		`passportphoto_studio_peak_bytes 5000`,
		`passportphoto_studio_resident_bytes 400`, `passportphoto_vips_held_bytes 21`, `passportphoto_vips_peak_bytes 70`,
		`passportphoto_model_loads_total{result="ok"} 1`, `passportphoto_model_loads_total{result="failed"} 1`,
		`passportphoto_model_load_seconds_count 1`, `passportphoto_job_late_seconds_sum{job_name="expire"} 2`,
		`passportphoto_studio_ends_total{cause="crashed"} 1`,
		`passportphoto_job_runs_total{job_name="expire",result="failed"} 1`,
		`passportphoto_erasures_total{reason="expiry",result="ok"} 1`,
	)
}

func TestQueuesAreLookedAtWhenAsked(t *testing.T) {
	m := New("scheduler", "v1")
	var down error
	m.WatchQueues(func(context.Context) ([]Depth, error) {
		if down != nil {
			return nil, down
		}
		return []Depth{{Queue: "default", Pending: 7, Oldest: 90 * time.Second, Processes: 2, Slots: 8, Tries: 9, Failures: 4}}, nil
	})
	m.WatchWaits(func(l photo.Lane) time.Duration {
		return map[photo.Lane]time.Duration{"": 2 * time.Second, photo.Bulk: time.Minute}[l]
	})
	m.WatchPhotos(func(context.Context) (map[photo.Status]int, error) {
		return map[photo.Status]int{photo.Queued: 3}, down
	})
	expect(t, scrape(t, m),
		`passportphoto_queue_up 1`, `passportphoto_queue_tasks{queue="default",state="pending"} 7`,
		`passportphoto_queue_oldest_pending_seconds{queue="default"} 90`,
		`passportphoto_queue_processes{queue="default"} 2`, `passportphoto_queue_slots{queue="default"} 8`,
		`# TYPE passportphoto_queue_tries_total counter`, `passportphoto_queue_tries_total{queue="default"} 9`, `passportphoto_queue_failures_total{queue="default"} 4`,
		`passportphoto_expected_wait_seconds{lane="default"} 2`, `passportphoto_expected_wait_seconds{lane="bulk"} 60`,
		`passportphoto_photos_up 1`, `passportphoto_photos{status="queued"} 3`)
	down = errors.New("no answer")
	got := scrape(t, m)
	expect(t, got, `passportphoto_queue_up 0`, `passportphoto_photos_up 0`)
	if strings.Contains(got, "passportphoto_queue_tasks{") {
		t.Error("old figures are given out")
	}
}

func TestWhatIsKeptIsWatched(t *testing.T) {
	m := New("scheduler", "v1")
	k := m.NewKeeping()
	k.Orphan("blobs")
	k.Clock(3, false)
	k.BucketConcern("versioned")
	m.WatchRestrictions(func(context.Context) (map[photo.Ground]int, int, error) {
		return map[photo.Ground]int{photo.Objects: 2}, 1, nil
	})
	m.WatchComplaints(func(context.Context) (map[complaint.State]int, error) {
		return map[complaint.State]int{complaint.Answered: 4}, nil
	})
	m.WatchChildReports(func(context.Context) (int, int, error) { return 3, 2, nil })
	expect(t, scrape(t, m),
		`passportphoto_complaints{state="answered"} 4`, `passportphoto_complaints{state="received"} 0`,
		`passportphoto_child_reports_open 3`, `passportphoto_child_reports_overdue 2`,
		`passportphoto_orphans_total{kind="blobs"} 1`, `passportphoto_orphans_total{kind="record"} 0`,
		`passportphoto_clock_ahead_seconds 3`, `passportphoto_clock_doubted 0`,
		`passportphoto_bucket_concerns{concern="versioned"} 1`,
		`passportphoto_restricted_photos{ground="objection"} 2`, `passportphoto_restricted_photos{ground="accuracy"} 0`,
		`passportphoto_restriction_reviews_overdue 1`)
	k.Clock(300, true)
	expect(t, scrape(t, m), `passportphoto_clock_doubted 1`)
}
