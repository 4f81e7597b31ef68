package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// full finds how many photos a second one Redis bears. Real clients need more of the
// cores than Redis does, so on a small machine it would never be full: what they ask
// for one photo is recorded once, and then played by connections that do nothing but
// send and wait for the answer, one request at a time as the real ones do.
func (s simulation) full(ctx context.Context) (string, error) {
	r, err := rig.Start(ctx, rig.Options{RedisOnly: true})
	if err != nil {
		return "", err
	}
	defer r.Stop()
	memory, err := s.memoryOfWaiting(ctx, r)
	if err != nil {
		return "", err
	}
	life, err := s.lifeOfOne(ctx, r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "One photo is %d requests: %s. A photo that waits takes %.0f bytes.\n\n", len(life), describe(life), memory)
	b.WriteString("| connections | requests sent | photos a second | requests a second | Redis, % of a core | Redis, µs a photo |\n| ---: | --- | ---: | ---: | ---: | ---: |\n")
	for _, c := range []crowd{{1, false}, {4, false}, {16, false}, {64, false}, {64, true}} {
		rate, spent, err := s.play(ctx, r, life, c)
		if err != nil {
			return "", err
		}
		seconds := spent.Took.Seconds()
		_, _ = fmt.Fprintf(s.say, "full: %d connections, %.0f photos a second\n", c.connections, rate)
		fmt.Fprintf(&b, "| %d | %s | %.0f | %.0f | %.0f | %.0f |\n", c.connections, c, rate, rate*float64(len(life)), 100*spent.CPU["redis"]/seconds, 1e6*spent.CPU["redis"]/seconds/rate)
	}
	return b.String(), nil
}

// memoryOfWaiting is how many bytes Redis takes for each photo in the queue.
func (s simulation) memoryOfWaiting(ctx context.Context, r *rig.Rig) (float64, error) {
	const photos = 10_000
	before, err := r.RedisUse(ctx)
	if err != nil {
		return 0, err
	}
	if err := fillQueue(ctx, r, photos); err != nil {
		return 0, err
	}
	after, err := r.RedisUse(ctx)
	if err != nil {
		return 0, err
	}
	return (after.Memory - before.Memory) / photos, r.Redis.FlushDB(ctx).Err()
}

// lifeOfOne has one photo enqueued, made and forgotten by the real code, and returns
// what was asked of Redis for it, in order.
func (s simulation) lifeOfOne(ctx context.Context, r *rig.Rig) ([]request, error) {
	at := strings.TrimSuffix(strings.TrimPrefix(r.RedisURL, "redis://"), "/0")
	t, err := record(at)
	if err != nil {
		return nil, err
	}
	redis, err := tasks.ParseRedis("redis://" + t.addr() + "/0")
	if err != nil {
		return nil, err
	}
	queue := tasks.NewQueue(redis)
	defer func() { _ = queue.Close() }()
	// Once without looking, so that Redis knows the scripts and their names are sent.
	for range 2 {
		id := photo.NewID()
		if err := s.liveOne(ctx, r, t, queue, id); err != nil {
			return nil, err
		}
		if life := of(t.stop(), id); len(life) > 0 && !scripts(life) {
			return life, nil
		}
		if t, err = record(at); err != nil {
			return nil, err
		}
		if redis, err = tasks.ParseRedis("redis://" + t.addr() + "/0"); err != nil {
			return nil, err
		}
		_ = queue.Close()
		queue = tasks.NewQueue(redis)
	}
	return nil, errors.New("the requests for one photo could not be recorded")
}

// scripts says whether whole scripts are among the requests and not only their names.
func scripts(life []request) bool {
	for _, r := range life {
		if r.is("eval") {
			return true
		}
	}
	return false
}

func (s simulation) liveOne(ctx context.Context, r *rig.Rig, t *tape, queue *tasks.Queue, id photo.ID) error {
	through := *r
	through.RedisURL = "redis://" + t.addr() + "/0"
	if err := s.launch(ctx, &through, 1, 0); err != nil {
		return err
	}
	worker := through.Services()
	defer func() { _ = through.End(worker...) }()
	if err := served(ctx, queue, 1); err != nil {
		return err
	}
	if err := queue.EnqueuePhoto(ctx, photo.Claim{ID: id, Revision: 1}); err != nil {
		return err
	}
	for {
		left, err := waiting(ctx, queue)
		if err != nil {
			return err
		}
		if left == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return queue.ForgetPhoto(ctx, id, 1, func(int) error { return nil })
}

// of picks the requests for one photo: those that name it, and the one with which a
// worker took it from the queue, which can't.
func of(all []request, id photo.ID) (life []request) {
	enqueued, taken := false, false
	for _, r := range all {
		takes := r.is("evalsha") && r.has("{default}:pending") && r.has("{default}:lease") && r.has("{default}:paused")
		switch {
		case r.has(string(id)):
			if !enqueued && !r.is("evalsha") && !r.is("eval") {
				continue
			}
			enqueued = true
			life = append(life, r)
		case enqueued && !taken && takes:
			taken = true
			life = append(life, r)
		}
	}
	return life
}

func describe(life []request) string {
	counts := map[string]int{}
	var order []string
	for _, r := range life {
		name := strings.ToUpper(string(r[0]))
		if counts[name] == 0 {
			order = append(order, name)
		}
		counts[name]++
	}
	for i, name := range order {
		order[i] = fmt.Sprintf("%d %s", counts[name], name)
	}
	return strings.Join(order, ", ")
}
