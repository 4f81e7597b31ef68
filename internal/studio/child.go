package studio

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// child is one process as its parent sees it.
type child struct {
	cmd      *exec.Cmd
	requests *wire
	answers  *bufio.Reader
	pipes    []*os.File // the parent's ends
	words    *tail
	pictures atomic.Int32  // handed to it
	returned chan struct{} // gets one when a picture is done and the child is well
	exited   chan struct{}
	pixels   atomic.Pointer[pixels] // as it said last; nil before its first picture

	once  sync.Once
	cause Cause // of its end; read after end or exited
}

// start starts a process. The caller keeps its operating system thread locked
// until the process has exited: that thread's end kills the child
// (golang/go#27505). Apart from that, and for whatever ends the parent, the
// child ends itself when its pipe closes.
func start(cfg Config) (*child, error) {
	in, requests, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start a studio: %w", err)
	}
	answers, out, err := os.Pipe()
	if err != nil {
		_, _ = in.Close(), requests.Close()
		return nil, fmt.Errorf("start a studio: %w", err)
	}
	c := &child{
		cmd:      exec.Command(cfg.Command[0], cfg.Command[1:]...), // #nosec G204 -- our own binary
		requests: &wire{w: requests},
		answers:  bufio.NewReaderSize(answers, chunkSize),
		pipes:    []*os.File{requests, answers},
		words:    &tail{},
		returned: make(chan struct{}, 1),
		exited:   make(chan struct{}),
	}
	c.cmd.Env, c.cmd.Dir, c.cmd.Stderr = cfg.environment(), "/", c.words
	c.cmd.ExtraFiles = []*os.File{in, out}
	// A session of its own, so that Ctrl-C in a terminal reaches the parent
	// alone, which may want to finish its pictures.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	c.cmd.WaitDelay = time.Second
	err = c.cmd.Start()
	_, _ = in.Close(), out.Close()
	if err != nil {
		c.closePipes()
		return nil, fmt.Errorf("start a studio: %w", err)
	}
	go func() {
		_ = c.cmd.Wait() // what it says is in ProcessState
		c.closePipes()
		c.end(Crashed) // unless somebody knows better
		close(c.exited)
	}()
	return c, nil
}

func (c *child) closePipes() {
	for _, p := range c.pipes {
		_ = p.Close()
	}
}

// end kills the process. The first cause is the one that counts.
func (c *child) end(why Cause) {
	c.once.Do(func() {
		c.cause = why
		_ = c.cmd.Process.Kill() // fails when it has exited, which is as good
	})
}

// awaitReady waits for the child's first word.
func (c *child) awaitReady(limit time.Duration) (ready, error) {
	timer := time.AfterFunc(limit, func() { c.end(NotReady) })
	defer timer.Stop()
	var r ready
	b, err := expect(c.answers, frameReady)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		c.end(NotReady)
		<-c.exited
		// So far the child has seen no picture, so its words are harmless.
		return r, fmt.Errorf("a studio did not become ready: %s: %s", c.cmd.ProcessState, printable(c.words.String()))
	}
	c.words.silence()
	r.Unconfined = printable(r.Unconfined)
	return r, nil
}

// develop has the child do one picture. After an error the child has ended, or
// is about to.
func (c *child) develop(ctx context.Context, limit time.Duration, w *work) error {
	stop := context.AfterFunc(ctx, func() { c.end(Cancelled) })
	defer stop()
	c.pictures.Add(1)
	if err := c.hand(w); err != nil {
		c.end(Cancelled)
		return errors.Join(context.Cause(ctx), fmt.Errorf("hand a picture to a studio: %w", err))
	}
	timer := time.AfterFunc(limit, func() { c.end(TimedOut) })
	defer timer.Stop()
	err := c.await(w)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrFault):
		c.end(Faulty)
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrClosed):
		<-c.exited // closing its pipe without exiting is a hang like any other
	default:
		c.end(Nonsense)
	}
	return c.verdict(ctx, err)
}

// verdict says whose fault a broken conversation is.
func (c *child) verdict(ctx context.Context, err error) error {
	c.end(Crashed) // sets nothing if the end has a cause already, and orders our reading of it
	switch c.cause {
	case Cancelled:
		return context.Cause(ctx)
	case Closed:
		return errClosed
	case Nonsense:
		return fmt.Errorf("%w: %s: %w", ErrDied, c.cause, err)
	}
	<-c.exited
	return fmt.Errorf("%w: %s (%s)", ErrDied, c.cause, c.cmd.ProcessState)
}

// hand streams the job and the picture, so that the parent never holds a whole
// one. Whatever goes wrong here is not the picture's doing: the child cannot
// look at it before it is complete.
func (c *child) hand(w *work) error {
	if err := c.requests.sendJSON(frameJob, w.job); err != nil {
		return err
	}
	if err := c.stream(w.given.Original, maxOriginal); err != nil {
		return err
	}
	return c.stream(w.given.Analysis, maxAnalysis)
}

// stream sends what r gives, nothing if it is nil, and the mark of its end.
func (c *child) stream(r io.Reader, limit int) error {
	if r == nil {
		return c.requests.send(frameEnd, nil)
	}
	chunk := make([]byte, chunkSize)
	for total := 0; ; {
		n, err := io.ReadFull(r, chunk)
		if total += n; total > limit {
			return fmt.Errorf("a picture of more than %d bytes", limit)
		}
		if n > 0 {
			if err := c.requests.send(frameChunk, chunk[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return c.requests.send(frameEnd, nil)
		}
		if err != nil {
			return fmt.Errorf("read the picture: %w", err)
		}
	}
}
