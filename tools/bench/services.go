package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// services are the real binaries on a Redis of their own.
type services struct {
	dir      string
	env      []string
	apiAddr  string
	redisURL string
	redis    *redis.Client
	redisCmd *exec.Cmd
	running  map[string]*exec.Cmd
}

func startServices(ctx context.Context, dir, models string) (*services, error) {
	ports, err := freePorts(5)
	if err != nil {
		return nil, err
	}
	s := &services{
		dir: dir, apiAddr: ports[0], redisURL: "redis://" + ports[4] + "/0",
		running: map[string]*exec.Cmd{},
	}
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "LOG_LEVEL=error", "HTTP_ADDR=" + s.apiAddr, "REDIS_URL=" + s.redisURL,
		"DATABASE_URL=sqlite:" + s.database(), "KEYS_DATABASE_URL=sqlite:" + filepath.Join(dir, "keys.db"),
		"BLOB_URL=file://" + filepath.Join(dir, "blobs"), "MASTER_KEY_URL=file://" + filepath.Join(dir, "master.key"),
		"SIGNING_KEY_URL=file://" + filepath.Join(dir, "signing.key"), "MODELS_DIR=" + models, "WORKER_CONCURRENCY=1",
		"FAST_LANE_PER_CLIENT=0", // one client stands for many
	}
	_, port, _ := net.SplitHostPort(ports[4])
	s.redisCmd = exec.CommandContext(ctx, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir) // #nosec G204 -- a port of ours
	if err := s.redisCmd.Start(); err != nil {
		return nil, fmt.Errorf("start Redis: %w", err)
	}
	opts, err := redis.ParseURL(s.redisURL)
	if err != nil {
		return nil, err
	}
	s.redis = redis.NewClient(opts)
	if err := until(ctx, func() bool { return s.redis.Ping(ctx).Err() == nil }); err != nil {
		return nil, fmt.Errorf("wait for Redis: %w", err)
	}
	migrate := exec.CommandContext(ctx, "bin/scheduler", "migrate")
	migrate.Env, migrate.Stderr = s.env, os.Stderr
	if err := migrate.Run(); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return s, nil
}

func (s *services) database() string { return filepath.Join(s.dir, "photos.db") }

// start runs a binary under a name and waits until it is ready. Settings are added
// to those of all.
func (s *services) start(ctx context.Context, name, binary string, settings ...string) (opsAddr string, err error) {
	ports, err := freePorts(1)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, binary) // #nosec G204 -- a binary of ours
	cmd.Env, cmd.Stdout, cmd.Stderr = append(append(s.env[:len(s.env):len(s.env)], settings...), "OPS_ADDR="+ports[0]), os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start %s: %w", name, err)
	}
	s.running[name] = cmd
	err = until(ctx, func() bool {
		resp, err := http.Get("http://" + ports[0] + "/readyz") // #nosec G107 -- an address of ours
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	if err != nil {
		return "", fmt.Errorf("wait for %s: %w", name, err)
	}
	return ports[0], nil
}

// end stops a binary as an operator would, and waits.
func (s *services) end(name string) {
	cmd := s.running[name]
	delete(s.running, name)
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = cmd.Wait()                          // how it ended is on its standard error
}

func (s *services) stop() {
	for name := range s.running {
		s.end(name)
	}
	_ = s.redisCmd.Process.Kill()
	_ = s.redisCmd.Wait()
}

// until asks twenty times a second, for a minute.
func until(ctx context.Context, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return errors.New("no answer within a minute")
		case <-tick.C:
		}
	}
	return nil
}

func freePorts(n int) ([]string, error) {
	var addrs []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		addrs = append(addrs, l.Addr().String())
	}
	return addrs, nil
}

// peaks returns the most memory, in MB, that a process and its one child have had.
func peaks(pid int) (parent, child int) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	parent = peak(fmt.Sprint(pid))
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, t := range tasks { // a child belongs to the thread that started it
		more, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, t.Name()))
		children = append(children, more...)
	}
	for _, c := range strings.Fields(string(children)) {
		child = max(child, peak(c))
	}
	return parent, child
}

func peak(pid string) int {
	status, _ := os.ReadFile("/proc/" + pid + "/status")
	var kb int
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(line, &kb) // 0 when the process has gone
	return kb >> 10
}
