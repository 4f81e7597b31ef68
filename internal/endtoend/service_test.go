package endtoend

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// service is one installation: its environment, its folder and its processes.
type service struct {
	t     *testing.T
	dir   string
	redis *testservers.RedisServer
	env   []string
	addr  string // of the API
}

// newService prepares an installation on SQLite and files, migrated, with
// nothing running yet. Settings override its own.
func newService(t *testing.T, settings ...string) *service {
	t.Helper()
	s := &service{t: t, dir: t.TempDir(), redis: testservers.StartRedis(t), addr: freeAddr(t)}
	models := os.Getenv("MODELS_DIR")
	if models == "" {
		models = absolute(t, "../../.deps/models")
	}
	s.env = append([]string{
		"HOME=" + s.dir, "HTTP_ADDR=" + s.addr, "REDIS_URL=" + s.redis.URL,
		"DATABASE_URL=sqlite:" + filepath.Join(s.dir, "photos.db"),
		"KEYS_DATABASE_URL=sqlite:" + filepath.Join(s.dir, "keys.db"),
		"BLOB_URL=file://" + filepath.Join(s.dir, "blobs"),
		"MASTER_KEY_URL=file://" + filepath.Join(s.dir, "master.key"),
		"MODELS_DIR=" + models, "WORKER_CONCURRENCY=1",
	}, settings...)
	migrate := exec.CommandContext(t.Context(), binary(t, "scheduler"), "migrate")
	migrate.Env = s.env
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	return s
}

func binary(t *testing.T, name string) string {
	t.Helper()
	path := absolute(t, filepath.Join("..", "..", "bin", name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the binaries are missing, run `make build`: %v", err)
	}
	return path
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
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
	log  *output
	done chan struct{}
}

// start runs a binary and waits until it is ready. It is killed with the test.
func (s *service) start(name string) *process {
	s.t.Helper()
	p := s.launch(name)
	eventually(s.t, 30*time.Second, name+" is ready", func() bool { return status(p.ops+"/readyz") == http.StatusOK })
	return p
}

// launch runs a binary and does not wait.
func (s *service) launch(name string) *process {
	s.t.Helper()
	ops := freeAddr(s.t)
	p := &process{t: s.t, ops: "http://" + ops, log: &output{}, done: make(chan struct{})}
	p.cmd = exec.Command(binary(s.t, name))
	p.cmd.Env = append(s.env, "OPS_ADDR="+ops)
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

// children returns the process IDs of the studios.
func (p *process) children() []string {
	out, _ := exec.CommandContext(p.t.Context(), "ps", "--no-headers", "-o", "pid", "--ppid", fmt.Sprint(p.cmd.Process.Pid)).Output()
	return strings.Fields(string(out))
}

// output collects what a process says.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// eventually asks until the condition holds.
func eventually(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %s: %s", limit, what)
		case <-tick.C:
		}
	}
}

func status(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}
