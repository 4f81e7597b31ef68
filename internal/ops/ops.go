// Package ops is the door for those who run a process: whether it lives,
// whether it can do its work, its figures and its profiles. It listens on an
// address of its own, which strangers must not reach.
package ops

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sort"
	"sync"
	"time"
)

// Check is one thing that must work before the process can do its work.
type Check struct {
	Name  string
	Ready func(ctx context.Context) error
}

// Options say what stands behind the door.
type Options struct {
	Addr    string // host:port; port 0 takes a free one
	Metrics http.Handler
	Checks  []Check
	Drain   *Drain // nil for a process that need not tell that it stops
	Log     *slog.Logger
}

// Limits of time.
const (
	checkLimit = 2 * time.Second // for all checks together
	stopLimit  = 2 * time.Second
)

// Server is the open door.
type Server struct {
	listener net.Listener
	server   *http.Server
	drain    *Drain
}

// Listen takes the address, so that a second process on it fails at its start.
func Listen(o Options) (*Server, error) {
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen for operators: %w", err)
	}
	return &Server{l, &http.Server{Handler: handler(o), ReadHeaderTimeout: 5 * time.Second}, o.Drain}, nil
}

// Addr is the address that was taken.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close gives the address back. After Run there is nothing left to close, and it
// returns net.ErrClosed.
func (s *Server) Close() error { return s.listener.Close() }

// Run serves until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		limited, cancel := context.WithTimeout(context.Background(), stopLimit)
		defer cancel()
		err := s.server.Shutdown(limited)
		if err != nil {
			err = s.server.Close() // a profile may run on
		}
		stopped <- err
	})
	err := s.server.Serve(s.listener)
	if stop() { // it ended by itself
		return fmt.Errorf("serve operators: %w", err)
	}
	return <-stopped
}

// Probes answers /healthz and /readyz, for a process that has a public door too.
// Of o it needs Checks and Log.
func Probes(o Options) http.Handler { return probes(o) }

func probes(o Options) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]bool{"alive": true})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(o, w, r) })
	return mux
}

func handler(o Options) http.Handler {
	mux := probes(o)
	mux.Handle("GET /metrics", o.Metrics)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready   bool     `json:"ready"`
	Failing []string `json:"failing,omitempty"` // names of checks
}

func ready(o Options, w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkLimit)
	defer cancel()
	var failing []string
	if o.Drain.Begun() {
		failing = []string{stopping}
	} else {
		failing = run(ctx, o)
	}
	code := http.StatusOK
	if len(failing) > 0 {
		code = http.StatusServiceUnavailable
	}
	writeJSON(w, code, readiness{len(failing) == 0, failing})
}

// run makes all checks at once and returns the names of those that fail. The
// reasons are for the log.
func run(ctx context.Context, o Options) []string {
	var (
		mu      sync.Mutex
		failing []string
		all     sync.WaitGroup
	)
	for _, c := range o.Checks {
		all.Go(func() {
			if err := within(ctx, c.Ready); err != nil {
				o.Log.Warn("not ready", "check", c.Name, "error", err)
				mu.Lock()
				defer mu.Unlock()
				failing = append(failing, c.Name)
			}
		})
	}
	all.Wait()
	sort.Strings(failing)
	return failing
}

// within does not wait for a check that ignores its context.
func within(ctx context.Context, check func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- check(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errors.New("no answer in time")
	}
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the asker may be gone
}
