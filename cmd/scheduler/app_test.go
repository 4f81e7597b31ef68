package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// midnight is when the clocks of these tests begin: every job's period does.
var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// running is a scheduler, on a free port, with a clock that stands still.
type running struct {
	*testing.T
	*testapp.Process
	ops   string
	clock *testapp.Clock
	log   *testapp.Output
}

func start(t *testing.T, in *testapp.Installation, now time.Time) running {
	t.Helper()
	clock, log := testapp.NewClock(now), testapp.Log(t)
	app, err := New(t.Context(), in.Config(t, process), Surroundings{
		Log: logging.New(logging.Options{Out: log, Process: string(process)}), Now: clock.Now,
		Database: func(context.Context) (time.Time, error) { return clock.Now(), nil },
		Uptime:   func() time.Duration { return clock.Now().Sub(now) }, // time goes by when the clock is moved
	})
	if err != nil {
		t.Fatal(err)
	}
	return running{t, testapp.Start(t, app), "http://" + app.ops.Addr(), clock, log}
}

// ran is how often the scheduler says that it ran a job, with success.
func (r running) ran(job string) (n int) {
	r.Helper()
	_, figures := testapp.Get(r, r.ops+"/metrics")
	line := regexp.MustCompile(`(?m)^passportphoto_job_runs_total{job_name="` + job + `",result="ok"} \d+$`).FindString(figures)
	if line != "" {
		if _, err := fmt.Sscan(line[strings.LastIndex(line, " "):], &n); err != nil {
			r.Fatal(err)
		}
	}
	return n
}

// eventually waits for a scheduler, which looks at the clock each second.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	testapp.Eventually(t, 10*time.Second, what, holds)
}

// files are the names of all photos' blobs.
func files(t *testing.T, in *testapp.Installation) (names []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(in.Dir, "blobs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "installation" {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestAPhotoIsErasedInTheFirstMinuteAfterItsTimeAndGraceAndNotBefore(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	id := testapp.Upload(t, store, midnight.Add(30*time.Second), []byte("a portrait"))
	lastMinute := midnight.Add(retention.PictureFloor + retention.ClockTolerance) // half of it is before the photo's time
	s := start(t, in, lastMinute)
	eventually(t, "expiry ran in the photo's last minute", func() bool { return s.ran("expire") == 1 })
	if _, err := store.Photos.Get(t.Context(), id); err != nil || len(files(t, in)) != 1 {
		t.Fatalf("the photo was not kept for its time: %v, blobs %v", err, files(t, in))
	}

	s.clock.Forward(time.Minute)
	eventually(t, "expiry ran in the minute after", func() bool { return s.ran("expire") == 2 })
	erased(t, store, id)
	if left := files(t, in); len(left) > 0 {
		t.Errorf("blobs are left: %v", left)
	}
	said := regexp.MustCompile(`msg=erased .*receipt=(\w+) reason=expiry`).FindStringSubmatch(s.log.String())
	if said == nil {
		t.Fatal("the log names no receipt")
	}
	receipt, err := store.Receipts.FindReceipt(t.Context(), said[1])
	if err != nil || receipt.Reason != photo.ErasedByExpiry || !receipt.FinishedAt.Equal(s.clock.Now()) {
		t.Errorf("the receipt: %+v, %v", receipt, err)
	}
}

func erased(t *testing.T, store *storage.Storage, id photo.ID) {
	t.Helper()
	if p, err := store.Photos.Get(t.Context(), id); !errors.Is(err, photo.ErrNotFound) {
		t.Errorf("the photo is %s: %v", p.Status, err)
	}
}

func TestPhotosAreErasedThoughRedisIsAway(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	id := testapp.Upload(t, store, midnight, []byte("a portrait"))
	in.Redis.Stop()
	s := start(t, in, midnight)
	if code, body := testapp.Get(t, s.ops+"/readyz"); code != http.StatusOK {
		t.Errorf("not ready without Redis: %d %s", code, body)
	}
	s.clock.Forward(retention.PictureFloor + retention.ClockTolerance)
	eventually(t, "expiry ran", func() bool { return s.ran("expire") == 1 })
	erased(t, store, id)
}

func TestTwoSchedulersAtOnceRunAPeriodsJobsOnce(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	a := start(t, in, midnight)
	eventually(t, "the first scheduler ran everything", func() bool {
		return a.ran("requeue") == 1 && a.ran("expire") == 1 && a.ran("purge_archived") == 1
	})
	// The second starts in the same minute. That it asks for the
	// jobs of the minute too shows when it has asked, twice, for the one job
	// that has a period of ten seconds.
	b := start(t, in, midnight)
	both := func(job string) int { return a.ran(job) + b.ran(job) }
	for n := 1; n <= 2; n++ {
		b.clock.Forward(10 * time.Second)
		eventually(t, "the second scheduler asked", func() bool { return both("requeue") == n+1 })
	}
	for _, job := range []string{"expire", "purge_archived"} {
		if n := both(job); n != 1 {
			t.Errorf("%s ran %d times in its period", job, n)
		}
	}
}

func TestASchedulerIsNotReadyBeforeTheDatabasesAreMigrated(t *testing.T) {
	in := testapp.Install(t)
	s := start(t, in, midnight)
	if code, body := testapp.Get(t, s.ops+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, `"failing":["keys","records","stores"]`) {
		t.Errorf("before: %d %s", code, body)
	}
	in.Migrated(t)
	if code, body := testapp.Get(t, s.ops+"/readyz"); code != http.StatusOK {
		t.Errorf("after: %d %s", code, body)
	}
}

// TestEachClassOfTheTableHasItsPurger holds the timetable against the table.
func TestEachClassOfTheTableHasItsPurger(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	s := start(t, in, midnight)
	for _, class := range retention.Classes() {
		if class.Name == retention.Backups {
			continue
		}
		eventually(t, class.Purger+" ran", func() bool { return s.ran(class.Purger) > 0 })
	}
}
