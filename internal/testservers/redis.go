package testservers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis starts a Redis server that is the test's own and returns its URL.
func Redis(t testing.TB) string {
	t.Helper()
	return StartRedis(t).URL
}

// RedisClient returns a client of the server at url, which ends with the test. It
// tries everything once, as the service's own does: a test that takes the server
// down need not wait.
func RedisClient(t testing.TB, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// RedisServer is a Redis server that a test can take down and bring back.
type RedisServer struct {
	URL  string
	port int
	run  *server // nil while stopped
}

// StartRedis starts an empty Redis server, which stops with the test.
func StartRedis(t testing.TB) *RedisServer {
	t.Helper()
	port := freePort(t)
	r := &RedisServer{URL: fmt.Sprintf("redis://127.0.0.1:%d/0", port), port: port}
	r.Start(t)
	t.Cleanup(r.Stop)
	return r
}

// Start brings a stopped server back, at the same address and empty.
func (r *RedisServer) Start(t testing.TB) {
	t.Helper()
	if r.run != nil {
		return
	}
	program := binary(t, "/usr/bin/redis-server")
	run, err := start(spec{
		dir: directory(t), signal: "KILL",
		args: []string{program, "--port", fmt.Sprint(r.port), "--bind", "127.0.0.1",
			"--save", "", "--appendonly", "no"},
		ready: r.ping,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.run = run
}

// Stop kills the server, as a machine that goes away would; all it held is lost.
func (r *RedisServer) Stop() {
	if r.run != nil {
		r.run.stop()
		r.run = nil
	}
}

// ping speaks Redis' inline protocol, because a client would log every refusal.
func (r *RedisServer) ping() error {
	dialer := net.Dialer{Timeout: time.Second}
	c, err := dialer.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.port))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "PING\r\n"); err != nil {
		return err
	}
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && answer != "+PONG\r\n" {
		err = fmt.Errorf("answered %q", answer)
	}
	return err
}
