package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// times are a machine with a clock that can be set, and its witnesses.
type times struct {
	now, database time.Time
	uptime        time.Duration
	down          error // of the database
	ahead         float64
	doubted       bool
}

func newTimes() *times { return &times{now: midnight, database: midnight, uptime: time.Hour} }

func (m *times) clock() *Clock {
	return NewClock(Sources{
		Now: func() time.Time { return m.now }, Uptime: func() time.Duration { return m.uptime },
		Database: func(context.Context) (time.Time, error) { return m.database, m.down },
	}, m, slog.New(slog.DiscardHandler))
}

// pass lets time go by for all three.
func (m *times) pass(d time.Duration) {
	m.now, m.database, m.uptime = m.now.Add(d), m.database.Add(d), m.uptime+d
}

func (m *times) Clock(ahead float64, doubted bool) { m.ahead, m.doubted = ahead, doubted }

func (m *times) believed(t *testing.T, c *Clock, want bool) {
	t.Helper()
	if _, err := c.Expiry(t.Context()); (err == nil) != want || m.doubted == want {
		t.Errorf("believed is %v, the metric says doubted %v: %v", err == nil, m.doubted, err)
	}
}

func TestTheEarlierOfTwoClocksThatAgreeCounts(t *testing.T) {
	m := newTimes()
	c := m.clock()
	for _, ahead := range []time.Duration{-time.Minute, 0, time.Minute} {
		m.now = m.database.Add(ahead)
		got, err := c.Expiry(t.Context())
		if want := midnight.Add(min(ahead, 0)); err != nil || !got.Equal(want) || m.ahead != ahead.Seconds() {
			t.Errorf("ahead %s: %s, %v; want %s", ahead, got, err, want)
		}
	}
}

func TestAClockThatDisagreesWithTheDatabasesIsNotBelieved(t *testing.T) {
	for _, ahead := range []time.Duration{-24 * time.Hour, -3 * time.Minute, 3 * time.Minute, 24 * time.Hour} {
		m := newTimes()
		m.now = m.now.Add(ahead)
		c := m.clock() // wrong from the start
		m.believed(t, c, false)
		m.database = m.now // put right on the other side
		m.believed(t, c, true)
	}
}

func TestAClockThatJumpsIsNotBelievedForAnHourAlsoWhereItIsTheOnlyOne(t *testing.T) {
	for _, jump := range []time.Duration{48 * time.Hour, -48 * time.Hour, 3 * time.Minute} {
		m := newTimes()
		c := m.clock()
		m.believed(t, c, true)
		m.pass(time.Minute)
		m.now, m.database = m.now.Add(jump), m.database.Add(jump) // one machine
		m.believed(t, c, false)
		m.pass(30 * time.Minute)
		m.now, m.database = m.now.Add(-jump), m.database.Add(-jump) // put right
		m.believed(t, c, false)
		m.pass(retention.ClockSettles - time.Second)
		m.believed(t, c, false)
		m.pass(time.Second)
		m.believed(t, c, true)
	}
}

func TestASmallStepAndALongSleepAreNoJump(t *testing.T) {
	m := newTimes()
	c := m.clock()
	m.now = m.now.Add(time.Minute) // as a time server sets it
	m.believed(t, c, true)
	m.pass(7 * 24 * time.Hour) // nobody looked, as while the machine slept
	m.believed(t, c, true)
}

func TestWithoutADatabaseNothingIsBelieved(t *testing.T) {
	m := newTimes()
	m.down = errors.New("no answer")
	if _, err := m.clock().Expiry(t.Context()); !errors.Is(err, m.down) {
		t.Error(err)
	}
}

func TestTheUptimeOfThisMachineGoesOn(t *testing.T) {
	before := MachineUptime()
	if after := MachineUptime(); before <= 0 || after < before {
		t.Errorf("%s, then %s", before, after)
	}
}

