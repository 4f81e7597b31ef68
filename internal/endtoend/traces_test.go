package endtoend

import (
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// strangers is a trace that a client says its request belongs to.
const strangers = "0af7651916cd43dd8448eb211c80319c"

// toldOfSpans are all the attributes that there may be, and what they look like.
func toldOfSpans() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for key, form := range map[string]string{
		"http.request.method": `[A-Z]+`, "http.route": `none|(/[a-z0-9_.-]*|/:[a-z]+)+`, "http.response.status_code": `int_value:\d{3}`,
		"queue.name": `default|critical|maintenance|mail|answers`, "queue.waited_ms": `int_value:\d{1,6}`, "queue.retries": `int_value:\d`,
		"blob.kind": `original|result|report|analysis`, "blob.bytes": `int_value:\d{1,8}`,
		"photo.attempt": `int_value:\d`, "photo.outcome": `ready|rejected`, "photo.reason": `[a-z_]*`, "letter.kind": `[a-z_]+`,
	} {
		all[key] = regexp.MustCompile(`^(` + form + `)$`)
	}
	return all
}

// lineage are the names from a trace's first span to the given one.
func lineage(spans []testservers.Span, s testservers.Span) string {
	for _, parent := range spans {
		if parent.ID == s.Parent && parent.Trace == s.Trace {
			return lineage(spans, parent) + " > " + s.Name
		}
	}
	if s.Parent != "" {
		return "(missing) > " + s.Name
	}
	return s.Name
}

func TestAPhotosWayThroughTheProcessesIsOneTraceThatTellsNothingOfThePerson(t *testing.T) {
	collector := testservers.StartCollector(t)
	s := newService(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "PREVIEW_CONCURRENCY=1")
	api, worker, scheduler := s.startAll()
	body, kind := form(t, part{field: "document", value: "gb-passport"},
		part{field: "file", name: "Anna Smith.jpg", value: string(testpictures.Portrait(t, portraits.Smiling))})
	got := s.send(http.MethodPost, "/v1/photos", "", body, "Content-Type", kind, "User-Agent", "Annas-Phone/1",
		"Referer", "https://anna.example/", "Traceparent", "00-"+strangers+"-b7ad6b7169203331-01", "Baggage", "name=anna")
	if got.code != http.StatusAccepted {
		t.Fatalf("%d %s", got.code, got.body)
	}
	id, key := got.fields(t).ID, got.fields(t).Key
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Fatalf("the photo is %s", f.Status)
	}
	if edited := s.send(http.MethodPatch, "/v1/photos/"+id, key, []byte(`{"document":"us-passport"}`), "Content-Type", "application/json"); edited.code >= 300 {
		t.Fatalf("the edit: %d %s", edited.code, edited.body)
	}
	s.settled(id, key, time.Minute)
	s.send(http.MethodDelete, "/v1/photos/"+id, key, nil)
	if look := s.preview("gb-passport", smallPortrait(t)); look.code != http.StatusOK {
		t.Errorf("the preview: %d %s", look.code, look.body)
	}
	s.send(http.MethodGet, "/nowhere?name=anna", "", nil)
	figures := openMetrics(t, worker.ops) + openMetrics(t, api.ops)
	for _, p := range []*process{api, worker, scheduler} {
		p.stop()
	}

	spans := collector.Spans()
	var ways []string
	for _, span := range spans {
		way := lineage(spans, span)
		ways = append(ways, way)
		told := fmt.Sprintf("%+v", span)
		for _, secret := range []string{id, key, "Anna", "anna", "127.0.0.1", s.Dir, strangers} {
			if strings.Contains(told, secret) {
				t.Errorf("%q is in %s", secret, told)
			}
		}
		for name, value := range span.Attributes {
			if form := toldOfSpans()[name]; form == nil || !form.MatchString(value) {
				t.Errorf("%s tells %s=%q", way, name, value)
			}
		}
		if span.Message != "" || span.Extras > 0 {
			t.Errorf("%s says more than it may: %s", way, told)
		}
		for name := range span.Resource {
			if !strings.HasPrefix(name, "service.") {
				t.Errorf("the process tells %s", name)
			}
		}
	}
	const upload, task = "POST /v1/photos", "POST /v1/photos > enqueue photo:develop > photo:develop"
	for _, want := range []string{
		upload, upload + " > reserve a record", upload + " > seal and store a blob", upload + " > accept in the records",
		upload + " > enqueue photo:develop", upload + " > note in the record that it is enqueued",
		task, task + " > claim", task + " > open a blob", task + " > develop", task + " > seal and store a blob", task + " > finish",
		task + " > develop > step decode", task + " > develop > step detect", task + " > develop > step landmarks",
		task + " > develop > step render", task + " > develop > step encode",
		"PATCH /v1/photos/:id > revise the record", "PATCH /v1/photos/:id > enqueue photo:develop > photo:develop > finish",
		"POST /v1/checks > enqueue preview:run > preview:run > develop > step detect",
		"GET none", "DELETE /v1/photos/:id", "job requeue",
	} {
		if !slices.Contains(ways, want) {
			t.Errorf("there is no span %s", want)
		}
	}
	if t.Failed() {
		slices.Sort(ways)
		t.Logf("there are\n%s", strings.Join(slices.Compact(ways), "\n"))
	}
	spread(t, spans, upload)
	followed(t, spans, figures, worker.log.String()+api.log.String())
}

