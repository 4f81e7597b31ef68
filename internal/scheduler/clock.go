package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Clock tells the time by which photos expire, or that it can't be known. A clock
// that was set forward would delete what is still promised to be kept, and nothing
// brings that back; one that is only doubted delays a deletion, during which nobody
// can see the photo and a metric alerts.
//
// It has two witnesses. The database's clock shows when this machine's is wrong, or
// the other way round, if they are not the same machine. The time since the machine
// was started, which nobody can set, shows when the clock jumps: then nothing expires
// for retention.ClockSettles, in which it can be put right. A clock that was wrong
// already when the scheduler was started, on the one machine that has everything,
// nothing can show.
type Clock struct {
	Sources
	meter ClockMeter
	log   *slog.Logger

	looking sync.Mutex
	wall    time.Time     // at the last look
	uptime  time.Duration // the same moment
	settled time.Duration // the uptime from which on the clock is believed again
}

// Sources are where a Clock has its times from; see MachineUptime.
type Sources struct {
	Now      func() time.Time
	Database func(ctx context.Context) (time.Time, error)
	Uptime   func() time.Duration
}

// ClockMeter shows how the clock is.
type ClockMeter interface {
	Clock(aheadSeconds float64, doubted bool)
}

// NewClock returns a clock, whose first look is now.
func NewClock(s Sources, m ClockMeter, log *slog.Logger) *Clock {
	return &Clock{Sources: s, meter: m, log: log, wall: s.Now(), uptime: s.Uptime()}
}

// MachineUptime is the time since this machine was started, sleep included.
func MachineUptime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		panic(err) // only for a clock that Linux does not have
	}
	return time.Duration(t.Nano())
}

// Expiry returns the time by which photos may be expired: the earlier of this
// machine's and the database's. An error says that neither is to be believed.
func (c *Clock) Expiry(ctx context.Context) (time.Time, error) {
	theirs, err := c.Database(ctx)
	if err != nil {
		return time.Time{}, err
	}
	ours := c.Now()
	err = c.doubt(ours, theirs)
	c.meter.Clock(ours.Sub(theirs).Seconds(), err != nil)
	if err != nil {
		return time.Time{}, err
	}
	if theirs.Before(ours) {
		return theirs, nil
	}
	return ours, nil
}

func (c *Clock) doubt(ours, theirs time.Time) error {
	c.looking.Lock()
	defer c.looking.Unlock()
	uptime := c.Uptime()
	jump := ours.Round(0).Sub(c.wall.Round(0)) - (uptime - c.uptime)
	c.wall, c.uptime = ours, uptime
	if jump.Abs() > retention.ClockTolerance {
		c.settled = uptime + retention.ClockSettles
		c.log.Warn("this machine's clock has jumped", "duration", jump)
	}
	if ahead := ours.Sub(theirs); ahead.Abs() > retention.ClockTolerance {
		return fmt.Errorf("nothing is expired: this machine's clock is %s ahead of the database's", ahead.Round(time.Second))
	}
	if uptime < c.settled {
		return fmt.Errorf("nothing is expired for another %s: this machine's clock has jumped", (c.settled - uptime).Round(time.Second))
	}
	return nil
}
