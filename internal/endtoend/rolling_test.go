package endtoend

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// rolling is an installation whose processes are restarted one after another while
// somebody uploads.
type rolling struct {
	*service
	behind  *balancer
	second  *service   // where the other API is
	workers []*process // all that ever were
	stops   []time.Duration

	mu     sync.Mutex
	photos [][2]string // of each accepted upload, ID and key
	wrong  []string    // other answers
}

// mostUploads is a limit, so that a machine on which restarts take long does not have
// ever more to do.
const mostUploads = 80

// upload goes on until the channel is closed, or there were enough.
func (r *rolling) upload(file []byte, end <-chan struct{}) {
	next := time.NewTicker(300 * time.Millisecond)
	defer next.Stop()
	for range mostUploads {
		body, contentType := form(r.t, part{"document", "", "us-passport"}, part{"file", "portrait.jpg", string(file)})
		a := r.send(http.MethodPost, "/v1/photos", "", body, "Content-Type", contentType)
		r.mu.Lock()
		if a.code == http.StatusAccepted {
			f := a.fields(r.t)
			r.photos = append(r.photos, [2]string{f.ID, f.Key})
		} else {
			r.wrong = append(r.wrong, fmt.Sprintf("%d %.200s", a.code, a.body))
		}
		r.mu.Unlock()
		select {
		case <-end:
			return
		case <-next.C:
		}
	}
}

func (r *rolling) answered() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.photos) + len(r.wrong)
}

// restart stops a process by SIGTERM and starts its successor in its place, after some
// more uploads.
func (r *rolling) restart(old *process, in *service, name string) *process {
	before := r.answered()
	testapp.Eventually(r.t, 30*time.Second, "some uploads are answered", func() bool { return r.answered() >= min(before+3, mostUploads) })
	r.stops = append(r.stops, old.stop())
	successor := in.start(name)
	if name == "worker" {
		r.workers = append(r.workers, successor)
	}
	return successor
}

func TestARollingRestartUnderLoadLosesAndDoublesNothing(t *testing.T) {
	s := newService(t, "DATABASE_URL="+testservers.Postgres(t), "KEYS_DATABASE_URL="+testservers.Postgres(t), fmt.Sprintf("STOP_WAIT=%s", 4*pollEvery))
	second := *s
	second.addr = freeAddr(t)
	second.Installation = &testapp.Installation{Dir: s.Dir, Redis: s.Redis, Env: append(slices.Clone(s.Env), "HTTP_ADDR="+second.addr)}
	first := *s
	r := &rolling{service: &first, second: &second}
	apis := []*process{s.start("api"), second.start("api")}
	for range 3 {
		r.workers = append(r.workers, s.start("worker"))
	}
	scheduler := s.start("scheduler")
	r.behind = balance(t, s.addr, second.addr)
	first.addr = strings.TrimPrefix(r.behind.URL, "http://")

	end, uploads := make(chan struct{}), sync.WaitGroup{}
	uploads.Go(func() { r.upload(testpictures.Portrait(t, portraits.Smiling), end) })
	workers := slices.Clone(r.workers)
	r.restart(workers[0], s, "worker")
	r.restart(apis[0], s, "api")
	r.restart(workers[1], s, "worker")
	r.restart(apis[1], &second, "api")
	r.restart(scheduler, s, "scheduler")
	r.restart(workers[2], s, "worker")
	close(end)
	uploads.Wait()
	r.expectEachOnce()
}

// expectEachOnce looks at what became of the uploads.
func (r *rolling) expectEachOnce() {
	r.t.Helper()
	for _, w := range r.wrong {
		r.t.Errorf("an upload was answered with %s", w)
	}
	for _, p := range r.photos {
		if f := r.settled(p[0], p[1], time.Minute); f.Status != "ready" {
			r.t.Errorf("a photo is %s", f.Status)
		}
	}
	if n := r.sql("DATABASE_URL", "SELECT COUNT(*) FROM photos"); n != fmt.Sprint(len(r.photos)) || len(r.photos) < 10 {
		r.t.Errorf("%d uploads were accepted, there are %s photos", len(r.photos), n)
	}
	// Each turn that any worker took, by how it ended. Their logs name no photo that
	// another process would know by that name, so the sum has to do.
	ended := map[string]int{}
	testapp.Eventually(r.t, 10*time.Second, "every worker has told of its turns", func() bool {
		clear(ended)
		for _, w := range r.workers {
			for _, turn := range turnEnded.FindAllStringSubmatch(w.log.String(), -1) {
				ended[turn[1]]++
			}
		}
		return ended["ready"] >= len(r.photos)
	})
	handed := ended["handed_back"]
	if delete(ended, "handed_back"); len(ended) != 1 || ended["ready"] != len(r.photos) {
		r.t.Errorf("%d photos came of turns that ended %v", len(r.photos), ended)
	}
	for _, p := range r.photos {
		results, err := filepath.Glob(filepath.Join(r.Dir, "blobs", "photos", p[0], "*", "result"))
		if err != nil || len(results) != 1 {
			r.t.Errorf("a photo has %d results: %v", len(results), err)
		}
	}
	r.t.Logf("%d uploads, all ready once, %d turns handed back; %d connections were refused and tried elsewhere; processes stopped within %s", len(r.photos), handed, r.behind.refused.Load(), r.stops)
}

var turnEnded = regexp.MustCompile(`msg="turn ended".* status=(\w+)`)
