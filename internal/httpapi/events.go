package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// The rhythm of an event stream.
const (
	beat        = 15 * time.Second // a comment keeps proxies from closing a silent stream
	pollPause   = 2 * time.Second  // between looks at the record while Redis is away
	streamLimit = 15 * time.Minute // then the browser comes back by itself
)

// events is GET /v1/photos/{id}/events. It subscribes before it reads the
// record, so that nothing falls between the two.
func (a *API) events(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), streamLimit)
	defer cancel()
	v := visitorOf(c.Request, c.Param("id"))
	p, err := a.open(ctx, v) // no subscription without the key
	if err != nil {
		a.problemOf(err).write(c.Writer)
		return
	}
	s := &stream{api: a, visitor: v, control: http.NewResponseController(c.Writer), w: c.Writer}
	news, stop, err := a.Progress.Subscribe(ctx, p.ID)
	if err == nil {
		defer stop()
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // asks proxies not to hold events back
	_ = s.control.SetReadDeadline(time.Time{})
	if s.write("retry: 2000\n\n") == nil && s.look(ctx) == nil {
		s.follow(ctx, news)
	}
}

// stream is one watcher's connection.
type stream struct {
	api     *API
	visitor Visitor
	control *http.ResponseController
	w       http.ResponseWriter
	last    photo.Event
}

// errOver ends a stream: there is nothing more to say, or no one to say it to.
var errOver = errors.New("the stream is over")

// follow passes news on until the photo is settled. At each beat it reads the
// record too, because news can be lost; without news it reads more often.
func (s *stream) follow(ctx context.Context, news <-chan photo.Event) {
	for {
		pause := beat
		if news == nil {
			pause = pollPause
		}
		select {
		case e, ok := <-news:
			if !ok {
				news = nil // the subscription broke; the record still answers
				continue
			}
			if s.send(e) != nil {
				return
			}
		case <-time.After(pause):
			if s.write(": still here\n\n") != nil || s.look(ctx) != nil {
				return
			}
		case <-s.api.stopping:
			return
		case <-ctx.Done():
			return
		}
	}
}

// look sends how the record stands, if that is new.
func (s *stream) look(ctx context.Context) error {
	p, err := s.api.open(ctx, s.visitor)
	if err != nil {
		return err // erased or expired meanwhile: whoever comes back is told so
	}
	e := photo.Event{Status: p.Status, Revision: p.Revision}
	if e.Status == s.last.Status && e.Revision == s.last.Revision {
		return nil
	}
	return s.send(e)
}

func (s *stream) send(e photo.Event) error {
	s.last = e
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := s.write(fmt.Sprintf("event: status\ndata: %s\n\n", b)); err != nil {
		return err
	}
	if e.Status.Settled() {
		return errOver
	}
	return nil
}

func (s *stream) write(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(writeLimit)) // fails where there is no connection
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
