package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// look is how everything stood at a moment.
type look struct {
	at       time.Duration // since the load began
	waiting  float64       // photos in the queue, not begun
	oldest   float64       // seconds that the oldest of them has waited, by the queue's own figure
	accepted float64       // so far, by the API's figures
	refused  float64
	ready    float64 // so far, by the workers' figures
	waits    rig.Histogram
	steps    float64            // seconds that turns took so far
	turns    float64            // how many
	memory   map[string]float64 // resident bytes by program
}

// The names of the figures that are read.
const (
	requestSeconds = "passportphoto_http_request_seconds"
	requests       = "passportphoto_http_requests_total"
	refusals       = "passportphoto_uploads_refused_total"
	outcomes       = "passportphoto_photo_outcomes_total"
	waitSeconds    = "passportphoto_photo_wait_seconds"
	photoSeconds   = "passportphoto_photo_seconds"
	queueTasks     = "passportphoto_queue_tasks"
	queueOldest    = "passportphoto_queue_oldest_pending_seconds"
	studioEnds     = "passportphoto_studio_ends_total"
)

var uploads = []string{`route="/v1/photos"`, `method="POST"`}

// watcher looks once a second until it is stopped, and says every so often how it goes.
type watcher struct {
	rig     *rig.Rig
	say     io.Writer
	began   time.Time
	looks   []look
	failed  error
	stopped chan struct{}
	done    sync.WaitGroup
}

// sayEvery is how often progress is shown.
const sayEvery = 10 * time.Second

func watch(ctx context.Context, r *rig.Rig, say io.Writer) *watcher {
	w := &watcher{rig: r, say: say, began: time.Now(), stopped: make(chan struct{})}
	w.done.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for next := sayEvery; ; {
			l, err := w.look(ctx)
			if err != nil {
				w.failed = err
			} else {
				w.looks = append(w.looks, l)
			}
			if l.at >= next {
				next += sayEvery
				_, _ = fmt.Fprintf(w.say, "%5.0f s: %.0f accepted, %.0f refused, %.0f ready; %.0f wait, the oldest for %.1f s; %.0f MB\n",
					l.at.Seconds(), l.accepted, l.refused, l.ready, l.waiting, l.oldest, l.total()/1e6)
			}
			select {
			case <-tick.C:
			case <-w.stopped:
				return
			case <-ctx.Done():
				return
			}
		}
	})
	return w
}

// stop returns all looks.
func (w *watcher) stop() ([]look, error) {
	close(w.stopped)
	w.done.Wait()
	return w.looks, w.failed
}

func (w *watcher) look(ctx context.Context) (look, error) {
	l := look{memory: map[string]float64{}}
	var api, workers []*rig.Process
	for _, p := range w.rig.Services() {
		switch p.Program {
		case "api":
			api = append(api, p)
		case "worker":
			workers = append(workers, p)
		}
		l.memory[p.Program] += rig.UseOf(p.PID()).Memory
	}
	l.memory["redis"] = rig.UseOf(w.rig.RedisPID()).Memory
	front, err := rig.ReadFigures(ctx, api...)
	if err != nil {
		return l, err
	}
	// Each worker tells of the whole queue, so only one is asked for that.
	queue, err := rig.ReadFigures(ctx, workers[0])
	if err != nil {
		return l, err
	}
	others, err := rig.ReadFigures(ctx, workers[1:]...)
	if err != nil {
		return l, err
	}
	back := queue.Plus(others)
	l.at = time.Since(w.began)
	for _, name := range photoQueues {
		l.waiting += queue.Sum(queueTasks, `queue="`+name+`"`, `state="pending"`)
		l.oldest = max(l.oldest, queue.Most(queueOldest, `queue="`+name+`"`))
	}
	l.accepted = front.Sum(requests, append([]string{`class="2xx"`}, uploads...)...)
	l.refused = front.Sum(refusals)
	l.ready, l.waits = back.Sum(outcomes, `outcome="ready"`), back.Histogram(waitSeconds, `outcome="ready"`)
	l.steps, l.turns = back.Sum(photoSeconds+"_sum"), back.Sum(photoSeconds+"_count")
	return l, nil
}

// photoQueues are those in which photos wait.
var photoQueues = []string{"default", "bulk"}

// total is the memory of all.
func (l look) total() (sum float64) {
	for _, bytes := range l.memory {
		sum += bytes
	}
	return sum
}