// spread checks that the processes' spans of an upload form one trace, in which times
// fit.
func spread(t *testing.T, spans []testservers.Span, upload string) {
	t.Helper()
	i := slices.IndexFunc(spans, func(s testservers.Span) bool { return s.Name == upload })
	services := map[string]bool{}
	by := map[string]testservers.Span{}
	for _, s := range spans {
		if i >= 0 && s.Trace == spans[i].Trace {
			services[s.Service], by[s.ID] = true, s
		}
	}
	if len(services) != 2 {
		t.Errorf("the trace of the upload has spans of %v", services)
	}
	for _, s := range by {
		if parent, inside := by[s.Parent]; inside && s.Began < parent.Began-uint64(time.Millisecond) || s.Ended < s.Began {
			t.Errorf("%s began before what it is a part of", s.Name)
		}
	}
}

// openMetrics are a process's figures as a Prometheus gets them that asks for exemplars.
func openMetrics(t *testing.T, ops string) string {
	t.Helper()
	return get(t, ops+"/metrics", "application/openmetrics-text; version=1.0.0")
}

// followed checks that figures and log lines lead to traces that there are.
func followed(t *testing.T, spans []testservers.Span, figures, log string) {
	t.Helper()
	kept := map[string]bool{}
	for _, s := range spans {
		kept[s.Trace] = true
	}
	for _, name := range []string{"http_request_seconds", "photo_wait_seconds", "step_seconds", "photo_seconds"} {
		found := regexp.MustCompile(`passportphoto_` + name + `_bucket{.*} \d+ # {trace_id="([0-9a-f]{32})"}`).FindStringSubmatch(figures)
		if len(found) == 0 || !kept[found[1]] {
			t.Errorf("%s has no exemplar that leads to a trace: %v", name, found)
		}
	}
	for _, line := range []string{"msg=request", `msg="turn ended"`} {
		found := regexp.MustCompile(line + ` .*trace_id=([0-9a-f]{32})`).FindStringSubmatch(log)
		if len(found) == 0 || !kept[found[1]] {
			t.Errorf("a line of %s does not lead to a trace: %v", line, found)
		}
	}
}

func TestACollectorThatHangsSlowsNoPhotoAndNoStop(t *testing.T) {
	hangs, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer hangs.Close()
	s := newService(t, "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+hangs.Addr().String())
	api, worker, scheduler := s.startAll()
	id, key := s.accepted("gb-passport", testpictures.Portrait(t, portraits.Smiling))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Fatalf("the photo is %s", f.Status)
	}
	for _, p := range []*process{api, worker, scheduler} {
		if took := p.stop(); took > testapp.StopLimit {
			t.Errorf("the stop took %s", took)
		}
	}
}
