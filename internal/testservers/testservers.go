// Package testservers runs the real servers that tests need: Redis, PostgreSQL
// and an S3 server, each on this machine alone, holding nothing and outliving
// no test. Only tests import it.
//
// Every server is started under a guard, a shell that waits at a pipe held by
// the test process. Whatever way the test process ends, a panic and a kill -9
// included, the pipe closes; the guard then stops the server and removes its
// directory. So servers can be shared by all tests of a binary without a
// TestMain that has to remember to stop them.
package testservers

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server may take to start on a busy machine.
const patience = 30 * time.Second

// guard runs the command in its arguments, in the directory $1, until its
// standard input ends; $2 is the signal that stops the server.
const guard = `dir=$1; signal=$2; shift 2
cd "$dir" || exit 1
"$@" </dev/null >log 2>&1 & server=$!
( wait_for_end=$(cat) ) <&3
kill -s "$signal" $server 2>/dev/null; wait $server; cd /; rm -rf "$dir"`

// server is one running server and its guard. It must be held as long as it
// shall run: once collected as garbage, its end of the pipe is closed.
type server struct {
	dir   string
	guard *exec.Cmd
	hold  io.Closer // closing it stops the server
}

// spec says how to run one server.
type spec struct {
	dir    string // removed when the server stops
	signal string // stops the server at once
	user   *syscall.Credential
	args   []string
	ready  func() error // nil once the server answers
}

func start(s spec) (*server, error) {
	lines := append([]string{"-c", guard, "guard", s.dir, s.signal}, s.args...)
	// Not under the test's context: the guard outlives it, to clean up.
	cmd := exec.CommandContext(context.Background(), "/bin/sh", lines...) // #nosec G204 -- our own script
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe to the guard: %w", err)
	}
	cmd.ExtraFiles = []*os.File{r} // descriptor 3
	// A group of its own, so that Ctrl-C ends the test first and the guard after.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.user}
	err = cmd.Start()
	_ = r.Close()
	if err != nil {
		_ = w.Close()
		return nil, fmt.Errorf("start %s: %w", s.args[0], err)
	}
	running := &server{s.dir, cmd, w}
	if err := await(s.ready); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		running.stop()
		return nil, fmt.Errorf("%s does not answer: %w\n%s", s.args[0], err, log)
	}
	return running, nil
}

// stop returns when the server is gone.
func (s *server) stop() {
	_ = s.hold.Close()
	_ = s.guard.Wait() // its exit code says nothing
}

// await polls until ready returns nil or patience ends.
func await(ready func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := ready()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// binary finds a program, or ends the test and says how to get it.
func binary(t testing.TB, places ...string) string {
	t.Helper()
	for _, pattern := range places {
		found, _ := filepath.Glob(pattern)
		if len(found) > 0 {
			return found[len(found)-1] // of several versions the last
		}
	}
	name := filepath.Base(places[0])
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("the program %s is missing: run `make deps`", name)
	}
	return path
}

// directory makes a temporary directory with a short path: PostgreSQL's socket
// lies in it, and a socket's path has at most 107 bytes.
func directory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "testserver")
	if err != nil {
		t.Fatalf("directory of a test server: %v", err)
	}
	return dir
}

// freePort returns a port of the loopback address that nobody uses now.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("free port: %v", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}
