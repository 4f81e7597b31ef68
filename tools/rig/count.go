package rig

import (
	"context"
	"time"
)

// Count is what everything has used up to a moment.
type Count struct {
	At       time.Time
	Redis    RedisUse
	Postgres PostgresUse        // zero on SQLite
	CPU      map[string]float64 // seconds, by program; redis and postgres among them
}

// Count looks.
func (r *Rig) Count(ctx context.Context) (c Count, err error) {
	c = Count{At: time.Now(), CPU: map[string]float64{}}
	if c.Redis, err = r.RedisUse(ctx); err != nil {
		return c, err
	}
	if r.Postgres != nil {
		if c.Postgres, err = r.Postgres.Use(ctx); err != nil {
			return c, err
		}
		c.CPU["postgres"] = UseOf(r.Postgres.PID()).CPU
	}
	c.CPU["redis"] = c.Redis.CPU
	for _, p := range r.services {
		c.CPU[p.Program] += UseOf(p.PID()).CPU
	}
	return c, nil
}

// Spent is what was used between two moments.
type Spent struct {
	Took       time.Duration
	Redis      RedisUse
	Statements float64
	Commits    float64

	PostgresConnections float64 // at the end
	CPU                 map[string]float64
}

// Since is what was used since an earlier moment. No process may have ended between.
func (c Count) Since(earlier Count) Spent {
	s := Spent{
		Took: c.At.Sub(earlier.At), Redis: c.Redis.Since(earlier.Redis),
		Statements: c.Postgres.Statements - earlier.Postgres.Statements, Commits: c.Postgres.Commits - earlier.Postgres.Commits, PostgresConnections: c.Postgres.Connections,
		CPU: map[string]float64{},
	}
	for program, seconds := range c.CPU {
		s.CPU[program] = seconds - earlier.CPU[program]
	}
	return s
}

// Beyond is what was used beyond what as much time costs when nothing is to be done.
func (s Spent) Beyond(idle Spent) Spent {
	share := s.Took.Seconds() / idle.Took.Seconds()
	more := func(busy, idle float64) float64 { return max(0, busy-idle*share) }
	d := Spent{
		Took: s.Took, PostgresConnections: s.PostgresConnections, Statements: more(s.Statements, idle.Statements), Commits: more(s.Commits, idle.Commits),
		Redis: RedisUse{
			Commands: more(s.Redis.Commands, idle.Redis.Commands), CPU: more(s.Redis.CPU, idle.Redis.CPU),
			In: more(s.Redis.In, idle.Redis.In), Out: more(s.Redis.Out, idle.Redis.Out),
			Memory: s.Redis.Memory, Clients: s.Redis.Clients, Calls: map[string]float64{},
		},
		CPU: map[string]float64{},
	}
	for name, calls := range s.Redis.Calls {
		d.Redis.Calls[name] = more(calls, idle.Redis.Calls[name])
	}
	for program, seconds := range s.CPU {
		d.CPU[program] = more(seconds, idle.CPU[program])
	}
	return d
}
