package testservers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisFiles is what a Redis server keeps on disk.
type RedisFiles struct {
	Dir    string
	client *redis.Client
}

// Persist has the server note every change in a file at once, as an operator does
// who wants to lose nothing. What it notes is not condensed before Condense, and
// snapshots are not compressed, so that they can be searched.
func (r *RedisServer) Persist(t testing.TB) *RedisFiles {
	t.Helper()
	f := &RedisFiles{client: RedisClient(t, r.URL)}
	for name, value := range map[string]string{"rdbcompression": "no", "auto-aof-rewrite-percentage": "0", "appendfsync": "always", "appendonly": "yes"} {
		if err := f.client.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatalf("CONFIG SET %s: %v", name, err)
		}
	}
	settings, err := f.client.ConfigGet(t.Context(), "dir").Result()
	if err != nil {
		t.Fatal(err)
	}
	f.Dir = settings["dir"]
	f.awaitRewrite(t)
	return f
}

// Save writes a snapshot of everything.
func (f *RedisFiles) Save(t testing.TB) {
	t.Helper()
	if err := f.client.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
}

// Condense rewrites the noted changes as what they came to.
func (f *RedisFiles) Condense(t testing.TB) {
	t.Helper()
	if err := f.client.BgRewriteAOF(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	f.awaitRewrite(t)
}

// Set stores a value.
func (f *RedisFiles) Set(t testing.TB, name, value string) {
	t.Helper()
	if err := f.client.Set(t.Context(), name, value, 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func (f *RedisFiles) awaitRewrite(t testing.TB) {
	t.Helper()
	err := await(func() error {
		info, err := f.client.Info(t.Context(), "persistence").Result()
		if err == nil && (!strings.Contains(info, "aof_rewrite_in_progress:0") || !strings.Contains(info, "aof_rewrite_scheduled:0")) {
			err = fmt.Errorf("a rewrite is under way")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Wiretap has every command that a Redis server gets.
type Wiretap struct {
	mu       sync.Mutex
	commands []string
}

// Tap listens until the test ends.
func (r *RedisServer) Tap(t testing.TB) *Wiretap {
	t.Helper()
	c, err := new(net.Dialer).DialContext(context.Background(), "tcp", strings.TrimSuffix(strings.TrimPrefix(r.URL, "redis://"), "/0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	lines := bufio.NewReader(c)
	_ = c.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c, "MONITOR\r\n"); err != nil {
		t.Fatal(err)
	}
	if ok, err := lines.ReadString('\n'); err != nil || ok != "+OK\r\n" {
		t.Fatalf("MONITOR: %q, %v", ok, err)
	}
	_ = c.SetReadDeadline(time.Time{})
	w := &Wiretap{}
	go func() {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			w.mu.Lock()
			w.commands = append(w.commands, line)
			w.mu.Unlock()
		}
	}()
	return w
}

// Commands are those so far, as Redis writes them.
func (w *Wiretap) Commands() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.commands...)
}
