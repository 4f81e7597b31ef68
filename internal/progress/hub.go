package progress

import (
	"encoding/json"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// hub hands what one subscription hears to those who watch.
type hub struct {
	starting sync.Mutex
	sub      *redis.PubSub // nil before the first watcher; under starting

	mu       sync.Mutex
	watchers map[photo.ID]map[chan photo.Event]bool
	probes   map[string]chan struct{}
}

func newHub() *hub {
	return &hub{watchers: map[photo.ID]map[chan photo.Event]bool{}, probes: map[string]chan struct{}{}}
}

// run hands on until the subscription is closed; those who still watch are told so.
func (h *hub) run(in <-chan *redis.Message) {
	for m := range in {
		var got message
		if json.Unmarshal([]byte(m.Payload), &got) == nil { // else not ours; the next state read makes up for it
			h.hand(got)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, all := range h.watchers {
		for out := range all {
			close(out)
		}
		delete(h.watchers, id)
	}
}

func (h *hub) hand(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if back := h.probes[m.Probe]; back != nil {
		close(back)
		delete(h.probes, m.Probe)
	}
	for out := range h.watchers[m.ID] {
		select {
		case out <- m.Event:
		default:
		}
	}
}

// expect returns what is closed when the probe is heard.
func (h *hub) expect(word string) (back <-chan struct{}, forget func()) {
	heard := make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.probes[word] = heard
	return heard, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.probes, word)
	}
}

func (h *hub) watch(id photo.ID) chan photo.Event {
	out := make(chan photo.Event, backlog)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[id] == nil {
		h.watchers[id] = map[chan photo.Event]bool{}
	}
	h.watchers[id][out] = true
	return out
}

// leave closes a watcher's channel, unless that has happened.
func (h *hub) leave(id photo.ID, out chan photo.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.watchers[id][out] {
		return
	}
	close(out)
	delete(h.watchers[id], out)
	if len(h.watchers[id]) == 0 {
		delete(h.watchers, id)
	}
}
