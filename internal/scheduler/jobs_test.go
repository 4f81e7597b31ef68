package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func newPhotos(t *testing.T) *sqlstore.Photos {
	t.Helper()
	return sqlstore.NewPhotos(newRecords(t))
}

func newRecords(t *testing.T) *sqldb.DB {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "photos.db"))
	ok(t, err)
	t.Cleanup(func() { _ = db.Close() })
	ok(t, db.Migrate(t.Context()))
	return db
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// queued has a photo queued since midnight, without a task.
func queued(t *testing.T, p *sqlstore.Photos, expires time.Time) photo.ID {
	t.Helper()
	id := photo.NewID()
	ok(t, p.Reserve(t.Context(), photo.Reservation{ID: id, Now: midnight}))
	ok(t, p.Queue(t.Context(), id, photo.Received{Document: "us-passport", Now: midnight, ExpiresAt: expires}))
	return id
}

// taken are the claims of the tasks that a worker finds.
func taken(t *testing.T, url string, n int) []photo.Claim {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan photo.Claim, 100)
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, parse(t, url), tasks.ServeOptions{
			Queue: tasks.Photos, Concurrency: 1, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
		}, asynq.HandlerFunc(func(_ context.Context, task *asynq.Task) error {
			c, err := tasks.ParsePhoto(task.Payload())
			got <- c
			return err
		}))
	}()
	eventually(t, func() bool { return len(got) >= n })
	cancel()
	ok(t, <-ended)
	close(got)
	claims := []photo.Claim{}
	for c := range got {
		claims = append(claims, c)
	}
	return claims
}

