package erasure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// order is what a process is told that erases a photo and kills itself on the way.
type order struct {
	Config config.Config
	Photo  photo.ID
	Expire bool // instead of erasing on request
	DieAt  int  // which point, from 1
}

func TestMain(m *testing.M) {
	testapp.Main(m, func(ctx context.Context, o order) error { return o.obey(ctx) })
}

func (o order) obey(ctx context.Context) error {
	eraser, _, _, err := open(ctx, o.Config, io.Discard)
	if err != nil {
		return err
	}
	d := &doom{at: o.DieAt}
	eraser.Marks, eraser.Receipts, eraser.Journal = mortalMarks{eraser.Marks, d}, mortalReceipts{eraser.Receipts, d}, mortalJournal{eraser.Journal, d}
	eraser.Backlog = mortalBacklog{eraser.Backlog, d}
	for i, step := range eraser.Steps {
		eraser.Steps[i] = erasure.StepFunc(func(ctx context.Context, x photo.Erasure, note erasure.Note) error {
			defer d.around(fmt.Sprintf("step %d", i))()
			return step.Erase(ctx, x, note)
		})
	}
	if o.Expire {
		_, err = eraser.Expire(ctx, o.Photo, noon.Add(life))
		return err
	}
	_, err = eraser.Erase(ctx, o.Photo)
	return err
}

// doom kills its process, as kill -9 does, at one of the points that it passes.
type doom struct{ passed, at int }

