package worker

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// waits counts what is told of photos that are finished.
type waits struct {
	Meter
	mu     sync.Mutex
	waited map[photo.Status]time.Duration
}

func (w *waits) Settled(_ context.Context, s photo.Status, _ photo.Lane, waited time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waited[s] = waited
}

func TestAnOwnersWaitIsCountedFromTheUploadAndNotFromTheClaim(t *testing.T) {
	r := newRig(t)
	w := &waits{Meter: r.handler.Meter, waited: map[photo.Status]time.Duration{}}
	r.handler.Meter = w
	r.studio.plays(develops)
	id := testapp.Upload(t, r.store, time.Now().Add(-7*time.Second), []byte("an original"))
	ok(t, r.queue.EnqueuePhoto(t.Context(), photo.Claim{ID: id, Revision: 1}))
	stop := r.serve()
	r.reaches(id, photo.Ready)
	stop() // its turn has ended
	w.mu.Lock()
	defer w.mu.Unlock()
	if got := w.waited[photo.Ready]; len(w.waited) != 1 || got < 7*time.Second || got > 20*time.Second {
		t.Errorf("the waits are %v", w.waited)
	}
}

func TestAWorkerServesBothLanes(t *testing.T) {
	r := newRig(t)
	r.studio.plays(develops)
	id := testapp.Upload(t, r.store, time.Now(), []byte("an original"))
	ok(t, r.queue.EnqueuePhoto(t.Context(), photo.Claim{ID: id, Revision: 1, Lane: photo.Bulk}))
	r.serve()
	r.reaches(id, photo.Ready)
	r.reaches(r.upload(), photo.Ready)
}
