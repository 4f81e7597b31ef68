package testservers

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector takes traces as OpenTelemetry's collectors do: over HTTP, as protobuf.
type Collector struct {
	URL string

	mu      sync.Mutex
	spans   []Span
	headers []http.Header
}

// Span is one that a collector was sent. IDs are in hexadecimal; Parent is empty for a
// trace's first.
type Span struct {
	Service, Name     string
	Trace, ID, Parent string
	Failed            bool
	Message           string // of the failure
	Attributes        map[string]string
	Resource          map[string]string
	Extras            int // events and links
	Began, Ended      uint64
}

// StartCollector starts one that runs until the test ends.
func StartCollector(t testing.TB) *Collector {
	c := &Collector{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", c.take)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	c.URL = s.URL
	return c
}

func (c *Collector) take(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	var request collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(b, &request)
	}
	if err != nil || r.Header.Get("Content-Type") != "application/x-protobuf" {
		http.Error(w, "not spans as protobuf", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.headers = append(c.headers, r.Header.Clone())
	for _, of := range request.GetResourceSpans() {
		resource := values(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, Span{
					Service: resource["service.name"], Name: s.GetName(), Resource: resource, Attributes: values(s.GetAttributes()),
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Failed: s.GetStatus().GetCode() == trace.Status_STATUS_CODE_ERROR, Message: s.GetStatus().GetMessage(),
					Extras: len(s.GetEvents()) + len(s.GetLinks()), Began: s.GetStartTimeUnixNano(), Ended: s.GetEndTimeUnixNano(),
				})
			}
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func values(attributes []*common.KeyValue) map[string]string {
	all := map[string]string{}
	for _, a := range attributes {
		if v, isText := a.GetValue().GetValue().(*common.AnyValue_StringValue); isText {
			all[a.GetKey()] = v.StringValue
		} else {
			all[a.GetKey()] = a.GetValue().String()
		}
	}
	return all
}

// Spans are all that were sent so far.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Headers are those of the requests so far.
func (c *Collector) Headers() []http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]http.Header(nil), c.headers...)
}
