package endtoend

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// figure reads one of a process's figures; -1 if it is not there.
func figure(t *testing.T, page, name string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)`).FindStringSubmatch(page)
	if found == nil {
		return -1
	}
	v, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAWorkerTellsOfItsChildrensMemoryAndModels(t *testing.T) {
	s := newService(t)
	_, worker, scheduler := s.startAll()
	id, key := s.accepted("gb-passport", testpictures.Portrait(t, portraits.Smiling))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Fatalf("the photo is %s", f.Status)
	}
	const mb = 1 << 20
	page := get(t, worker.ops+"/metrics", "text/plain")
	for name, is := range map[string]struct{ least, most float64 }{
		`passportphoto_model_loads_total{result="ok"}`:                 {1, 1},
		`passportphoto_model_loads_total{result="failed"}`:             {0, 0},
		`passportphoto_model_load_seconds_sum`:                         {.001, 30},
		`passportphoto_studio_resident_bytes`:                          {50 * mb, 1500 * mb},
		`passportphoto_vips_peak_bytes`:                                {.1 * mb, 1500 * mb},
		`passportphoto_vips_held_bytes`:                                {0, mb},
		`passportphoto_queue_tries_total{queue="default"}`:             {1, 1},
		`passportphoto_queue_failures_total{queue="default"}`:          {0, 0},
		`passportphoto_pool_connections{pool="events",state="in_use"}`: {0, 10},
	} {
		if got := figure(t, page, name); got < is.least || got > is.most {
			t.Errorf("%s is %g, not %g to %g", name, got, is.least, is.most)
		}
	}
	if got := figure(t, get(t, scheduler.ops+"/metrics", "text/plain"), `passportphoto_job_late_seconds_count{job_name="requeue"}`); got < 1 {
		t.Errorf("%g runs of a job tell how late they began", got)
	}
	if code := s.send(http.MethodDelete, "/v1/photos/"+id, key, nil).code; code != http.StatusNoContent {
		t.Errorf("the deletion: %d", code)
	}
}

// series are the names and labels of what a process tells, without the values.
func series(t *testing.T, p *process) (all []string) {
	t.Helper()
	for _, found := range regexp.MustCompile(`(?m)^(passportphoto_\w+(?:{.*})?) \S+$`).FindAllStringSubmatch(get(t, p.ops+"/metrics", "text/plain"), -1) {
		all = append(all, found[1])
	}
	slices.Sort(all)
	return all
}

func TestStrangersCannotMakeUpFigures(t *testing.T) {
	s := newService(t)
	api := s.start("api")
	ask := func(odd string) {
		picture := part{field: "file", name: odd + ".jpg", value: odd}
		body, kind := form(t, part{field: "document", value: odd}, picture)
		s.send(http.MethodPost, "/v1/photos", "", body, "Content-Type", kind, "User-Agent", odd)
		s.send(http.MethodGet, "/v1/photos/"+odd, odd, nil)
		s.send(http.MethodGet, "/"+odd+"?"+odd, "", nil)
		s.send("X"+odd, "/", "", nil)
		s.send(http.MethodGet, "/assets/"+odd, "", nil, "Traceparent", odd)
	}
	ask("first")
	before := series(t, api)
	for i := range 20 {
		ask(fmt.Sprintf("odd%d", i))
	}
	after := series(t, api)
	if diff := cmp.Diff(before, after); diff != "" || len(before) < 50 {
		t.Errorf("strangers add to %d figures:\n%s", len(before), diff)
	}
	label := regexp.MustCompile(`(\w+)="([^"]*)"`)
	ours := regexp.MustCompile(`^[a-z0-9_./:+Inf-]{0,40}$`)
	for _, one := range after {
		for _, l := range label.FindAllStringSubmatch(one, -1) {
			if l[1] != "method" && l[1] != "go" && l[1] != "version" && !ours.MatchString(l[2]) {
				t.Errorf("%s is no label of ours: %s", l[0], one)
			}
		}
	}
}
