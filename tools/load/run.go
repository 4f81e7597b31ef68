package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// plan is one load run.
type plan struct {
	Checkout, K6 string
	Postgres     bool
	Stub         time.Duration // a picture's cost; negative for the real studios
	Workers      int
	Slots        int // of each worker
	Rate         float64
	Bytes        int // of an upload; 0 for the portrait as it is
	Length       time.Duration
	Idle         time.Duration // how long it is watched before there is anything to do
	Grace        time.Duration
	Env          []string
}

// result is what a run gave.
type result struct {
	plan  plan
	seen  view // by the clients
	looks []look
	api   rig.Figures // counted during the run
	work  rig.Figures
	idle  rig.Spent // what waiting for work costs
	spent rig.Spent
	left  left
	rows  []rig.Table // what PostgreSQL holds in the end
}

// left is what remains when the run is over.
type left struct {
	Tasks, Blobs, Records float64
}

// run has an installation of its own for one run.
func (p plan) run(ctx context.Context, say io.Writer) (res result, err error) {
	r, err := rig.Start(ctx, rig.Options{Checkout: p.Checkout, Postgres: p.Postgres, Stub: p.Stub, Env: p.Env})
	if err != nil {
		return res, err
	}
	defer r.Stop()
	for _, s := range []struct {
		program string
		n       int
	}{{"scheduler", 1}, {"api", 1}, {"worker", p.Workers}} {
		if _, err := r.Run(ctx, s.program, s.n, fmt.Sprintf("WORKER_CONCURRENCY=%d", p.Slots)); err != nil {
			return res, err
		}
	}
	if p.Rate == 0 {
		if p.Rate, err = findRate(ctx, r, say); err != nil {
			return res, err
		}
	}
	return p.measure(ctx, r, say)
}

func (p plan) measure(ctx context.Context, r *rig.Rig, say io.Writer) (res result, err error) {
	res.plan = p
	picture := filepath.Join(r.Dir, "portrait.jpg")
	if err := writePicture(picture, p.Bytes); err != nil {
		return res, err
	}
	if res.idle, err = watchIdle(ctx, r, p.Idle); err != nil {
		return res, err
	}
	before, err := r.Count(ctx)
	if err != nil {
		return res, err
	}
	apiBefore, workBefore, err := bothFigures(ctx, r)
	if err != nil {
		return res, err
	}
	_, _ = fmt.Fprintf(say, "%.1f uploads a second for %s, %s\n", p.Rate, p.Length, p.where())
	w := watch(ctx, r, say)
	crowd := clients{k6: p.K6, dir: r.Dir, base: "http://" + r.HTTPAddr, picture: picture, rate: p.Rate, people: p.people(), length: p.Length, grace: p.Grace}
	seen, playErr := crowd.play(ctx)
	res.seen = seen
	var watchErr error
	res.looks, watchErr = w.stop()
	if err := errors.Join(playErr, watchErr); err != nil {
		return res, err
	}
	after, err := r.Count(ctx)
	if err != nil {
		return res, err
	}
	res.spent = after.Since(before)
	api, work, err := bothFigures(ctx, r)
	if err != nil {
		return res, err
	}
	res.api, res.work = api.Since(apiBefore), work.Since(workBefore)
	if res.left, err = leftovers(ctx, r); err != nil {
		return res, err
	}
	if r.Postgres != nil {
		for _, database := range []string{"photos", "keys"} {
			tables, err := r.Postgres.Tables(ctx, database)
			if err != nil {
				return res, err
			}
			res.rows = append(res.rows, tables...)
		}
	}
	return res, r.End(r.Services()...)
}

// watchIdle counts what is used while nothing is to be done, our watching included.
func watchIdle(ctx context.Context, r *rig.Rig, long time.Duration) (rig.Spent, error) {
	w := watch(ctx, r, io.Discard)
	defer func() { _, _ = w.stop() }() // what it saw is of no interest
	first, err := r.Count(ctx)
	if err != nil {
		return rig.Spent{}, err
	}
	select {
	case <-time.After(long):
	case <-ctx.Done():
		return rig.Spent{}, ctx.Err()
	}
	last, err := r.Count(ctx)
	return last.Since(first), err
}

// bothFigures are those of the API and of all workers.
func bothFigures(ctx context.Context, r *rig.Rig) (api, work rig.Figures, err error) {
	if api, err = rig.ReadFigures(ctx, r.Of("api")...); err != nil {
		return nil, nil, err
	}
	work, err = rig.ReadFigures(ctx, r.Of("worker")...)
	return api, work, err
}

// settleLimit is how long what was deleted may take to be gone: a deletion that meets
// a worker's last word is ended by the scheduler.
const settleLimit = 30 * time.Second

// leftovers waits until nothing is left, and says what is left all the same.
func leftovers(ctx context.Context, r *rig.Rig) (l left, err error) {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	for {
		if l, err = lookForLeftovers(ctx, r); err != nil || l == (left{}) {
			return l, err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return l, nil
		}
	}
}

func lookForLeftovers(ctx context.Context, r *rig.Rig) (l left, err error) {
	figures, err := rig.ReadFigures(ctx, r.Of("scheduler")...)
	if err != nil {
		return l, err
	}
	for _, queue := range photoQueues {
		l.Tasks += figures.Sum(queueTasks, `queue="`+queue+`"`)
	}
	l.Records = figures.Sum("passportphoto_photos")
	err = filepath.WalkDir(filepath.Join(r.Blobs(), vault.Shelf), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			l.Blobs++
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // deleted between two looks, or never written
	}
	return l, err
}

// people is how many clients there are: where photos wait, they pile up.
func (p plan) people() int {
	if p.Stub >= 0 {
		return 10 + int(10*p.Rate)
	}
	return 10 + int(60*p.Rate)
}

// where says in words what the load meets.
func (p plan) where() string {
	database, work := "SQLite", "the real studios"
	if p.Postgres {
		database = "PostgreSQL"
	}
	if p.Stub >= 0 {
		work = fmt.Sprintf("stub studios that take %s a photo", p.Stub)
	}
	return fmt.Sprintf("%s, %d worker processes of %d slots with %s", database, p.Workers, p.Slots, work)
}
