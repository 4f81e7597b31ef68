package ratelimit

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func allowed(t *testing.T, l *Limiter, who string) bool {
	t.Helper()
	wait, err := l.Allow(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	if wait < 0 || wait > time.Minute {
		t.Errorf("%s is to wait %s", who, wait)
	}
	return wait == 0
}

func TestAClientThatComesTooOftenWaitsAndHindersNobody(t *testing.T) {
	l := New(testservers.RedisClient(t, testservers.Redis(t)), "visits", Rates{Client: 2, All: 4})
	for i, step := range []struct {
		who  string
		want bool
	}{
		{"192.0.2.1", true}, {"192.0.2.1", true}, {"192.0.2.1", false}, {"192.0.2.1", false},
		{"192.0.2.2", true}, {"192.0.2.3", true}, // what was refused did not count
		{"192.0.2.4", false}, // four in all
	} {
		if got := allowed(t, l, step.who); got != step.want {
			t.Errorf("visit %d, of %s: allowed %v, want %v", i+1, step.who, got, step.want)
		}
	}
}

func TestAddressesOfOneClientAreOne(t *testing.T) {
	for _, tt := range []struct {
		name, one, other string
		same             bool
	}{
		{"the same network of IPv6", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"the next network of IPv6", "2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"IPv4 in the clothes of IPv6", "192.0.2.1", "::ffff:192.0.2.1", true},
		{"neighbours in IPv4", "192.0.2.1", "192.0.2.2", false},
		{"what is no address", "unix", "unix", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := New(testservers.RedisClient(t, testservers.Redis(t)), "visits", Rates{Client: 1, All: 100})
			allowed(t, l, tt.one)
			if got := !allowed(t, l, tt.other); got != tt.same {
				t.Errorf("counted as one: %v, want %v", got, tt.same)
			}
		})
	}
}

func TestRedisLearnsNoAddress(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	l, elsewhere := New(c, "visits", Rates{Client: 5, All: 5}), New(c, "visits", Rates{Client: 5, All: 5})
	allowed(t, l, "192.0.2.1")
	allowed(t, elsewhere, "192.0.2.1")
	keys, err := c.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 3 { // two names of the one client, and all
		t.Fatalf("the keys are %v, error %v", keys, err)
	}
	for _, k := range keys {
		if strings.Contains(k, "192.0.2") {
			t.Errorf("%s tells the address", k)
		}
		if left, err := c.TTL(t.Context(), k).Result(); err != nil || left <= 0 || left > time.Minute {
			t.Errorf("%s is kept for %s, error %v", k, left, err)
		}
	}
}

func TestWithoutRedisNobodyIsLetThrough(t *testing.T) {
	server := testservers.StartRedis(t)
	l := New(testservers.RedisClient(t, server.URL), "visits", Rates{Client: 5, All: 5})
	server.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := l.Allow(ctx, "192.0.2.1"); err == nil {
		t.Error("let through")
	}
}

func TestAClientWithAnAccountIsCountedByAllProcessesTogether(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	here, there := New(c, "visits", Rates{Client: 1}), New(c, "visits", Rates{Client: 1})
	if !allowed(t, here, Account+"abc") || allowed(t, there, Account+"abc") || !allowed(t, there, Account+"abd") {
		t.Error("each process counts by itself, or all accounts are one")
	}
	keys, err := c.Keys(t.Context(), "*abc*").Result()
	if err != nil || len(keys) != 0 {
		t.Errorf("Redis knows who it is: %v, %v", keys, err)
	}
}
