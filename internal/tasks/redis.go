package tasks

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/redisurl"
)

// Redis is where the queues are: a server, what Sentinels watch, or a cluster.
type Redis struct{ options redis.UniversalOptions }

// ParseRedis reads the address of Redis, of the forms that redisurl knows, and the file
// of authorities that it may name. The errors do not repeat the address, which may hold
// a password.
func ParseRedis(address string) (Redis, error) {
	a, err := redisurl.Parse(address)
	if err != nil {
		return Redis{}, fmt.Errorf("the address of Redis: %w", err)
	}
	o := redis.UniversalOptions{
		Addrs: a.Hosts, DB: a.DB, Username: a.Login.User, Password: a.Login.Password,
		MasterName: a.Master, SentinelUsername: a.Sentinels.User, SentinelPassword: a.Sentinels.Password,
		IsClusterMode: a.Kind == redisurl.Cluster, PoolSize: a.PoolSize,
		DialerRetries: 1,
	}
	if a.Socket != "" {
		o.Addrs = []string{a.Socket} // it begins with a slash, by which the library knows it
	}
	if a.TLS {
		if o.TLSConfig, err = verified(a.CAFile); err != nil {
			return Redis{}, err
		}
	}
	return Redis{o}, nil
}

// verified trusts the authorities in a PEM file; the system's if there is none. It has
// each server show a certificate for the name or the number under which it is reached, be
// that the address's or what a Sentinel or a cluster told.
func verified(caFile string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(caFile) // #nosec G304 -- the operator's choice
	if err != nil {
		return nil, fmt.Errorf("the authorities of Redis' certificates: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("the authorities of Redis' certificates: the file holds no certificate in PEM")
	}
	return config, nil
}

// answerLimit is how long one call to Redis may take. Some of asynq's calls take
// no context, so the connection itself has to be impatient.
const answerLimit = time.Second

// Client returns a new client that fails at once when Redis does not answer, for
// those who can do without. It does not connect yet. The caller closes it.
func (r Redis) Client() redis.UniversalClient { return r.ClientWithin(answerLimit) }

// ClientWithin is Client for those who wait for an answer no longer than the limit.
func (r Redis) ClientWithin(limit time.Duration) redis.UniversalClient {
	o := r.limited(limit)
	o.MaxRetries = -1
	return redis.NewUniversalClient(&o)
}

// MakeRedisClient is for asynq's servers. They ask again as soon as they have an
// answer, so a failing call is made to take a while.
func (r Redis) MakeRedisClient() any {
	o := r.limited(answerLimit)
	o.MaxRetries, o.MinRetryBackoff, o.MaxRetryBackoff = 1, 100*time.Millisecond, 200*time.Millisecond
	return redis.NewUniversalClient(&o)
}

func (r Redis) limited(limit time.Duration) redis.UniversalOptions {
	o := r.options
	o.ContextTimeoutEnabled = true // or a caller's deadline would not bound reads
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = limit, limit, limit
	return o
}
