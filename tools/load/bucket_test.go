package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// toll counts what is asked of a bucket, by the photo that it is about.
type toll struct {
	mu     sync.Mutex
	photos map[string]map[string]int
}

// photoIn finds the folder of a photo in an address, whether it is a path or the
// prefix of a list.
var photoIn = regexp.MustCompile(`(?:photos|held)(?:/|%2F)([A-Za-z0-9_-]{20,})`)

func (o *toll) count(r *http.Request) {
	found := photoIn.FindStringSubmatch(r.URL.String())
	if found == nil {
		return // about no photo
	}
	kind := r.Method
	if r.URL.Query().Has("list-type") {
		kind = "LIST"
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.photos[found[1]] == nil {
		o.photos[found[1]] = map[string]int{}
	}
	o.photos[found[1]][kind]++
}

// The numbers are those of docs/scaling.md.
func TestAPhotosWholeLifeTakesAFewRequestsToTheBucket(t *testing.T) {
	bucket, err := url.Parse(testservers.S3(t))
	if err != nil {
		t.Fatal(err)
	}
	query := bucket.Query()
	server, err := url.Parse(query.Get("endpoint"))
	if err != nil {
		t.Fatal(err)
	}
	counted := &toll{photos: map[string]map[string]int{}}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = server.Scheme, server.Host, r.In.Host // which is signed
	}}
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted.count(r)
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(gate.Close)
	query.Set("endpoint", gate.URL)
	bucket.RawQuery = query.Encode()

	p := small(t)
	p.Rate, p.Env = 2, []string{"BLOB_URL=" + bucket.String(), "AWS_ACCESS_KEY_ID=" + env(t, "AWS_ACCESS_KEY_ID"), "AWS_SECRET_ACCESS_KEY=" + env(t, "AWS_SECRET_ACCESS_KEY")}
	r, err := p.run(t.Context(), testapp.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"PUT": 4, "GET": 1, "HEAD": 4, "LIST": 4, "DELETE": 4}
	if r.seen.Erased == 0 || len(counted.photos) != int(r.seen.Accepted) {
		t.Errorf("%.0f photos were accepted, %.0f deleted, and %d met the bucket", r.seen.Accepted, r.seen.Erased, len(counted.photos))
	}
	for _, got := range counted.photos {
		if !maps.Equal(got, want) {
			t.Errorf("a photo took %s and not %s", fmt.Sprint(got), fmt.Sprint(want))
		}
	}
}
