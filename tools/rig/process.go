package rig

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Process is one process of the rig.
type Process struct {
	Program string // api, worker or scheduler
	Ops     string // address of its figures; empty for a server

	name   string
	log    string
	cmd    *exec.Cmd
	exited chan struct{}
}

// command says how to start a process.
type command struct {
	name, path, dir string
	args, env       []string
	user            *syscall.Credential
}

// startLimit is how long a process may take to be ready, and stopLimit to stop.
const (
	startLimit = time.Minute
	stopLimit  = 15 * time.Second
)

func startProcess(ctx context.Context, c command) (*Process, error) {
	p := &Process{name: c.name, log: filepath.Join(c.dir, c.name+".log"), exited: make(chan struct{})}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()                                                          // the process has its own
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), c.path, c.args...) // End and Stop end it, whatever ends ctx
	p.cmd.Env, p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = c.env, c.dir, log, log
	// A group of its own: Ctrl-C reaches the tool, which stops the others in order.
	// If the tool is killed, so are they.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Credential: c.user}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	go func() {
		_ = p.cmd.Wait() // what it says is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

// PID is its number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Log is what it has said so far.
func (p *Process) Log() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// await returns when ready does, or with an error that shows the process' log.
func (p *Process) await(ctx context.Context, ready func() bool) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-p.exited:
			return fmt.Errorf("%s ended: %s\n%s", p.name, p.cmd.ProcessState, p.Log())
		case <-limit.C:
			return fmt.Errorf("%s is not ready after %s\n%s", p.name, startLimit, p.Log())
		case <-tick.C:
		}
	}
	return nil
}

func (p *Process) ended() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

func (p *Process) signal() { _ = p.cmd.Process.Signal(syscall.SIGTERM) } // it may have ended

// wait returns when it has ended; an error if it did not do so well.
func (p *Process) wait() error {
	select {
	case <-p.exited:
	case <-time.After(stopLimit):
		p.kill()
		return fmt.Errorf("%s had to be killed\n%s", p.name, p.Log())
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("%s ended badly: %s\n%s", p.name, p.cmd.ProcessState, p.Log())
	}
	return nil
}

func (p *Process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.exited
}

// answers says whether a page is there.
func answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
