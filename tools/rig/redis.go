package rig

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"
)

func (r *Rig) startRedis(ctx context.Context) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	// Nothing is written to disk: what is measured is the one thread that answers.
	r.redis, err = startProcess(ctx, command{name: "redis", path: "redis-server", dir: r.Dir, args: []string{
		"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"}})
	if err != nil {
		return err
	}
	r.RedisURL = "redis://" + addr + "/0"
	o, err := redis.ParseURL(r.RedisURL)
	if err != nil {
		return err
	}
	r.Redis = redis.NewClient(o)
	return r.redis.await(ctx, func() bool {
		c, err := net.Dial("tcp", addr) // a client would log each refusal
		if err != nil {
			return false
		}
		_ = c.Close()
		return r.Redis.Ping(ctx).Err() == nil
	})
}

// RedisPID is the number of Redis' process.
func (r *Rig) RedisPID() int { return r.redis.PID() }

// RedisUse is what Redis has counted since its start, but Memory and Clients, which
// are of now.
type RedisUse struct {
	Commands float64            // answered, those that scripts call included
	Calls    map[string]float64 // of clients and of scripts, by command
	CPU      float64            // seconds
	In, Out  float64            // bytes
	Memory   float64            // bytes
	Clients  float64
}

// RedisUse asks Redis.
func (r *Rig) RedisUse(ctx context.Context) (RedisUse, error) {
	info, err := r.Redis.InfoMap(ctx, "everything").Result()
	if err != nil {
		return RedisUse{}, fmt.Errorf("ask Redis what it did: %w", err)
	}
	number := func(section, name string) (v float64) {
		_, _ = fmt.Sscan(info[section][name], &v) // absent: 0
		return v
	}
	u := RedisUse{
		Commands: number("Stats", "total_commands_processed"), CPU: number("CPU", "used_cpu_sys") + number("CPU", "used_cpu_user"),
		In: number("Stats", "total_net_input_bytes"), Out: number("Stats", "total_net_output_bytes"),
		Memory: number("Memory", "used_memory"), Clients: number("Clients", "connected_clients"),
		Calls: map[string]float64{},
	}
	for name, text := range info["Commandstats"] {
		var calls float64
		_, _ = fmt.Sscanf(text, "calls=%f,", &calls) // absent: 0
		u.Calls[strings.TrimPrefix(name, "cmdstat_")] = calls
	}
	return u, nil
}

// Since is what came between an earlier look and this one.
func (u RedisUse) Since(earlier RedisUse) RedisUse {
	d := RedisUse{
		Commands: u.Commands - earlier.Commands, CPU: u.CPU - earlier.CPU, In: u.In - earlier.In, Out: u.Out - earlier.Out,
		Memory: u.Memory, Clients: u.Clients, Calls: map[string]float64{},
	}
	for name, calls := range u.Calls {
		d.Calls[name] = calls - earlier.Calls[name]
	}
	return d
}

// Trips are the requests that clients sent. Commands that a script calls are not
// among them: a script is sent as evalsha, or as eval the first time.
func (u RedisUse) Trips() float64 {
	return u.Calls["evalsha"] + u.Calls["eval"] + u.Calls["publish"] + u.Calls["subscribe"] + u.Calls["unsubscribe"]
}
