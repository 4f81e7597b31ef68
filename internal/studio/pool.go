package studio

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

var errClosed = errors.New("the studios are closed")

// Pool keeps a number of children ready.
type Pool struct {
	cfg    Config
	ready  chan *child     // unbuffered: each slot offers its own child
	alive  atomic.Int32    // children that became ready and have not exited
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	slots  sync.WaitGroup
	warned sync.Once

	mu       sync.Mutex
	children map[*child]bool // that have been started and have not exited
}

// NewPool starts the children and returns at once; the first picture waits
// until one is ready.
func NewPool(cfg Config) (*Pool, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &Pool{cfg: cfg, ready: make(chan *child), ctx: ctx, cancel: cancel, children: map[*child]bool{}}
	for range cfg.Slots {
		p.slots.Go(p.keepSlot)
	}
	return p, nil
}

// Close kills all children and waits until they are gone. Pictures in their
// hands end with an error that is not ErrDied.
func (p *Pool) Close() {
	p.cancel()
	p.slots.Wait()
}

// Ready fails while no child is up, for health checks.
func (p *Pool) Ready() error {
	if p.alive.Load() == 0 {
		return errors.New("no studio is up")
	}
	return nil
}

// Develop has a child make a photo of what is given of a picture. at is
// called for each step as it begins and must not block: the picture's time runs
// on. When ctx ends the child is killed and the context's cause returned.
func (p *Pool) Develop(ctx context.Context, job pipeline.Job, given Given, at func(photo.Step)) (pipeline.Result, error) {
	c, err := p.take(ctx)
	if err != nil {
		return pipeline.Result{}, err
	}
	w := &work{job: job, given: given, at: at}
	if err := c.develop(ctx, p.cfg.Limit, w); err != nil {
		return pipeline.Result{}, err
	}
	p.cfg.Observer.ChildPeak(c.peakSoFar())
	if int(c.pictures.Load()) >= p.cfg.MaxPictures {
		c.end(Spent)
	} else {
		c.returned <- struct{}{}
	}
	return w.result, nil
}

// take waits for a child that is ready and still alive.
func (p *Pool) take(ctx context.Context) (*child, error) {
	patience := time.NewTimer(p.cfg.StartLimit)
	defer patience.Stop()
	for {
		select {
		case c := <-p.ready:
			select {
			case <-c.exited: // died while idle
			default:
				return c, nil
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-p.ctx.Done():
			return nil, errClosed
		case <-patience.C:
			return nil, fmt.Errorf("no studio became ready within %s", p.cfg.StartLimit)
		}
	}
}

// How long a slot waits after a child that did not become ready.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// keepSlot has one child after the other until the pool is closed. It stays on
// one operating system thread: see start.
func (p *Pool) keepSlot() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for pause := firstPause; p.ctx.Err() == nil; {
		err := p.keepChild()
		if err == nil || p.ctx.Err() != nil {
			pause = firstPause
			continue
		}
		p.cfg.Log.Error("studio failed to start", "error", err, "duration", pause)
		select {
		case <-time.After(pause):
		case <-p.ctx.Done():
		}
		pause = min(2*pause, longestPause)
	}
}

// keepChild starts a child, offers it to the pictures and returns when it has
// exited. An error means that it was of no use.
func (p *Pool) keepChild() error {
	c, err := start(p.cfg)
	if err != nil {
		return err
	}
	began := time.Now()
	p.enrol(c, true)
	p.cfg.Observer.ChildStarted()
	stop := context.AfterFunc(p.ctx, func() { c.end(Closed) })
	defer stop()
	defer p.bury(c)
	r, err := c.awaitReady(p.cfg.StartLimit)
	if err == nil {
		err = p.accept(r)
	}
	if p.ctx.Err() == nil { // a closing pool ends children in the middle of it
		p.cfg.Observer.ChildLoaded(time.Since(began), err)
	}
	if err != nil {
		c.end(NotReady)
		return err
	}
	p.alive.Add(1)
	defer p.alive.Add(-1)
	p.offer(c)
	if c.cause == Crashed && c.pictures.Load() == 0 {
		return errors.New("a studio died before its first picture")
	}
	return nil
}

// offer lets one picture after the other have the child until it has exited.
func (p *Pool) offer(c *child) {
	for {
		select {
		case p.ready <- c:
		case <-c.exited:
			return
		}
		select {
		case <-c.returned:
		case <-c.exited:
			return
		}
	}
}

// accept decides about a child that the kernel would not confine.
func (p *Pool) accept(r ready) error {
	if r.Unconfined == "" {
		return nil
	}
	if p.cfg.RequireConfinement {
		return fmt.Errorf("a studio is not confined: %s", r.Unconfined)
	}
	p.warned.Do(func() {
		p.cfg.Log.Warn("studios run without a system call filter: a hostile picture could reach files and network", "reason", r.Unconfined)
	})
	return nil
}

// bury waits for a child's end and reports it.
func (p *Pool) bury(c *child) {
	<-c.exited
	p.enrol(c, false)
	p.cfg.Observer.ChildPeak(c.peakAtEnd())
	p.cfg.Observer.ChildEnded(string(c.cause))
	p.cfg.Log.Info("studio ended", "cause", string(c.cause), "exit", c.cmd.ProcessState.String(),
		"count", c.pictures.Load(), "rss_mb", c.peakAtEnd()>>20)
}
