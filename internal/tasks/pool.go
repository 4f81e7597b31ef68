package tasks

import (
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
)

// Pooled is a client of Redis with a pool of connections.
type Pooled interface {
	PoolStats() *redis.PoolStats
}

// PoolOf tells how the connections of a client stand, without asking Redis.
func PoolOf(name string, c Pooled) func() metrics.Pool {
	return func() metrics.Pool {
		s := c.PoolStats()
		return metrics.Pool{
			Name: name, InUse: int(s.TotalConns) - int(s.IdleConns), Idle: int(s.IdleConns),
			Waits: int64(s.WaitCount), Waited: time.Duration(s.WaitDurationNs),
		}
	}
}
