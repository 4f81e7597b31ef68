package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const life = 48 * time.Hour

// rig is an eraser on real stores.
type rig struct {
	*testing.T
	*erasure.Eraser
	dir   string
	store *storage.Storage
	redis *testservers.RedisServer
	queue *tasks.Queue
	log   *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t, dir: t.TempDir(), redis: testservers.StartRedis(t), log: &bytes.Buffer{}}
	var err error
	r.store, err = storage.Open(t.Context(), config.Config{
		DatabaseURL: "sqlite:" + filepath.Join(r.dir, "photos.db"), KeysDatabaseURL: "sqlite:" + filepath.Join(r.dir, "keys.db"),
		BlobURL: "file://" + filepath.Join(r.dir, "blobs"), MasterKeyURL: "file://" + filepath.Join(r.dir, "master.key"),
	})
	r.ok(err)
	t.Cleanup(func() { _ = r.store.Close() })
	r.ok(r.store.Migrate(t.Context()))
	redis, err := tasks.ParseRedis(r.redis.URL)
	r.ok(err)
	r.queue = tasks.NewQueue(redis)
	t.Cleanup(func() { _ = r.queue.Close() })
	catalogue, err := docspec.Load()
	r.ok(err)
	r.Eraser = erasure.New(erasure.Options{
		Photos: r.store.Photos, Marks: r.store.Photos, Receipts: r.store.Receipts, Vault: r.store.Vault, Queue: r.queue,
		Statistics: statistics.NewRecorder(statistics.Options{
			Store: r.store.Statistics, Catalogue: catalogue, Meter: metrics.New("test", "test").NewStatistics(),
			Log: slog.New(slog.NewTextHandler(r.log, nil)), Now: func() time.Time { return noon },
		}),
		Meter: metrics.New("test", "test").NewErasures(), Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Now: func() time.Time { return noon },
	})
	return r
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// upload has a photo with original, result, key and task.
func (r *rig) upload() photo.ID {
	r.Helper()
	ctx, id := r.Context(), photo.NewID()
	r.ok(r.store.Photos.Reserve(ctx, photo.Reservation{ID: id, Now: noon}))
	for _, item := range []vault.Item{vault.OriginalOf(id), vault.Of(vault.Result, photo.Claim{ID: id, Revision: 1, Attempt: 1})} {
		_, err := r.store.Vault.Put(ctx, item, strings.NewReader("a picture"))
		r.ok(err)
	}
	r.ok(r.store.Photos.Queue(ctx, id, photo.Received{Document: "us-passport", Now: noon, ExpiresAt: noon.Add(life)}))
	r.ok(r.queue.EnqueuePhoto(ctx, photo.Claim{ID: id, Revision: 1}))
	return id
}

// traces says where anything of the photo is left.
func (r *rig) traces(id photo.ID) (found []string) {
	r.Helper()
	if _, err := r.store.Photos.Get(r.Context(), id); !errors.Is(err, photo.ErrNotFound) {
		found = append(found, "record")
	}
	if _, err := r.store.Vault.Read(r.Context(), vault.OriginalOf(id)); !errors.Is(err, vault.ErrMissing) {
		found = append(found, "key or original")
	}
	err := filepath.WalkDir(filepath.Join(r.dir, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, string(id)) {
			found = append(found, "blob")
		}
		return err
	})
	r.ok(err)
	depths, err := r.queue.Depths(r.Context())
	r.ok(err)
	for _, d := range depths {
		if d.Pending+d.Retry+d.Archived > 0 {
			found = append(found, "queue "+d.Queue)
		}
	}
	for _, name := range []string{"photos.db", "photos.db-wal", "keys.db", "keys.db-wal"} {
		b, err := os.ReadFile(filepath.Join(r.dir, name))
		if err == nil && bytes.Contains(b, []byte(id)) {
			found = append(found, name)
		}
	}
	if strings.Contains(r.log.String(), string(id)) {
		found = append(found, "log")
	}
	return found
}

func TestErasureLeavesNothingButAReceipt(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	receipt, err := r.Erase(t.Context(), id)
	r.ok(err)
	if left := r.traces(id); left != nil {
		t.Errorf("left: %v", left)
	}
	kept, err := r.store.Receipts.FindReceipt(t.Context(), receipt.ID)
	r.ok(err)
	want := photo.Receipt{ID: receipt.ID, Reason: photo.ErasedOnRequest, CreatedAt: noon, FinishedAt: noon}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, receipt); diff != "" {
		t.Error(diff)
	}
	if _, err := r.Erase(t.Context(), id); !errors.Is(err, photo.ErrNotFound) {
		t.Errorf("a second erasure: %v", err)
	}
}

