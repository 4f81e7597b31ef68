package ops

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Drain tells probes that a process stops: /readyz answers 503 while what is under way
// ends, so that nothing new is sent to it.
type Drain struct{ begun atomic.Bool }

// stopping is what /readyz names as failing then.
const stopping = "stopping"

// Begun reports whether the process stops; a nil Drain never begins.
func (d *Drain) Begun() bool { return d != nil && d.begun.Load() }

// While serves for as long as do runs, which is to end after ctx does. From then on
// /readyz answers 503. The first error ends both.
func (s *Server) While(ctx context.Context, do func(ctx context.Context) error) error {
	open, shut := context.WithCancel(context.WithoutCancel(ctx))
	defer shut()
	group, ctx := errgroup.WithContext(ctx)
	told, tell := context.WithCancel(context.WithoutCancel(ctx))
	defer tell()
	defer context.AfterFunc(ctx, func() {
		if s.drain != nil {
			s.drain.begun.Store(true)
		}
		tell() // not before probes are told
	})()
	group.Go(func() error { return s.Run(open) })
	group.Go(func() error {
		defer shut()
		return do(told)
	})
	return group.Wait()
}
