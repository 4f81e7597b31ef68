package endtoend

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// service is one installation with its processes.
type service struct {
	*testapp.Installation
	t    *testing.T
	addr string // of the API
}

// newService prepares an installation, migrated, with nothing running yet.
// Settings override its own.
func newService(t *testing.T, settings ...string) *service {
	t.Helper()
	s := &service{testapp.Install(t), t, freeAddr(t)}
	s.Env = append(append(s.Env, "HTTP_ADDR="+s.addr), settings...)
	migrate := exec.CommandContext(t.Context(), testapp.Binary(t, "scheduler"), "migrate")
	migrate.Env = s.Env
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	return s
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// process is a running binary.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	ops  string
	log  *testapp.Output
	done chan struct{}
}

// start runs a binary and waits until it is ready. It is killed with the test.
func (s *service) start(name string) *process {
	s.t.Helper()
	p := s.launch(name)
	testapp.Eventually(s.t, 30*time.Second, name+" is ready", func() bool { return status(p.ops+"/readyz") == http.StatusOK })
	return p
}

// launch runs a binary and does not wait.
func (s *service) launch(name string) *process {
	s.t.Helper()
	ops := freeAddr(s.t)
	p := &process{t: s.t, ops: "http://" + ops, log: &testapp.Output{}, done: make(chan struct{})}
	p.cmd = exec.Command(testapp.Binary(s.t, name))
	p.cmd.Env, p.cmd.Dir = append(s.Env, "OPS_ADDR="+ops), s.Dir
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	s.t.Cleanup(func() {
		p.kill()
		if s.t.Failed() {
			s.t.Logf("%s said:\n%s", name, p.log)
		}
	})
	return p
}

// startAll starts one of each.
func (s *service) startAll() (api, worker, scheduler *process) {
	s.t.Helper()
	return s.start("api"), s.start("worker"), s.start("scheduler")
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop asks the process to stop and returns how long it took.
func (p *process) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		p.t.Error("did not stop within 20 s")
		p.kill()
	}
	return time.Since(began)
}

// children returns the process IDs of the studios. It asks the kernel: not every
// machine has ps.
func (p *process) children() (pids []string) {
	p.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		p.t.Fatal(err)
	}
	parent := fmt.Sprintf("\nPPid:\t%d\n", p.cmd.Process.Pid)
	for _, file := range all {
		status, err := os.ReadFile(file)
		if err == nil && bytes.Contains(status, []byte(parent)) { // not one that has ended meanwhile
			pids = append(pids, filepath.Base(filepath.Dir(file)))
		}
	}
	return pids
}

func status(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}