func TestStrandedPhotosGetATask(t *testing.T) {
	url := testservers.Redis(t)
	q := tasks.NewQueue(parse(t, url))
	t.Cleanup(func() { _ = q.Close() })
	p := newPhotos(t)
	never, died := queued(t, p, midnight.Add(48*time.Hour)), queued(t, p, midnight.Add(48*time.Hour))
	_, err := p.Claim(t.Context(), photo.Claim{ID: died, Revision: 1}, midnight)
	ok(t, err)
	job := Requeue(p, q)
	for range 3 { // once is enough
		ok(t, job.Run(t.Context(), midnight.Add(photo.Lease)))
	}
	got := taken(t, url, 2)
	want := []photo.Claim{{ID: never, Revision: 1}, {ID: died, Revision: 1, Attempt: 1}}
	byAttempt := func(a, b photo.Claim) int { return a.Attempt - b.Attempt }
	slices.SortFunc(got, byAttempt)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPhotoWhoseAttemptsAreUsedUpHasFailedEvenWithoutRedis(t *testing.T) {
	server := testservers.StartRedis(t)
	q := tasks.NewQueue(parse(t, server.URL))
	t.Cleanup(func() { _ = q.Close() })
	server.Stop()
	p := newPhotos(t)
	queued(t, p, midnight.Add(48*time.Hour)) // which the job can't enqueue
	id := queued(t, p, midnight.Add(48*time.Hour))
	now := midnight
	for a := range photo.MaxAttempts {
		_, err := p.Claim(t.Context(), photo.Claim{ID: id, Revision: 1, Attempt: a}, now)
		ok(t, err)
		now = now.Add(photo.Lease)
	}
	if err := Requeue(p, q).Run(t.Context(), now); err == nil {
		t.Error("the job says that it succeeded without Redis")
	}
	got, err := p.Get(t.Context(), id)
	ok(t, err)
	if got.Status != photo.Failed || got.Reason != photo.Broken {
		t.Errorf("%s, %s", got.Status, got.Reason)
	}
}

func TestOnePhotoThatResistsDoesNotStopTheExpiryOfTheRest(t *testing.T) {
	p := newPhotos(t)
	resists := map[photo.ID]bool{}
	for range expireBatch + 10 { // more than a batch, and the oldest
		resists[queued(t, p, midnight.Add(time.Hour))] = true
	}
	var due []photo.ID
	for range 2*expireBatch + 5 {
		due = append(due, queued(t, p, midnight.Add(2*time.Hour)))
	}
	young := queued(t, p, midnight.Add(48*time.Hour))
	e := &remover{photos: p, resists: resists}
	err := expire(p, e, midnight.Add(3*time.Hour)).Run(t.Context(), midnight)
	if err == nil {
		t.Error("the job says that it succeeded")
	}
	for _, id := range due {
		if _, err := p.Get(t.Context(), id); !errors.Is(err, photo.ErrNotFound) {
			t.Fatalf("a photo that was due is still there: %v", err)
		}
	}
	if _, err := p.Get(t.Context(), young); err != nil {
		t.Error(err)
	}
	if tried := int(e.tried.Load()); tried != len(resists)+len(due) || e.settled != 1 {
		t.Errorf("%d tries, settled %d times", tried, e.settled)
	}

	clear(resists)
	ok(t, expire(p, e, midnight.Add(3*time.Hour)).Run(t.Context(), midnight))
	left, err := p.Due(t.Context(), midnight.Add(3*time.Hour), 10)
	ok(t, err)
	if len(left) != 0 {
		t.Errorf("%d photos are still due", len(left))
	}
}

func TestPhotosAreErasedSeveralAtATimeBecauseEachMostlyWaits(t *testing.T) {
	p := newPhotos(t)
	for range 2 * expireAtOnce {
		queued(t, p, midnight.Add(time.Hour))
	}
	e := &gathering{remover: remover{photos: p}, all: make(chan struct{})}
	ok(t, expire(p, e, midnight.Add(2*time.Hour)).Run(t.Context(), midnight))
	if e.tried.Load() != 2*expireAtOnce {
		t.Errorf("%d tries", e.tried.Load())
	}
}

// gathering erases nothing before as many are to be erased as may be at a time.
type gathering struct {
	remover
	came atomic.Int64
	all  chan struct{}
}

func (g *gathering) Expire(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	if g.came.Add(1) == expireAtOnce {
		close(g.all)
	}
	select {
	case <-g.all:
		return g.remover.Expire(ctx, id, now)
	case <-time.After(20 * time.Second):
		return false, errors.New("nobody else came")
	}
}

// expire is the job at a time.
func expire(d Due, e Expirer, now time.Time) Job {
	return Expire(Expiry{Due: d, Expirer: e, Clock: known(now), Log: slog.New(slog.DiscardHandler)})
}

// known is a clock that is believed.
type known time.Time

func (k known) Expiry(context.Context) (time.Time, error) { return time.Time(k), nil }

// remover removes records, but for some.
type remover struct {
	photos  *sqlstore.Photos
	resists map[photo.ID]bool
	tried   atomic.Int64
	settled int
}

func (r *remover) Expire(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	r.tried.Add(1)
	if r.resists[id] {
		return false, errors.New("the disk is full")
	}
	begun, err := r.photos.BeginExpiry(ctx, id, now)
	if err != nil || !begun {
		return begun, err
	}
	return true, r.photos.Remove(ctx, id, now)
}

func (r *remover) Settle(context.Context) error {
	r.settled++
	return nil
}

func TestOnlyOldFailedEntriesArePurged(t *testing.T) {
	a := &archive{}
	m := purged{}
	ok(t, PurgeArchived(a, standard(t, retention.QueueEntries), m).Run(t.Context(), midnight))
	if m["queue_entries"] != 3 {
		t.Errorf("%d were counted", m["queue_entries"])
	}
	if want := midnight.Add(-24 * time.Hour); !a.olderThan.Equal(want) {
		t.Errorf("entries older than %s are purged, not %s", a.olderThan, want)
	}
}

// archive remembers what it is asked.
type archive struct{ olderThan time.Time }

func (a *archive) PurgeArchived(_ context.Context, olderThan time.Time) (int, error) {
	a.olderThan = olderThan
	return 3, nil
}

// standard is a class with its default period.
func standard(t *testing.T, n retention.Name) retention.Period {
	t.Helper()
	p, err := retention.Of(n).For(retention.Of(n).Default, false)
	ok(t, err)
	return p
}
