package check

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCaddyTakesItsFile(t *testing.T) {
	c := exec.Command("caddy", "adapt", "--adapter", "caddyfile", "--validate", "--config", "../caddy/Caddyfile")
	c.Env = append(os.Environ(), "SITE=photos.example", "HOME="+t.TempDir())
	var out, trouble bytes.Buffer
	c.Stdout, c.Stderr = &out, &trouble
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, trouble.String())
	}
	for _, want := range []string{`"host":["photos.example"]`, `"dial":"127.0.0.1:8080"`, `"flush_interval":-1`, `"admin":{"disabled":true}`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
	if strings.Contains(trouble.String(), "not formatted") {
		t.Error("caddy fmt would write it otherwise")
	}
}

func TestRedisEvictsNothingAndKeepsALog(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "redis.sock")
	server := exec.Command("redis-server", "-", "--port", "0", "--unixsocket", socket, "--dir", dir)
	server.Stdin = strings.NewReader(read(t, "deploy/redis/redis.conf"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	ask := func(args ...string) string {
		out, _ := exec.Command("redis-cli", append([]string{"-s", socket}, args...)...).CombinedOutput()
		return strings.TrimSpace(string(out))
	}
	for end := time.Now().Add(10 * time.Second); ask("ping") != "PONG"; {
		if time.Now().After(end) {
			t.Fatalf("Redis does not start with the file: %s", ask("ping"))
		}
		time.Sleep(20 * time.Millisecond)
	}
	for name, want := range map[string]string{"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec", "save": ""} {
		got := strings.TrimSpace(strings.TrimPrefix(ask("config", "get", name), name))
		if got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}