func TestADoubtedClockExpiresNothingButErasuresGoOn(t *testing.T) {
	p := newPhotos(t)
	kept, begun := queued(t, p, midnight.Add(48*time.Hour)), queued(t, p, midnight.Add(48*time.Hour))
	_, err := p.BeginErasure(t.Context(), begun)
	ok(t, err)
	m := newTimes()
	c := m.clock()
	m.now = midnight.Add(30 * 24 * time.Hour) // set forward by a month
	e := &remover{photos: p}
	job := Expire(Expiry{Due: p, Expirer: e, Clock: c, Log: slog.New(slog.DiscardHandler)})
	if err := job.Run(t.Context(), m.now); err == nil {
		t.Error("the job says that it succeeded")
	}
	if _, err := p.Get(t.Context(), kept); err != nil {
		t.Errorf("deleted early: %v", err)
	}
	if _, err := p.Get(t.Context(), begun); !errors.Is(err, photo.ErrNotFound) {
		t.Errorf("the erasure that was begun stands still: %v", err)
	}
}

// TestWhateverTheClocksDoNothingGoesEarlyAndEverythingInTime has a scheduler that is
// down for hours, whose clock is set, and that comes back.
func TestWhateverTheClocksDoNothingGoesEarlyAndEverythingInTime(t *testing.T) {
	for name, trouble := range map[string]func(m *times, minute int) (up bool){
		"nothing happens":       func(*times, int) bool { return true },
		"down for 20 hours":     func(_ *times, minute int) bool { return minute < 40*60 || minute > 60*60 },
		"a day ahead for hours": func(m *times, minute int) bool { m.wrong(24*time.Hour, minute, 30*60, 34*60); return true },
		"a day slow for hours":  func(m *times, minute int) bool { m.wrong(-24*time.Hour, minute, 46*60, 52*60); return true },
		"set forward for a moment": func(m *times, minute int) bool {
			m.everywhere(72*time.Hour, minute, 24*60, 24*60+30)
			return true
		},
		"the API's clock is slow": func(*times, int) bool { return true },
	} {
		t.Run(name, func(t *testing.T) {
			p, m := newPhotos(t), newTimes()
			c := m.clock()
			written := midnight // of the edit, by the API's clock
			if name == "the API's clock is slow" {
				written = written.Add(-retention.ClockTolerance)
			}
			id := photo.NewID()
			life, err := retention.NewPictureLife(retention.PictureFloor, false)
			ok(t, err)
			ok(t, p.Reserve(t.Context(), photo.Reservation{ID: id, Now: written}))
			ok(t, p.Queue(t.Context(), id, photo.Received{Document: "us-passport", Now: written, ExpiresAt: life.ExpiresAt(written)}))
			job := Expire(Expiry{Due: p, Expirer: &remover{photos: p}, Clock: c, Grace: life.Grace(), Log: slog.New(slog.DiscardHandler)})
			for minute := 0; ; minute++ {
				truth := time.Duration(minute) * time.Minute
				up := trouble(m, minute)
				if up {
					_ = job.Run(t.Context(), m.now) // a failed job is part of the trouble
				}
				if _, err := p.Get(t.Context(), id); errors.Is(err, photo.ErrNotFound) {
					t.Logf("gone after %s", truth)
					if truth < retention.PictureFloor || truth >= retention.PictureCeiling {
						t.Errorf("gone after %s", truth)
					}
					return
				}
				if truth > retention.PictureCeiling {
					t.Fatal("never gone")
				}
				m.pass(time.Minute)
			}
		})
	}
}

// wrong sets this machine's clock wrong in one minute and right again in another.
func (m *times) wrong(by time.Duration, minute, from, to int) {
	switch minute {
	case from:
		m.now = m.now.Add(by)
	case to:
		m.now = m.now.Add(-by)
	}
}

// everywhere does so where the database has the same clock.
func (m *times) everywhere(by time.Duration, minute, from, to int) {
	m.wrong(by, minute, from, to)
	m.database = m.now
}