func (d *doom) point(name string) {
	if d.passed++; d.passed == d.at {
		_, _ = os.Stdout.WriteString(name)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

// around has a point now and one when the function that it returns is called.
func (d *doom) around(name string) func() {
	d.point("before " + name)
	return func() { d.point("after " + name) }
}

type mortalMarks struct {
	erasure.Marks
	*doom
}

func (m mortalMarks) BeginErasure(ctx context.Context, id photo.ID) (bool, error) {
	defer m.around("mark")()
	return m.Marks.BeginErasure(ctx, id)
}

func (m mortalMarks) BeginExpiry(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	defer m.around("mark")()
	return m.Marks.BeginExpiry(ctx, id, now)
}

type mortalReceipts struct {
	erasure.Receipts
	*doom
}

func (m mortalReceipts) BeginReceipt(ctx context.Context, id photo.ID, fresh func(photo.ErasureReason) (photo.Receipt, error)) (photo.Erasure, error) {
	defer m.around("receipt")()
	return m.Receipts.BeginReceipt(ctx, id, fresh)
}

func (m mortalReceipts) Note(ctx context.Context, receipt string, found photo.Traces) error {
	defer m.around(fmt.Sprint("note ", found))()
	return m.Receipts.Note(ctx, receipt, found)
}

func (m mortalReceipts) Finish(ctx context.Context, x photo.Erasure, seal func(photo.Receipt) (photo.Receipt, error)) (photo.Receipt, error) {
	defer m.around("finish")()
	return m.Receipts.Finish(ctx, x, seal)
}

type mortalJournal struct {
	erasure.Journal
	*doom
}

func (m mortalJournal) Note(ctx context.Context, id photo.ID, r photo.Receipt) error {
	defer m.around("journal " + r.State())()
	return m.Journal.Note(ctx, id, r)
}

type mortalBacklog struct {
	erasure.Backlog
	*doom
}

func (m mortalBacklog) Scrub(ctx context.Context) error {
	defer m.around("scrub")()
	return m.Backlog.Scrub(ctx)
}

func TestAnErasureThatIsKilledAnywhereIsEndedByTheSweep(t *testing.T) {
	t.Run("on request, SQLite", func(t *testing.T) { killEverywhere(newRig(t), false) })
	t.Run("by expiry, PostgreSQL", func(t *testing.T) {
		killEverywhere(newRigOn(t, t.TempDir(), testservers.Postgres(t), testservers.Postgres(t)), true)
	})
}

func killEverywhere(r *rig, expire bool) {
	seen := map[string]bool{} // receipts
	for point := 1; ; point++ {
		id := r.upload()
		name, killed := r.sendVictim(order{r.cfg, id, expire, point})
		now := noon
		if expire {
			now = noon.Add(life)
		}
		r.sweep(now)
		if _, err := r.store.Photos.Get(r.Context(), id); err == nil {
			if point != 1 {
				r.Errorf("killed %s: the photo is there after the sweep", name)
			}
			_, err := r.Erase(r.Context(), id) // nobody had an answer, and asks again
			r.ok(err)
		}
		if left := r.traces(id); left != nil {
			r.Errorf("killed %s: left: %v", name, left)
		}
		var fresh []photo.Receipt
		for _, receipt := range r.receipts() {
			if !seen[receipt.ID] {
				fresh, seen[receipt.ID] = append(fresh, receipt), true
			}
		}
		want := photo.ErasedOnRequest
		if expire {
			want = photo.ErasedByExpiry
		}
		if len(fresh) != 1 || fresh[0].Reason != want {
			r.Errorf("killed %s: receipts %+v, want one, of an erasure by %s", name, fresh, want)
		} else if diff := cmp.Diff(everything, fresh[0].Erased); diff != "" {
			r.Errorf("killed %s: the receipt's counts: %s", name, diff)
		}
		if !killed {
			r.Logf("killed at %d points", point-1)
			if point < 25 {
				r.Errorf("only %d points: this test can't see them any more", point-1)
			}
			return
		}
	}
}

// sendVictim runs an erasure in a process of its own and says where it was killed.
func (r *rig) sendVictim(o order) (where string, killed bool) {
	r.Helper()
	c := testapp.Victim(r.T, o)
	var out, said strings.Builder
	c.Stdout, c.Stderr = &out, &said
	err := c.Run()
	if c.ProcessState == nil {
		r.Fatal(err)
	}
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	if err != nil && status.Signal() != syscall.SIGKILL {
		r.Fatalf("the victim ended with %v: %s", err, said.String())
	}
	return out.String(), err != nil
}

// receipts are all that the database holds, each of them finished and good.
func (r *rig) receipts() (all []photo.Receipt) {
	r.Helper()
	db, err := sqlstore.Open(r.Context(), r.cfg.DatabaseURL)
	r.ok(err)
	defer db.Close()
	rows, err := db.QueryContext(r.Context(), `SELECT receipt FROM erasure_receipts`)
	r.ok(err)
	var ids []string
	for rows.Next() {
		var id string
		r.ok(rows.Scan(&id))
		ids = append(ids, id)
	}
	r.ok(errors.Join(rows.Err(), rows.Close()))
	for _, id := range ids {
		all = append(all, r.finished(id))
	}
	return all
}

// TestNoDeletedMarkerIsInTheDatabasesFiles plants what could lead back to a photo in
// every text of its record.
func TestNoDeletedMarkerIsInTheDatabasesFiles(t *testing.T) {
	r := newRig(t)
	const marker = "an-unmistakable-marker"
	id := photo.NewID()
	r.ok(r.store.Photos.Reserve(t.Context(), photo.Reservation{ID: id, Now: noon}))
	r.ok(r.store.Photos.Queue(t.Context(), id, photo.Received{Document: marker, Now: noon, ExpiresAt: noon.Add(life)}))
	found := func() (in []string) {
		files, err := filepath.Glob(filepath.Join(r.dir, "*.db*"))
		r.ok(err)
		for _, f := range files {
			content, err := os.ReadFile(f)
			r.ok(err)
			if strings.Contains(string(content), marker) || strings.Contains(string(content), string(id)) {
				in = append(in, filepath.Base(f))
			}
		}
		return in
	}
	if found() == nil {
		t.Fatal("the marker is not found while it is there: this test can't see")
	}
	_, err := r.Erase(t.Context(), id)
	r.ok(err)
	if in := found(); in != nil {
		t.Errorf("the marker is still in %v", in)
	}
}
