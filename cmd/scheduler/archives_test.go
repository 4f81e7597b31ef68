package main

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

func TestARequestGetsItsArchiveByItsTaskAndByTheSweepWithoutOne(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	by := subjectrequest.By{Actor: audit.Person, Now: midnight, Calendar: calendar}
	file := func() subjectrequest.ID {
		t.Helper()
		p, err := store.Photos.Get(t.Context(), testapp.Upload(t, store, midnight, []byte("a portrait")))
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := subjectrequest.New(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.PhotoKey, Photo: photo.Photo{ID: p.ID, ExpiresAt: p.ExpiresAt}}, by)
		if err == nil {
			_, err = store.Requests.File(t.Context(), c)
		}
		if err == nil {
			c, err = c.Request.Accept(by)
		}
		if err == nil {
			err = store.Requests.Save(t.Context(), c)
		}
		if err != nil {
			t.Fatal(err)
		}
		return c.Request.ID
	}
	has := func(id subjectrequest.ID) func() bool {
		return func() bool { _, err := store.Archives.Find(t.Context(), id); return err == nil }
	}
	missed := file() // Redis was away
	s := start(t, in, midnight)
	eventually(t, "the sweep built it", has(missed))

	r, err := tasks.ParseRedis(in.Redis.URL)
	if err != nil {
		t.Fatal(err)
	}
	queue := tasks.NewQueue(r)
	defer func() { _ = queue.Close() }()
	asked := file()
	if err := queue.EnqueueArchive(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its task built it, with the sweep's clock standing still", has(asked))
	if !s.shows(`passportphoto_archives_total{kind="access",result="made"} 2`) || !s.shows(`passportphoto_archives_waiting 0`) {
		t.Error("the figures don't say so")
	}

	for _, id := range []subjectrequest.ID{missed, asked} {
		eventually(t, "the desk answered", func() bool {
			r, err := store.Requests.Find(t.Context(), id)
			return err == nil && r.State == subjectrequest.Fulfilled
		})
	}
	s.clock.Forward(14 * 24 * time.Hour)
	eventually(t, "the archive ended with its time", func() bool { return !has(asked)() && !has(missed)() })
}
