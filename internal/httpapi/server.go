package httpapi

import (
	"net/http"
	"time"
)

// How patient the server is. Uploads and events set times of their own.
const (
	headerLimit = 5 * time.Second
	readLimit   = 15 * time.Second
	writeLimit  = 30 * time.Second
	idleLimit   = 2 * time.Minute
	headerBytes = 32 << 10

	uploadLimit = 5 * time.Minute  // for a whole upload
	stallLimit  = 20 * time.Second // without a byte of it
)

// Server returns the server that serves the API at an address, with the limits
// that keep slow and greedy clients from holding it. Its Shutdown ends the event
// streams and lets uploads finish.
func (a *API) Server(addr string) *http.Server {
	s := &http.Server{
		Addr: addr, Handler: a,
		ReadHeaderTimeout: headerLimit, ReadTimeout: readLimit, WriteTimeout: writeLimit,
		IdleTimeout: idleLimit, MaxHeaderBytes: headerBytes,
	}
	s.RegisterOnShutdown(a.Stop)
	return s
}
