package worker

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// newspaper publishes a turn's events in order, beside the work, so that a slow
// Redis takes no time from the picture. Its readers do without what it can't
// deliver.
type newspaper struct {
	events chan photo.Event
	done   chan struct{}
}

// publishLimit is how long one event may take.
const publishLimit = 500 * time.Millisecond

func (t *turn) newspaper() *newspaper {
	// Room for a start, the steps, an end and some repetition.
	n := &newspaper{make(chan photo.Event, 32), make(chan struct{})}
	go func() {
		defer close(n.done)
		mute := false
		for e := range n.events {
			// After one failure only the last word is worth the wait.
			if mute && e.Status == photo.Processing {
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), publishLimit)
			err := t.Progress.Publish(ctx, t.photo.ID, e)
			cancel()
			if err != nil && !mute {
				t.log.Warn("progress is not published", "error", err)
				mute = true
			}
		}
	}()
	return n
}

// print never waits.
func (n *newspaper) print(e photo.Event) {
	select {
	case n.events <- e:
	default:
	}
}

// close returns when the last event is out or given up.
func (n *newspaper) close() {
	close(n.events)
	<-n.done
}
