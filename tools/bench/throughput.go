package main

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// printThroughput fills the queue while no worker runs, stops the API, and lets
// one worker, then two, empty it.
func printThroughput(ctx context.Context, s *services, p picture, photos int) error {
	t := newTable("workers")
	rates := map[int]float64{}
	for _, workers := range []int{1, 2} {
		if err := s.fill(ctx, p, photos); err != nil {
			return err
		}
		rate, parent, child, err := s.empty(ctx, workers, photos)
		if err != nil {
			return err
		}
		rates[workers] = rate
		row := fmt.Sprint(workers)
		t.set(row, "photos per minute", fmt.Sprintf("%.0f", rate*60))
		t.set(row, "times one worker", fmt.Sprintf("%.2f", rate/rates[1]))
		t.set(row, "peak of a parent, MB", fmt.Sprint(parent))
		t.set(row, "peak of a child, MB", fmt.Sprint(child))
	}
	t.print()
	return nil
}

func (s *services) fill(ctx context.Context, p picture, photos int) error {
	if _, err := s.start(ctx, "api", "bin/api"); err != nil {
		return err
	}
	defer s.end("api")
	for range photos {
		if _, err := s.upload(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// empty returns the rate in photos per second between the tenth photo and the
// tenth to last, when all workers are at work, and the largest peaks in MB.
func (s *services) empty(ctx context.Context, workers, photos int) (rate float64, parent, child int, err error) {
	db, err := sqlstore.Open(ctx, "sqlite:"+s.database())
	if err != nil {
		return 0, 0, 0, err
	}
	defer db.Close()
	records := sqlstore.NewPhotos(db)
	before, err := records.Counts(ctx)
	if err != nil {
		return 0, 0, 0, err
	}
	for i := range workers {
		name := fmt.Sprintf("worker %d", i+1)
		if _, err := s.start(ctx, name, "bin/worker"); err != nil {
			return 0, 0, 0, err
		}
		defer s.end(name)
	}
	first, last := 0, 0
	var firstAt, lastAt time.Time
	err = until(ctx, func() bool {
		counts, err := records.Counts(ctx)
		if err != nil {
			return false
		}
		ready, now := counts[photo.Ready]-before[photo.Ready], time.Now()
		if ready >= 10 && first == 0 {
			first, firstAt = ready, now
		}
		if ready <= photos-10 {
			last, lastAt = ready, now
		}
		return ready == photos
	})
	if err != nil {
		return 0, 0, 0, fmt.Errorf("wait for %d photos: %w", photos, err)
	}
	for _, cmd := range s.running {
		p, c := peaks(cmd.Process.Pid)
		parent, child = max(parent, p), max(child, c)
	}
	return float64(last-first) / lastAt.Sub(firstAt).Seconds(), parent, child, nil
}
