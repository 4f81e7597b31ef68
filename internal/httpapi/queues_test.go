package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// pending is how many photos wait in the queue.
func (s *service) pending() int {
	s.Helper()
	all, err := s.queue.Depths(s.Context())
	s.must(err)
	i := slices.IndexFunc(all, func(d metrics.Depth) bool { return d.Queue == tasks.Photos })
	return all[i].Pending
}

// script sends what a script of the queues' pages sends.
func (s *service) script(method, path, body string, headers ...string) reply {
	s.Helper()
	return s.do(s.request(method, path, strings.NewReader(body), append(headers, "Content-Type", "application/json", "Accept", "application/json")...))
}

func TestTheQueuesAreShownToOperatorsOnlyAndEntriesByTheirIDs(t *testing.T) {
	s := newService(t)
	c := photo.Claim{ID: photo.NewID(), Revision: 2, Attempt: 1}
	s.must(s.queue.EnqueuePhoto(t.Context(), c))
	where, err := tasks.ParseRedis(s.redis.URL)
	s.must(err)
	client := asynq.NewClient(where)
	defer func() { _ = client.Close() }()
	_, err = client.Enqueue(asynq.NewTask(tasks.PhotoType, []byte(`{"id":"x","name":"somebody@example.org"}`)), asynq.Queue(tasks.Photos))
	s.must(err)

	for _, path := range []string{"/ops/queues", "/ops/queues/", "/ops/queues/api/queues", "/ops/queues/static/js/x.js"} {
		s.isProblem(s.get(path), http.StatusUnauthorized, "operators_only")
		if r := s.get(path, "Accept", html); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s without a session: %d", path, r.StatusCode)
		}
	}
	for _, name := range []string{"reader", "desk-a"} {
		by := s.signedIn(name)
		list := string(s.get("/ops/queues/api/queues/default/pending_tasks", by...).body)
		for _, want := range []string{string(c.ID), `\"revision\":2`, "not shown"} {
			if !strings.Contains(list, want) {
				t.Errorf("%s is not shown %q: %s", name, want, list)
			}
		}
		if strings.Contains(list, "somebody") {
			t.Errorf("%s is shown what an entry says that is not ours: %s", name, list)
		}
	}
}

func TestOnlyAnOfficerOnTheQueuesPagesChangesTheQueues(t *testing.T) {
	s := newService(t)
	for range 2 {
		s.must(s.queue.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	}
	const path = "/ops/queues/api/queues/default/pending_tasks:delete_all"
	for what, tt := range map[string]struct {
		by      []string
		headers []string
		code    string
	}{
		"nobody":                         {nil, []string{"Sec-Fetch-Site", "same-origin"}, "operators_only"},
		"a viewer":                       {s.signedIn("reader"), []string{"Sec-Fetch-Site", "same-origin"}, "officers_only"},
		"another site's page":            {s.officer(), []string{"Sec-Fetch-Site", "cross-site"}, "cross_origin"},
		"a neighbour's page":             {s.officer(), []string{"Sec-Fetch-Site", "same-site"}, "cross_origin"},
		"a link":                         {s.officer(), []string{"Sec-Fetch-Site", "none"}, "cross_origin"},
		"an old browser, from elsewhere": {s.officer(), []string{"Origin", "https://evil.example"}, "cross_origin"},
		"a page without an origin":       {s.officer(), []string{"Origin", "null"}, "cross_origin"},
		"both, of two minds":             {s.officer(), []string{"Sec-Fetch-Site", "same-origin", "Origin", "https://evil.example"}, "cross_origin"},
		"a program":                      {s.officer(), nil, "cross_origin"},
	} {
		status := http.StatusForbidden
		if tt.by == nil {
			status = http.StatusUnauthorized
		}
		s.isProblem(s.script("DELETE", path, "", append(tt.by, tt.headers...)...), status, tt.code)
		if n := s.pending(); n != 2 {
			t.Fatalf("%s has left %d entries", what, n)
		}
	}
	if r := s.script("DELETE", path, "", append(s.officer(), "Sec-Fetch-Site", "same-origin")...); r.StatusCode != http.StatusOK || s.pending() != 0 {
		t.Errorf("an officer: %d %s, left %d", r.StatusCode, r.body, s.pending())
	}
	events, err := s.options.Audit.About(t.Context(), "queue default: delete_all")
	if err != nil || len(events) != 1 || events[0].Actor != "desk-a" {
		t.Errorf("the trail says %+v, %v", events, err)
	}
	r := s.script("POST", "/ops/queues/api/queues/default:pause", "", append(s.officer(), "Origin", s.url)...)
	if r.StatusCode != http.StatusNoContent {
		t.Errorf("an old browser on the page: %d %s", r.StatusCode, r.body)
	}
}

func TestTheTrailOfTheQueuesNamesNoPhoto(t *testing.T) {
	s := newService(t)
	id := string(photo.NewID())
	entry := "/ops/queues/api/queues/default/archived_tasks/photo:" + id + ":1:0"
	for path, want := range map[string]string{
		entry:            "queue default: delete",
		entry + ":run":   "queue default: run",
		entry + ":" + id: "queue default: delete",
		"/ops/queues/api/queues/" + id + "/pending_tasks:run_all": "queue another: run_all",
	} {
		s.script("DELETE", path, "", append(s.officer(), "Sec-Fetch-Site", "same-origin")...)
		events, err := s.options.Audit.About(t.Context(), want)
		if err != nil || len(events) == 0 {
			t.Errorf("the trail has no %q, %v", want, err)
		}
	}
	rows, err := s.db.Query("SELECT subject FROM audit_events")
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var subject string
		s.must(rows.Scan(&subject))
		if strings.Contains(subject, id) {
			t.Errorf("the trail names a photo: %s", subject)
		}
	}
	s.must(rows.Err())
}

func TestTheQueuesPageAllowsItsOwnScriptsAndAsksNobodyElse(t *testing.T) {
	s := newService(t)
	r := s.get("/ops/queues/queues/default?status=archived", s.officer()...)
	csp := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self' 'sha256-", "style-src 'nonce-", "frame-ancestors 'none'", "connect-src 'self'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy lacks %s: %s", want, csp)
		}
	}
	for _, bad := range []string{"unsafe", "http:", "https:", "*", "font-src"} {
		if strings.Contains(csp, bad) {
			t.Errorf("the policy has %s: %s", bad, csp)
		}
	}
	if strings.Contains(string(r.body), "googleapis") || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%v %s", r.Header, r.body)
	}
	if again := s.get("/ops/queues", s.officer()...).Header.Get("Content-Security-Policy"); again == csp {
		t.Error("two answers have the same nonce")
	}
}
