package redisurl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnAddressIsOfOneOfTheForms(t *testing.T) {
	login := Login{"photos", "s3:cret/@"}
	for address, want := range map[string]Address{
		"redis://localhost":                               {Kind: Single, Hosts: []string{"localhost:6379"}},
		"redis://[::1]:7000/3?pool_size=5":                {Kind: Single, Hosts: []string{"[::1]:7000"}, DB: 3, PoolSize: 5},
		"rediss://photos:s3%3Acret%2F%40@redis.example/1": {Kind: Single, TLS: true, Login: login, Hosts: []string{"redis.example:6379"}, DB: 1},
		"rediss://:secret@redis.example:6380":             {Kind: Single, TLS: true, Login: Login{"", "secret"}, Hosts: []string{"redis.example:6380"}},
		"unix:///run/redis.sock?db=2":                     {Kind: Single, Socket: "/run/redis.sock", DB: 2},
		"redis-sentinel://photos:s3%3Acret%2F%40@a,b:5,[fd00::1]/2?master=photos&sentinel_username=w&sentinel_password=x": {
			Kind: Sentinel, Hosts: []string{"a:26379", "b:5", "[fd00::1]:26379"}, DB: 2, Login: login, Master: "photos", Sentinels: Login{"w", "x"}},
		"rediss-sentinel://a?master=photos&ca=/etc/redis/ca.pem": {Kind: Sentinel, TLS: true, CAFile: "/etc/redis/ca.pem", Hosts: []string{"a:26379"}, Master: "photos"},
		"redis-cluster://:secret@a:1,b:2,c":                      {Kind: Cluster, Login: Login{"", "secret"}, Hosts: []string{"a:1", "b:2", "c:6379"}},
		"rediss-cluster://clusters.example/0":                    {Kind: Cluster, TLS: true, Hosts: []string{"clusters.example:6379"}},
	} {
		got, err := Parse(address)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", address, err, diff)
		}
	}
}

func TestAnAddressThatCannotBeIsRefusedWithoutRepeatingIt(t *testing.T) {
	for address, says := range map[string]string{
		"":                                  "redis://HOST:PORT/DB",
		"http://u:hunter2@host":             "redis://HOST:PORT/DB",
		"redis+sentinel://:hunter2@host":    "redis://HOST:PORT/DB",
		"redis://u:hunter2%zz@host":         "redis://HOST:PORT/DB",
		"redis://:hunter2@a,b":              "several hosts",
		"redis://:hunter2@":                 "no host",
		"redis-cluster://:hunter2@a,,b":     "no host",
		"redis-cluster://:hunter2@a, b":     "no host",
		"redis://:hunter2@a:port":           "no host",
		"redis-cluster://:hunter2@a/1":      "database 0 alone",
		"redis://:hunter2@a/zero":           "no number",
		"redis-sentinel://:hunter2@a":       "?master=NAME",
		"unix://:hunter2@":                  "no path",
		"rediss://:hunter2@a?skip_verify=1": "always verified",
		"rediss://:hunter2@a?master=b":      `"master"`,
		"redis://:hunter2@a?ca=/etc/ca.pem": `"ca"`,
		"redis://:hunter2@a?pool_size=0":    "at least 1",
	} {
		_, err := Parse(address)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", address, err, says)
		}
	}
}

func TestWhatStrangersCanReachNeedsTLSOrAPassword(t *testing.T) {
	for address, guarded := range map[string]bool{
		"redis://127.0.0.1": true, "redis://localhost:1": true, "redis://[::1]": true, "unix:///run/redis.sock": true,
		"redis://redis.example": false, "rediss://redis.example": true, "redis://:p@redis.example": true, "redis://u@redis.example": false,
		"redis-sentinel://a,b?master=m": false, "redis-sentinel://a,b?master=m&sentinel_password=p": false, "redis-sentinel://:p@a,b?master=m": true, "rediss-sentinel://a,b?master=m": true,
		// They say where the others are.
		"redis-cluster://127.0.0.1": false, "redis-cluster://:p@a,b": true, "rediss-cluster://a,b": true,
	} {
		a, err := Parse(address)
		if err != nil || a.Guarded() != guarded {
			t.Errorf("%s is guarded: %v, %v", address, a.Guarded(), err)
		}
	}
}
