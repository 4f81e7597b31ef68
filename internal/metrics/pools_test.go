package metrics

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestPoolsShowHowOftenSomebodyHadToWait(t *testing.T) {
	m := New("api", "v1")
	m.WatchPools(func() Pool {
		return Pool{Name: "records", InUse: 3, Idle: 2, Most: 10, Waits: 7, Waited: 1500 * time.Millisecond}
	}, func() Pool { return Pool{Name: "queue", Idle: 1} })
	got := scrape(t, m)
	expect(t, got,
		`passportphoto_pool_connections{pool="records",state="in_use"} 3`, `passportphoto_pool_connections{pool="queue",state="idle"} 1`,
		`passportphoto_pool_connections_limit{pool="records"} 10`,
		`# TYPE passportphoto_pool_waits_total counter`, `passportphoto_pool_waits_total{pool="records"} 7`,
		`passportphoto_pool_wait_seconds_total{pool="records"} 1.5`)
	if strings.Contains(got, `limit{pool="queue"}`) {
		t.Error("a pool without a limit has one")
	}
}

func TestHowLongAnOwnerWaitedIsCountedByHowItEnded(t *testing.T) {
	m := New("worker", "v1")
	w := m.NewWorker()
	w.Settled(t.Context(), photo.Ready, "", 9*time.Second)
	w.Settled(t.Context(), photo.Ready, "", 11*time.Second)
	w.Settled(t.Context(), photo.Ready, photo.Bulk, time.Minute)
	expect(t, scrape(t, m),
		`passportphoto_photo_wait_seconds_bucket{lane="default",outcome="ready",le="10"} 1`, `passportphoto_photo_wait_seconds_count{lane="default",outcome="ready"} 2`,
		`passportphoto_photo_wait_seconds_count{lane="default",outcome="failed"} 0`,
		`passportphoto_photo_wait_seconds_count{lane="bulk",outcome="ready"} 1`)
}

func TestEveryHistogramIsANativeOneToo(t *testing.T) {
	m := New("worker", "v1")
	m.NewWorker().Settled(t.Context(), photo.Ready, "", time.Second)
	m.NewAPI().Upload(1 << 20)
	m.NewScheduler().JobRan("expire", time.Second, nil)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range families {
		if f.GetType() != dto.MetricType_HISTOGRAM || !strings.HasPrefix(f.GetName(), "passportphoto_") {
			continue
		}
		for _, one := range f.GetMetric() {
			if seen++; one.GetHistogram().Schema == nil {
				t.Errorf("%s has only fixed buckets", f.GetName())
			}
		}
	}
	if seen < 3 {
		t.Errorf("%d histograms were seen", seen)
	}
	r, w := httptest.NewRequest("GET", "/metrics", nil), httptest.NewRecorder()
	r.Header.Set("Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
	m.Handler().ServeHTTP(w, r)
	if !strings.Contains(w.Header().Get("Content-Type"), "protobuf") {
		t.Errorf("Prometheus, which takes native histograms as protobuf only, gets %s", w.Header().Get("Content-Type"))
	}
}
