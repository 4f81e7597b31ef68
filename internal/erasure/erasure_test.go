package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"

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
	cfg   config.Config
	store *storage.Storage
	redis *testservers.RedisServer
	queue *tasks.Queue
	log   *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	return newRigOn(t, dir, "sqlite:"+filepath.Join(dir, "photos.db"), "sqlite:"+filepath.Join(dir, "keys.db"))
}

func newRigOn(t *testing.T, dir, records, keys string) *rig {
	t.Helper()
	r := &rig{T: t, dir: dir, redis: testservers.StartRedis(t), log: &bytes.Buffer{}}
	r.cfg = config.Config{
		DatabaseURL: records, KeysDatabaseURL: keys, BlobURL: "file://" + filepath.Join(r.dir, "blobs"),
		MasterKeyURL: "file://" + filepath.Join(r.dir, "master.key"), SigningKeyURL: "file://" + filepath.Join(r.dir, "signing.key"),
		RedisURL: r.redis.URL,
	}
	var err error
	r.Eraser, r.store, r.queue, err = open(t.Context(), r.cfg, r.log)
	r.ok(err)
	t.Cleanup(func() { _ = errors.Join(r.queue.Close(), r.store.Close()) })
	r.ok(r.store.Migrate(t.Context()))
	return r
}

