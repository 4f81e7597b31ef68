package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// expire finds how many photos a second one scheduler removes whose time is over. They
// were uploaded so long ago that all of them are due.
func (s simulation) expire(ctx context.Context) (string, error) {
	r, err := rig.Start(ctx, rig.Options{Checkout: s.checkout, Postgres: true, Stub: 0})
	if err != nil {
		return "", err
	}
	defer r.Stop()
	old := upload{at: time.Now().Add(-retention.PictureFloor - time.Hour), bytes: 100_000}
	if err := leave(ctx, r, s.expiring, old); err != nil {
		return "", err
	}
	scheduler, err := r.Run(ctx, "scheduler", 1)
	if err != nil {
		return "", err
	}
	rate, err := s.watchExpiry(ctx, scheduler[0])
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("One scheduler removes %.0f photos a second whose time is over (%d photos, PostgreSQL, blobs on disk).\n", rate, s.expiring), nil
}

// watchExpiry is the rate between the first and the last tenth.
func (s simulation) watchExpiry(ctx context.Context, scheduler *rig.Process) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var first, last float64
	var began, ended time.Time
	for {
		f, err := rig.ReadFigures(ctx, scheduler)
		if err != nil {
			return 0, err
		}
		now, gone := time.Now(), f.Sum("passportphoto_erasures_total")
		if gone >= float64(s.expiring)*.1 && began.IsZero() {
			first, began = gone, now
		}
		if gone >= float64(s.expiring)*.9 {
			last, ended = gone, now
			break
		}
		select {
		case <-ctx.Done():
			return 0, errors.Join(ctx.Err(), fmt.Errorf("%.0f of %d photos are gone", gone, s.expiring))
		case <-time.After(20 * time.Millisecond):
		}
	}
	if !ended.After(began) {
		return 0, errors.New("there were too few photos")
	}
	return (last - first) / ended.Sub(began).Seconds(), nil
}