func TestAnErasureTakesThePhotoFromItsContests(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	p, err := r.store.Photos.Claim(t.Context(), photo.Claim{ID: id, Revision: 1}, noon)
	r.ok(err)
	r.ok(r.store.Photos.Finish(t.Context(), p.Claim(), photo.Outcome{Status: photo.Ready, Now: noon}))
	c, _, err := contest.New(contest.Filing{Photo: p, Checks: []string{"eye_line"}, Message: "My eyes are level.", MayOpen: true, Now: noon,
		Report: []byte(`{"checks": [{"name": "eye_line", "outcome": "fail", "value": 20, "unit": "mm"}]}`)})
	r.ok(err)
	r.ok(r.store.Contests.File(t.Context(), c))

	_, err = r.Erase(t.Context(), id)
	r.ok(err)
	if left := r.traces(id); left != nil {
		t.Errorf("left: %v", left)
	}
	kept, err := r.store.Contests.Find(t.Context(), c.ID)
	r.ok(err)
	c.Photo, c.MayOpen = contest.Photo{Revision: 1}, false
	if diff := cmp.Diff(c, kept); diff != "" {
		t.Error(diff)
	}
}

func TestAPhotoThatIsNotDueIsNotExpired(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	erased, err := r.Expire(t.Context(), id, noon.Add(life-time.Millisecond))
	r.ok(err)
	if erased {
		t.Error("expired before its time")
	}
	if _, err := r.store.Vault.Read(t.Context(), vault.OriginalOf(id)); err != nil {
		t.Error(err)
	}
	erased, err = r.Expire(t.Context(), id, noon.Add(life))
	r.ok(err)
	if left := r.traces(id); !erased || left != nil {
		t.Errorf("erased %t, left: %v", erased, left)
	}
}

func TestAnErasureThatBreaksOffAnywhereIsEndedByTheSweep(t *testing.T) {
	broken := errors.New("broken")
	steps := map[string]func(*rig){
		"begin":   func(r *rig) { r.Marks = failing{Marks: r.Marks, at: "begin", err: broken} },
		"receipt": func(r *rig) { r.Receipts = failing{Receipts: r.Receipts, at: "receipt", err: broken} },
		"key":     func(r *rig) { r.Vault = failing{Vault: r.Vault, at: "key", err: broken} },
		"queue":   func(r *rig) { r.Queue = failing{Queue: r.Queue, at: "queue", err: broken} },
		"blobs":   func(r *rig) { r.Vault = failing{Vault: r.Vault, at: "blobs", err: broken} },
		"record":  func(r *rig) { r.Photos = failing{Photos: r.Photos, at: "record", err: broken} },
		"finish":  func(r *rig) { r.Receipts = failing{Receipts: r.Receipts, at: "finish", err: broken} },
	}
	for at, breakIt := range steps {
		t.Run(at, func(t *testing.T) {
			r := newRig(t)
			id := r.upload()
			sound := r.Options
			breakIt(r)
			receipt, err := r.Erase(t.Context(), id)
			// Until the key is gone, whoever asked must know that it failed.
			early := at == "begin" || at == "receipt" || at == "key"
			if early != errors.Is(err, broken) {
				t.Errorf("the asker is told %v", err)
			}
			if _, err := r.store.Vault.Read(t.Context(), vault.OriginalOf(id)); !early && !errors.Is(err, vault.ErrMissing) {
				t.Errorf("the original can still be read: %v", err)
			}

			r.Options = sound
			r.sweep(noon)
			if at == "begin" { // nothing had happened; the person asks again
				_, err := r.Erase(t.Context(), id)
				r.ok(err)
			}
			left := r.traces(id)
			if at == "queue" {
				// The entry is only an ID, and a worker finds nothing for it.
				r.ok(r.queue.ForgetPhoto(t.Context(), id, 1))
				left = r.traces(id)
			}
			if left != nil {
				t.Errorf("left: %v", left)
			}
			if !early {
				kept, err := r.store.Receipts.FindReceipt(t.Context(), receipt.ID)
				if err != nil || kept.FinishedAt.IsZero() {
					t.Errorf("the receipt is %+v, %v", kept, err)
				}
			}
		})
	}
}

// sweep does what the scheduler's job does.
func (r *rig) sweep(now time.Time) {
	r.Helper()
	ids, err := r.store.Photos.Due(r.Context(), now, 10)
	r.ok(err)
	for _, id := range ids {
		_, err := r.Expire(r.Context(), id, now)
		r.ok(err)
	}
	r.ok(r.Settle(r.Context()))
}

