package testservers

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisKinds starts a Redis of each kind that the service can be told to use, and
// returns their URLs by what they are.
func RedisKinds(t testing.TB) map[string]string {
	t.Helper()
	return map[string]string{
		"one server": Redis(t), "a socket": redisSocket(t), "TLS": RedisTLS(t),
		"Sentinel": StartRedisSentinel(t).URL, "cluster": redisCluster(t),
	}
}

// runRedis starts a server, which stops with the test, and waits until the client can
// reach it. The arguments may leave out where its files are.
func runRedis(t testing.TB, c *redis.Options, args ...string) *server {
	t.Helper()
	c.MaxRetries, c.DialerRetries, c.PoolSize = -1, 1, 1
	client := redis.NewClient(c)
	defer func() { _ = client.Close() }()
	run, err := start(spec{
		dir: directory(t), signal: "KILL",
		args: append([]string{binary(t, "/usr/bin/redis-server")}, args...),
		ready: func() error {
			// The client would log refusals of the server that is not there yet.
			probe, err := (&net.Dialer{Timeout: time.Second}).Dial(network(c.Addr), c.Addr)
			if err != nil {
				return err
			}
			_ = probe.Close()
			return client.Ping(context.Background()).Err()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(run.stop)
	return run
}

func network(addr string) string {
	if strings.HasPrefix(addr, "/") {
		return "unix"
	}
	return "tcp"
}

// forgetful are the arguments of a server that keeps nothing on disk.
func forgetful(port int, more ...string) []string {
	return append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"}, more...)
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func redisSocket(t testing.TB) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "redis.sock")
	runRedis(t, &redis.Options{Addr: socket}, forgetful(0, "--unixsocket", socket)...)
	return "unix://" + socket
}

// RedisTLS starts a server that speaks TLS alone, with a certificate of an authority
// that is made for it and named in the URL.
func RedisTLS(t testing.TB) string {
	t.Helper()
	port, paper := freePort(t), NewCertificate(t)
	runRedis(t, &redis.Options{Addr: loopback(port), TLSConfig: &tls.Config{RootCAs: paper.Pool, MinVersion: tls.VersionTLS12}},
		forgetful(0, "--tls-port", fmt.Sprint(port), "--tls-cert-file", paper.File, "--tls-key-file", paper.Key, "--tls-ca-cert-file", paper.CA, "--tls-auth-clients", "no")...)
	return fmt.Sprintf("rediss://%s/0?ca=%s", loopback(port), paper.CA)
}

// RedisSentinel is a server, its replica and a Sentinel that watches both.
type RedisSentinel struct {
	URL      string
	Primary  string // its address at the start
	primary  *server
	sentinel int
}

// StartRedisSentinel starts them. After a server has been silent for half a second the
// Sentinel promotes the other.
func StartRedisSentinel(t testing.TB) *RedisSentinel {
	t.Helper()
	first, second, sentinel := freePort(t), freePort(t), freePort(t)
	s := &RedisSentinel{
		URL:     fmt.Sprintf("redis-sentinel://%s/0?master=photos", loopback(sentinel)),
		Primary: loopback(first), sentinel: sentinel,
	}
	s.primary = runRedis(t, &redis.Options{Addr: loopback(first)}, forgetful(first, "--repl-diskless-sync-delay", "0")...)
	runRedis(t, &redis.Options{Addr: loopback(second)}, forgetful(second, "--replicaof", "127.0.0.1", fmt.Sprint(first))...)
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\nsentinel monitor photos 127.0.0.1 %d 1\nsentinel down-after-milliseconds photos 500\nsentinel failover-timeout photos 3000\n", sentinel, first)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	runRedis(t, &redis.Options{Addr: loopback(sentinel)}, config, "--sentinel")
	err := await(func() error { return s.knowsReplica(t) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Kill kills the primary, as a machine that goes away would.
func (s *RedisSentinel) Kill() { s.primary.stop() }

// knowsReplica reports whether the Sentinel could promote somebody.
func (s *RedisSentinel) knowsReplica(t testing.TB) error {
	c := redis.NewSentinelClient(&redis.Options{Addr: loopback(s.sentinel)})
	defer func() { _ = c.Close() }()
	replicas, err := c.Replicas(t.Context(), "photos").Result()
	if err == nil && (len(replicas) == 0 || replicas[0]["master-link-status"] != "ok") {
		err = fmt.Errorf("the Sentinel knows no replica: %v", replicas)
	}
	return err
}

// redisCluster starts a cluster of three servers without replicas.
func redisCluster(t testing.TB) string {
	t.Helper()
	const slots = 16384
	var nodes []*redis.Client
	var addrs []string
	for i := range 3 {
		port, bus := freePort(t), freePort(t)
		runRedis(t, &redis.Options{Addr: loopback(port)},
			forgetful(port, "--cluster-enabled", "yes", "--cluster-port", fmt.Sprint(bus), "--cluster-node-timeout", "5000")...)
		node := RedisClient(t, "redis://"+loopback(port))
		if err := node.Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
			t.Fatal(err)
		}
		if err := node.Do(t.Context(), "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			if err := nodes[0].Do(t.Context(), "CLUSTER", "MEET", "127.0.0.1", port, bus).Err(); err != nil {
				t.Fatal(err)
			}
		}
		nodes, addrs = append(nodes, node), append(addrs, loopback(port))
	}
	err := await(func() error {
		for _, n := range nodes {
			info, err := n.ClusterInfo(t.Context()).Result()
			if err == nil && (!strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3")) {
				err = fmt.Errorf("the cluster is not whole:\n%s", info)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return "redis-cluster://" + strings.Join(addrs, ",")
}
