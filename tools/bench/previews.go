package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
)

// backlog is how many photos wait, so that the slots stay full for as long as the
// previews take.
const backlog = 400

// printPreviews asks for previews while photos fill all slots, and while there are
// none, and says how many photos are made with and without previews beside them.
func printPreviews(ctx context.Context, s *services, p picture, runs int) error {
	if err := s.fill(ctx, p, backlog); err != nil {
		return err
	}
	if _, err := s.start(ctx, "api", "bin/api", "PREVIEWS_PER_CLIENT=100000", "PREVIEWS_PER_MINUTE=100000"); err != nil {
		return err
	}
	defer s.end("api")
	if _, err := s.start(ctx, "worker", "bin/worker", fmt.Sprintf("WORKER_CONCURRENCY=%d", runtime.NumCPU())); err != nil {
		return err
	}
	defer s.end("worker")
	db, err := sqlstore.Open(ctx, "sqlite:"+s.database())
	if err != nil {
		return err
	}
	defer db.Close()
	made := &rate{ctx: ctx, photos: sqlstore.NewPhotos(db)}
	t, small := newTable("previews"), smallPicture()
	if _, err := s.preview(ctx, small, warmUp); err != nil { // both studios are warm then
		return err
	}
	alone, err := made.over(func() error { return pause(ctx, 5*time.Second) })
	if err != nil {
		return err
	}
	var took []time.Duration
	beside, err := made.over(func() (err error) { took, err = s.preview(ctx, small, runs); return err })
	if err != nil {
		return err
	}
	if made.waiting == 0 {
		return errors.New("the photos were made before the previews were: they were not busy slots")
	}
	show(t, "slots full", took)
	t.set("slots full", "photos a minute beside", fmt.Sprintf("%.0f", beside))
	t.set("slots full", "and without previews", fmt.Sprintf("%.0f", alone))
	if err := until(ctx, func() bool { _ = made.look(); return made.waiting == 0 }); err != nil {
		return fmt.Errorf("wait for the photos: %w", err)
	}
	if took, err = s.preview(ctx, small, runs); err != nil {
		return err
	}
	show(t, "slots idle", took)
	t.print()
	return nil
}

func show(t *table, row string, took []time.Duration) {
	slices.Sort(took)
	t.set(row, "median, ms", milliseconds(median(took)))
	t.set(row, "95 %, ms", milliseconds(took[len(took)*95/100]))
	t.set(row, "longest, ms", milliseconds(took[len(took)-1]))
}

func smallPicture() picture {
	img := testpictures.Decode(driver{}, newPicture(0.4).file)
	scale := float64(photo.MaxPreviewSide) / float64(max(img.Rect.Dx(), img.Rect.Dy()))
	return picture{file: testpictures.JPEG(driver{}, testpictures.Scaled(img, scale))}
}

// preview asks so many times, one after the other.
func (s *services) preview(ctx context.Context, p picture, times int) (took []time.Duration, err error) {
	for range times {
		began := time.Now()
		resp, err := s.post(ctx, "/v1/checks", p)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("preview: %s: %s: %w", resp.Status, text, err)
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rate counts photos.
type rate struct {
	ctx     context.Context
	photos  *sqlstore.Photos
	ready   int
	waiting int
}

func (r *rate) look() error {
	counts, err := r.photos.Counts(r.ctx)
	if err == nil {
		r.ready, r.waiting = counts[photo.Ready], counts[photo.Queued]+counts[photo.Processing]
	}
	return err
}

// over is how many photos a minute are made while f runs.
func (r *rate) over(f func() error) (float64, error) {
	if err := r.look(); err != nil {
		return 0, err
	}
	before, began := r.ready, time.Now()
	if err := errors.Join(f(), r.look()); err != nil {
		return 0, err
	}
	return float64(r.ready-before) / time.Since(began).Minutes(), nil
}