// open is what the processes do.
func open(ctx context.Context, cfg config.Config, log io.Writer) (*erasure.Eraser, *storage.Storage, *tasks.Queue, error) {
	store, err := storage.Open(ctx, cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	redis, err := tasks.ParseRedis(cfg.RedisURL)
	if err != nil {
		return nil, nil, nil, err
	}
	signer, err := storage.Signer(cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	catalogue, err := docspec.Load()
	if err != nil {
		return nil, nil, nil, err
	}
	figures, now, lines := metrics.New("test", "test"), func() time.Time { return noon }, slog.New(slog.NewTextHandler(log, nil))
	queue := tasks.NewQueue(redis)
	o := store.Erasure(signer, queue, statistics.NewRecorder(statistics.Options{
		Store: store.Statistics, Catalogue: catalogue, Meter: figures.NewStatistics(), Log: lines, Now: now,
	}))
	o.Meter, o.Log, o.Now = figures.NewErasures(), lines, now
	return erasure.New(o), store, queue, nil
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// everything is what an upload leaves.
var everything = photo.Traces{
	photo.KeyTrace: 1, photo.OriginalTrace: 1, photo.ResultTrace: 1, photo.ReportTrace: 1, photo.AnalysisTrace: 1,
	photo.QueueTrace: 1, photo.RecordTrace: 1,
}

// upload has a photo with original, result, report, analysis, key and task.
func (r *rig) upload() photo.ID {
	r.Helper()
	ctx, id := r.Context(), photo.NewID()
	r.ok(r.store.Photos.Reserve(ctx, photo.Reservation{ID: id, Now: noon}))
	made := photo.Claim{ID: id, Revision: 1, Attempt: 1}
	for _, item := range []vault.Item{vault.OriginalOf(id), vault.Of(vault.Result, made), vault.Of(vault.Report, made), vault.Of(vault.Analysis, made)} {
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
	want := photo.Receipt{ID: receipt.ID, Reason: photo.ErasedOnRequest, CreatedAt: noon, FinishedAt: noon, Erased: everything}
	want, err = want.Signed(r.Signer)
	r.ok(err)
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
	step := func(n int) func(*rig) {
		return func(r *rig) {
			r.Steps = slices.Clone(r.Steps)
			r.Steps[n] = failedStep{broken}
		}
	}
	steps := map[string]func(*rig){
		"begin":   func(r *rig) { r.Marks = failing{Marks: r.Marks, at: "begin", err: broken} },
		"receipt": func(r *rig) { r.Receipts = failing{Receipts: r.Receipts, at: "receipt", err: broken} },
		"journal": func(r *rig) { r.Journal = deaf{r.Journal, broken} },
		"key":     step(0),
		"queue":   step(1),
		"blobs":   step(2),
		"record":  step(3),
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
			early := at == "begin" || at == "receipt" || at == "journal" || at == "key"
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
			if left := r.traces(id); left != nil {
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

func TestRedisHoldsUpNothingButTheReceipt(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	r.redis.Stop()
	began := time.Now()
	receipt, err := r.Erase(t.Context(), id)
	r.ok(err)
	if took := time.Since(began); !receipt.FinishedAt.IsZero() || took > 5*time.Second {
		t.Errorf("receipt %+v after %s", receipt, took)
	}
	if _, err := r.store.Photos.Get(t.Context(), id); !errors.Is(err, photo.ErrNotFound) {
		t.Errorf("the record waits for Redis: %v", err)
	}
	r.sweep(noon) // in vain, but that is no failure

	r.redis.Start(t)
	r.ok(r.queue.EnqueuePhoto(t.Context(), photo.Claim{ID: id, Revision: 1})) // as a Redis that keeps its memory has it
	if left := r.traces(id); !slices.Contains(left, "queue "+tasks.Photos) {
		t.Fatalf("Redis came back without the entry, left: %v", left)
	}
	r.sweep(noon)
	if left := r.traces(id); left != nil {
		t.Errorf("left: %v", left)
	}
	r.finished(receipt.ID)
}

// finished reads a receipt that must be good.
func (r *rig) finished(id string) photo.Receipt {
	r.Helper()
	kept, err := r.store.Receipts.FindReceipt(r.Context(), id)
	r.ok(err)
	if kept.FinishedAt.IsZero() || !kept.Proof.Verified() || !strings.Contains(kept.Proof.Text, `"state":"finished"`) {
		r.Errorf("the receipt is %+v", kept)
	}
	return kept
}

func TestAReceiptWaitsForAWorkerThatIsStillAtIt(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	atWork, goOn := make(chan struct{}), make(chan struct{})
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	redis, err := tasks.ParseRedis(r.redis.URL)
	r.ok(err)
	go func() {
		ended <- tasks.Serve(serving, redis, tasks.ServeOptions{
			Queue: tasks.Photos, Concurrency: 1, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
		}, asynq.HandlerFunc(func(context.Context, *asynq.Task) error { close(atWork); <-goOn; return nil }))
	}()
	<-atWork
	receipt, err := r.Erase(t.Context(), id)
	r.ok(err)
	// What the worker had in its hands when the blobs were deleted.
	late := filepath.Join(r.dir, "blobs", "photos", string(id), "r1-a1", "result")
	r.ok(os.MkdirAll(filepath.Dir(late), 0o700))
	r.ok(os.WriteFile(late, []byte("noise"), 0o600))
	r.ok(r.Settle(t.Context()))
	if kept, err := r.store.Receipts.FindReceipt(t.Context(), receipt.ID); err != nil || kept.State() != "pending" || !kept.Proof.Verified() {
		t.Errorf("while the worker is at it the receipt is %+v, %v", kept, err)
	}
	close(goOn)
	stop()
	r.ok(<-ended)
	r.ok(r.Settle(t.Context()))
	r.finished(receipt.ID)
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

// failedStep is one that never gets anywhere.
type failedStep struct{ err error }

func (f failedStep) Erase(context.Context, photo.Erasure, erasure.Note) error {
	return f.err
}

// failing fails one step and passes the others on.
type failing struct {
	erasure.Marks
	erasure.Receipts
	at  string
	err error
}

func (f failing) BeginErasure(ctx context.Context, id photo.ID) (bool, error) {
	if f.at == "begin" {
		return false, f.err
	}
	return f.Marks.BeginErasure(ctx, id)
}

func (f failing) BeginReceipt(ctx context.Context, id photo.ID, fresh func(photo.ErasureReason) (photo.Receipt, error)) (photo.Erasure, error) {
	if f.at == "receipt" {
		return photo.Erasure{}, f.err
	}
	return f.Receipts.BeginReceipt(ctx, id, fresh)
}

func (f failing) Finish(ctx context.Context, x photo.Erasure, seal func(photo.Receipt) (photo.Receipt, error)) (photo.Receipt, error) {
	if f.at == "finish" {
		return photo.Receipt{}, f.err
	}
	return f.Receipts.Finish(ctx, x, seal)
}

// deaf is a journal that can't be written.
type deaf struct {
	erasure.Journal
	err error
}

func (d deaf) Note(context.Context, photo.ID, photo.Receipt) error { return d.err }

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
