package main

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/installation"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// setting is the last that an installation has under a name.
func setting(in *testapp.Installation, name string) (value string) {
	for _, pair := range in.Env {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value = v
		}
	}
	return value
}

func TestASchedulerOnTheWrongRecordsSweepsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		store := in.Migrated(t)
		id := testapp.Upload(t, store, time.Now(), []byte("a portrait"))
		other := testapp.Install(t)
		other.Migrated(t)

		right := setting(in, "DATABASE_URL")
		in.Env = append(in.Env, "DATABASE_URL="+setting(other, "DATABASE_URL"))
		later := time.Now().Add(retention.OrphanAge + time.Hour)
		s := start(t, in, later)
		eventually(t, "the sweep was tried", func() bool { return s.failed("sweep_orphans") == 1 })
		if code, body := testapp.Get(t, s.ops+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "stores") {
			t.Errorf("readiness: %d %s", code, body)
		}
		if !strings.Contains(s.log.String(), "are not of one installation") {
			t.Error("the log does not say why")
		}
		s.Stop()
		readable(t, store, id)

		// With its own records the same sweep runs, and the photo is no orphan.
		in.Env = append(in.Env, "DATABASE_URL="+right)
		s = start(t, in, later.Add(time.Hour))
		eventually(t, "the sweep ran", func() bool { return s.ran("sweep_orphans") == 1 })
		readable(t, store, id)
	})
}

// failed is how often the scheduler says that it ran a job in vain.
func (r running) failed(job string) int {
	r.Helper()
	_, figures := testapp.Get(r, r.ops+"/metrics")
	return len(regexp.MustCompile(`(?m)^passportphoto_job_runs_total{job_name="`+job+`",result="failed"} [1-9]`).FindAllString(figures, -1))
}

func TestAnEmptyDatabaseIsNotMadeTheRecordsOfPicturesThatAreThere(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		store := in.Migrated(t)
		id := testapp.Upload(t, store, time.Now(), []byte("a portrait"))
		empty := testapp.Install(t)
		in.Env = append(in.Env, "DATABASE_URL="+setting(empty, "DATABASE_URL"))
		if err := in.Storage(t).Migrate(t.Context()); !errors.Is(err, installation.ErrNoRecords) {
			t.Errorf("migrated with %v", err)
		}
		readable(t, store, id)
	})
}

func TestRecordsOnAnotherMachineBeginWithStoresThatAreEmpty(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		before := in.Migrated(t)
		testapp.Upload(t, before, time.Now(), []byte("a portrait"))
		other := testapp.Install(t)
		in.Env = append(in.Env, "KEYS_DATABASE_URL="+setting(other, "KEYS_DATABASE_URL"), "BLOB_URL="+setting(other, "BLOB_URL"))
		after := in.Storage(t)
		if err := after.Together().Agree(t.Context()); err == nil {
			t.Error("they agree before they are migrated")
		}
		for range 2 {
			if err := after.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := after.Together().Agree(t.Context()); err != nil {
				t.Error(err)
			}
		}
		one, errA := before.Together().Records.ID(t.Context())
		two, errB := after.Together().Blobs.ID(t.Context())
		if one != two || one == "" || errA != nil || errB != nil {
			t.Errorf("the ID was %q and is %q: %v, %v", one, two, errA, errB)
		}
	})
}
