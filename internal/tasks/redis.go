package tasks

import (
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is the server that holds the queues.
type Redis struct{ options *redis.Options }

// ParseRedis reads the URL of a Redis server, redis:// or rediss://. The error
// does not repeat the URL, which may hold a password.
func ParseRedis(url string) (Redis, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return Redis{}, errors.New("the address of Redis is not of the form redis://HOST:PORT/DB")
	}
	o.ContextTimeoutEnabled = true // or a caller's deadline would not bound reads
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = answerLimit, answerLimit, answerLimit
	o.DialerRetries = 1
	return Redis{o}, nil
}

// answerLimit is how long one call to Redis may take. Some of asynq's calls take
// no context, so the connection itself has to be impatient.
const answerLimit = time.Second

// Client returns a new client that fails at once when Redis does not answer, for
// those who can do without. It does not connect yet. The caller closes it.
func (r Redis) Client() *redis.Client {
	o := *r.options
	o.MaxRetries = -1
	return redis.NewClient(&o)
}

// MakeRedisClient is for asynq's servers. They ask again as soon as they have an
// answer, so a failing call is made to take a while.
func (r Redis) MakeRedisClient() any {
	o := *r.options
	o.MaxRetries, o.MinRetryBackoff, o.MaxRetryBackoff = 1, 100*time.Millisecond, 200*time.Millisecond
	return redis.NewClient(&o)
}
