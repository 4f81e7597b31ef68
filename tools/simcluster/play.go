package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// crowd are the connections that play. Pipelined they send all requests for a photo at
// once: it takes less of the cores, and of Redis too.
type crowd struct {
	connections int
	pipelined   bool
}

// String says how they send.
func (c crowd) String() string {
	if c.pipelined {
		return "all of a photo at once"
	}
	return "one by one"
}

// play has the connections send one life after the other. Each has a queue of its own,
// so that it takes what it put in.
func (s simulation) play(ctx context.Context, r *rig.Rig, life []request, c crowd) (rate float64, spent rig.Spent, err error) {
	var lives atomic.Int64
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	group, playing := errgroup.WithContext(limited)
	for i := range c.connections {
		var lines []line
		for _, one := range life {
			lines = append(lines, line{one.bytes("{default}", fmt.Sprintf("{q%d}", i)), 1})
		}
		if c.pipelined {
			lines = []line{joined(lines)}
		}
		group.Go(func() error { return playOn(playing, r.Redis.Options().Addr, lines, &lives) })
	}
	first, err := r.Count(ctx)
	if err != nil {
		return 0, spent, err
	}
	before := lives.Load()
	select {
	case <-time.After(s.measured):
	case <-playing.Done():
	}
	done := lives.Load() - before
	last, err := r.Count(ctx)
	cancel()
	if failed := group.Wait(); failed != nil && !errors.Is(failed, context.Canceled) {
		return 0, spent, failed
	}
	if err != nil {
		return 0, spent, err
	}
	if err := lived(ctx, r, c.connections, lives.Load()); err != nil {
		return 0, spent, err
	}
	spent = last.Since(first)
	return float64(done) / spent.Took.Seconds(), spent, nil
}

// lived checks by Redis' own count that what was played did what it does for a photo:
// each was enqueued, taken and done.
func lived(ctx context.Context, r *rig.Rig, connections int, lives int64) error {
	var done int64
	for i := range connections {
		n, err := r.Redis.Get(ctx, fmt.Sprintf("asynq:{q%d}:processed", i)).Int64()
		if err != nil {
			return fmt.Errorf("count what was played: %w", err)
		}
		done += n
	}
	if done < lives || done > lives+int64(connections) { // the last of each may have been cut off
		return fmt.Errorf("of %d lives that were played %d were done", lives, done)
	}
	return r.Redis.FlushDB(ctx).Err()
}

// gone is the answer to whoever looks for the entries of a photo to delete them, when
// there are none any more, as after the photo was made.
const gone = "NOT FOUND"

// line is what is sent before the answers are awaited.
type line struct {
	text    []byte
	answers int
}

func joined(lines []line) (all line) {
	for _, l := range lines {
		all.text, all.answers = append(all.text, l.text...), all.answers+l.answers
	}
	return all
}

// playOn plays lives on one connection until ctx ends.
func playOn(ctx context.Context, addr string, life []line, lives *atomic.Int64) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	answers := bufio.NewReader(c)
	for ctx.Err() == nil {
		for _, l := range life {
			if _, err := c.Write(l.text); err != nil {
				return err
			}
			for range l.answers {
				failed, err := skipReply(answers)
				if err != nil || failed != nil && failed.Error() != gone {
					return fmt.Errorf("the answer to what was recorded: %w", errors.Join(failed, err))
				}
			}
		}
		lives.Add(1)
	}
	return nil
}