func TestRedisDoesNotHoldUpAnErasure(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	r.redis.Stop()
	began := time.Now()
	receipt, err := r.Erase(t.Context(), id)
	r.ok(err)
	if took := time.Since(began); receipt.FinishedAt.IsZero() || took > 5*time.Second {
		t.Errorf("receipt %+v after %s", receipt, took)
	}
	r.redis.Start(t)
	if left := r.traces(id); left != nil {
		t.Errorf("left: %v", left)
	}
}

func TestAnAskerWhoLeavesDoesNotStopTheErasure(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Erase(ctx, id)
	r.ok(err)
	if left := r.traces(id); left != nil {
		t.Errorf("left: %v", left)
	}
}

func TestTwoErasuresAtOnceDoNoHarm(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() { _, err := r.Erase(context.Background(), id); errs <- err }()
	}
	done := 0
	for range cap(errs) {
		if err := <-errs; err == nil {
			done++
		} else if !errors.Is(err, photo.ErrNotFound) {
			t.Error(err)
		}
	}
	if left := r.traces(id); done == 0 || left != nil {
		t.Errorf("%d succeeded, left: %v", done, left)
	}
}

// failing fails one step and passes the others on.
type failing struct {
	erasure.Photos
	erasure.Marks
	erasure.Receipts
	erasure.Vault
	erasure.Queue
	at  string
	err error
}

func (f failing) fails(step string) error {
	if f.at == step {
		return fmt.Errorf("%s: %w", step, f.err)
	}
	return nil
}

func (f failing) BeginErasure(ctx context.Context, id photo.ID) (bool, error) {
	if err := f.fails("begin"); err != nil {
		return false, err
	}
	return f.Marks.BeginErasure(ctx, id)
}

func (f failing) BeginReceipt(ctx context.Context, id photo.ID, fresh photo.Receipt) (photo.Receipt, error) {
	if err := f.fails("receipt"); err != nil {
		return photo.Receipt{}, err
	}
	return f.Receipts.BeginReceipt(ctx, id, fresh)
}

func (f failing) EraseKey(ctx context.Context, id photo.ID) error {
	if err := f.fails("key"); err != nil {
		return err
	}
	return f.Vault.EraseKey(ctx, id)
}

func (f failing) ForgetPhoto(ctx context.Context, id photo.ID, revision int) error {
	if err := f.fails("queue"); err != nil {
		return err
	}
	return f.Queue.ForgetPhoto(ctx, id, revision)
}

func (f failing) EraseBlobs(ctx context.Context, id photo.ID) error {
	if err := f.fails("blobs"); err != nil {
		return err
	}
	return f.Vault.EraseBlobs(ctx, id)
}

func (f failing) Remove(ctx context.Context, id photo.ID) error {
	if err := f.fails("record"); err != nil {
		return err
	}
	return f.Photos.Remove(ctx, id)
}

func (f failing) FinishReceipts(ctx context.Context, now time.Time) (int, error) {
	if err := f.fails("finish"); err != nil {
		return 0, err
	}
	return f.Receipts.FinishReceipts(ctx, now)
}

func TestAnErasureIsNotedUnderThePhotosReferenceOnly(t *testing.T) {
	r := newRig(t)
	ctx, id, ref := t.Context(), photo.NewID(), statistics.NewReference()
	r.ok(r.store.Photos.Reserve(ctx, photo.Reservation{ID: id, Now: noon}))
	r.ok(r.store.Photos.Queue(ctx, id, photo.Received{Document: "us-passport", Reference: ref, Now: noon, ExpiresAt: noon.Add(life)}))
	r.ok(r.store.AccessLog.Append(ctx, []accesslog.Entry{{Name: "a", At: noon, Method: "GET", Route: "/v1/photos/:id", Photo: id}}))
	for range 2 { // a second erasure changes nothing
		_, err := r.Erase(ctx, id)
		if !errors.Is(err, photo.ErrNotFound) {
			r.ok(err)
		}
	}
	row, err := r.store.Statistics.Find(ctx, ref)
	r.ok(err)
	if row.Document != "us-passport" || !row.ErasedAt.Equal(noon) {
		t.Errorf("the row is %+v", row)
	}
	if left := r.traces(id); left != nil { // the access log's line is in photos.db
		t.Errorf("left: %v", left)
	}
	r.ok(r.store.Statistics.Forget(ctx, ref))
	for _, name := range []string{"photos.db", "photos.db-wal"} {
		if b, err := os.ReadFile(filepath.Join(r.dir, name)); err == nil && bytes.Contains(b, []byte(ref)) {
			t.Errorf("the reference is in %s", name)
		}
	}
}
