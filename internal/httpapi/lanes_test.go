package httpapi_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// sharing gives each client so many photos a minute in the fast lane, and so many
// beyond.
func sharing(t *testing.T, fast, bulk int) func(*httpapi.Options) {
	t.Helper()
	c := testservers.RedisClient(t, testservers.Redis(t))
	return func(o *httpapi.Options) {
		o.FastLane = ratelimit.New(c, "fast-lane", ratelimit.Rates{Client: fast})
		o.BulkLane = ratelimit.New(c, "bulk-lane", ratelimit.Rates{Client: bulk})
	}
}

// waiting is how many photos wait in each lane.
func (s *service) waiting() (fast, bulk int) {
	s.Helper()
	all, err := s.queue.Depths(s.Context())
	s.must(err)
	in := func(name string) int {
		return all[slices.IndexFunc(all, func(d metrics.Depth) bool { return d.Queue == name })].Pending
	}
	return in(tasks.Photos), in(tasks.Bulk)
}

func (s *service) postTo(query string, headers ...string) reply {
	s.Helper()
	body, kind := form(field{"file", "me.jpg", portrait(s.T)}, field{"document", "", "us-passport"})
	return s.do(s.request(http.MethodPost, "/v1/photos"+query, body, append(headers, "Content-Type", kind)...))
}

func TestAClientsPhotosBeyondItsShareLeaveTheFastLaneToOthers(t *testing.T) {
	s := newService(t, behind(t, "127.0.0.1"), sharing(t, 2, 3))
	const many, one = "198.51.100.7", "198.51.100.8"
	for range 5 {
		if r := s.postTo("", "X-Forwarded-For", many); r.StatusCode != http.StatusAccepted {
			t.Fatalf("got %d %s", r.StatusCode, r.body)
		}
	}
	if fast, bulk := s.waiting(); fast != 2 || bulk != 3 {
		t.Errorf("%d wait in the fast lane and %d in the other", fast, bulk)
	}
	r := s.postTo("", "X-Forwarded-For", many)
	s.isProblem(r, 429, "too_many_photos")
	if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
		t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
	}
	if r := s.postTo("", "X-Forwarded-For", one); r.StatusCode != http.StatusAccepted {
		t.Errorf("another client: %d %s", r.StatusCode, r.body)
	}
	if fast, bulk := s.waiting(); fast != 3 || bulk != 3 {
		t.Errorf("%d wait in the fast lane and %d in the other", fast, bulk)
	}
}

func TestWhoSendsForNobodyWhoWatchesMayAskForTheOtherLane(t *testing.T) {
	s := newService(t, sharing(t, 5, 5))
	var a accepted
	s.postTo("?lane=bulk").decode(t, &a)
	if fast, bulk := s.waiting(); fast != 0 || bulk != 1 {
		t.Errorf("%d wait in the fast lane and %d in the other", fast, bulk)
	}
	s.isProblem(s.postTo("?lane=express"), 422, "unknown_lane")

	held := s.claim(a)
	s.must(s.photos.Finish(t.Context(), held, photo.Outcome{Status: photo.Ready, Now: s.clock.Now()}))
	r := s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(`{"document": "de-passport"}`), append(a.bearer(), "Content-Type", "application/json")...))
	if fast, _ := s.waiting(); r.StatusCode != http.StatusOK && r.StatusCode != http.StatusAccepted || fast != 1 {
		t.Errorf("an edit, for which somebody waits: %d %s; %d wait in the fast lane", r.StatusCode, r.body, fast)
	}
}

func TestWithoutRedisNobodyIsCounted(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) {
		server := testservers.StartRedis(t)
		c := testservers.RedisClient(t, server.URL)
		server.Stop()
		o.FastLane = ratelimit.New(c, "fast-lane", ratelimit.Rates{Client: 1})
		o.BulkLane = ratelimit.New(c, "bulk-lane", ratelimit.Rates{Client: 1})
	})
	for range 3 {
		s.upload()
	}
	if fast, bulk := s.waiting(); fast != 3 || bulk != 0 {
		t.Errorf("%d wait in the fast lane and %d in the other", fast, bulk)
	}
}

func TestAPhotoIsAmongTheNextOnesWhoeverSentHundredsBefore(t *testing.T) {
	s := newService(t, behind(t, "127.0.0.1"), sharing(t, 10, 1000), func(o *httpapi.Options) { o.MaxUploads = 64 })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 25 {
				if r := s.postTo("", "X-Forwarded-For", "198.51.100.7"); r.StatusCode != http.StatusAccepted {
					t.Errorf("got %d %s", r.StatusCode, r.body)
				}
			}
		})
	}
	all.Wait()
	var mine accepted
	s.postTo("", "X-Forwarded-For", "198.51.100.8").decode(t, &mine)

	order := make(chan photo.ID, 1000)
	s.works(func(id photo.ID) { order <- id })
	for turn := 1; string(<-order) != mine.ID; turn++ {
		if turn == 35 { // 11 of the fast lane, and one of the other now and then
			t.Fatal("it is not among the next 35 of 201")
		}
	}
}
