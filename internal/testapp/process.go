package testapp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// StopLimit is how long a process may take to stop: who runs it kills it then.
const StopLimit = 10 * time.Second

// App is a whole process, as its New returned it.
type App interface {
	Run(ctx context.Context) error
	Close() error
}

// Process is an app that runs inside the test.
type Process struct {
	signal context.CancelFunc
	wait   func()
}

// Start runs an app. Unless it was stopped before, it is stopped with the test.
func Start(t testing.TB, app App) *Process {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(app.Run(ctx), app.Close()) }()
	p := &Process{signal: cancel, wait: sync.OnceFunc(func() {
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the process ended with: %v", err)
			}
		case <-time.After(StopLimit):
			t.Errorf("the process has not stopped within %s", StopLimit)
		}
	})}
	t.Cleanup(p.Stop)
	return p
}

// Signal asks the process to stop, as SIGTERM does.
func (p *Process) Signal() { p.signal() }

// Wait returns when the process has stopped. It is an error of the test if that
// takes longer than StopLimit or the process does not end well.
func (p *Process) Wait() { p.wait() }

// Stop is Signal and Wait.
func (p *Process) Stop() {
	p.Signal()
	p.Wait()
}

// Output collects what a process says, and can be read meanwhile.
type Output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write is io.Writer's.
func (o *Output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

// String is all that was said so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Log collects what a process says and shows it when the test has failed.
func Log(t testing.TB) *Output {
	o := &Output{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the process said:\n%s", o)
		}
	})
	return o
}

// Get asks a process for a page, such as /readyz.
func Get(t testing.TB, url string) (code int, body string) {
	t.Helper()
	resp, err := http.Get(url) // #nosec G107 -- the test's own process
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}
