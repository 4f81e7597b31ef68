package archivist_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// order is what a process is told that builds an archive and kills itself on the way.
type order struct {
	Config  config.Config
	Request subjectrequest.ID
	DieAt   string
}

func TestMain(m *testing.M) {
	testapp.Main(m, func(ctx context.Context, o order) error { return o.obey(ctx) })
}

func (o order) obey(ctx context.Context) error {
	store, err := storage.Open(ctx, o.Config)
	if err != nil {
		return err
	}
	now := func() time.Time { return noon }
	with, err := optionsOf(store, o.Config, now)
	if err != nil {
		return err
	}
	with.Archives = mortalArchives{store.Archives, o.DieAt}
	with.Desk = mortalDesk{&fulfiller{store: store, now: now}, o.DieAt}
	return archivist.New(with).Build(ctx, o.Request)
}

// die kills the process as kill -9 does, where it was told to.
func die(at, here string) {
	if at == here {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

type mortalArchives struct {
	archivist.Archives
	at string
}

func (m mortalArchives) Keep(ctx context.Context, id subjectrequest.ID, s archive.Sealed) (bool, error) {
	die(m.at, "before it is kept")
	kept, err := m.Archives.Keep(ctx, id, s)
	die(m.at, "after it is kept")
	return kept, err
}

type mortalDesk struct {
	desk archivist.Desk
	at   string
}

func (m mortalDesk) ArchiveBuilt(ctx context.Context, id subjectrequest.ID) error {
	err := m.desk.ArchiveBuilt(ctx, id)
	die(m.at, "after it is answered")
	return err
}

func TestWhoeverIsKilledWhileBuildingLosesAndDoublesNothing(t *testing.T) {
	for _, at := range []string{"before it is kept", "after it is kept", "after it is answered"} {
		t.Run(at, func(t *testing.T) {
			d := open(t, "")
			r, _ := d.byKey(subjectrequest.Access, d.photo())
			if err := testapp.Victim(t, order{d.cfg, r.ID, at}).Run(); err == nil {
				t.Fatal("it was not killed")
			}
			before, err := d.Archives.Find(d.Context(), r.ID)
			if missing := errors.Is(err, subjectrequest.ErrNotFound); missing != (at == "before it is kept") {
				t.Fatalf("after the kill: %v", err)
			}
			sweep := scheduler.BuildArchives(d.Archives, archivist.New(d.with))
			for range 2 {
				d.must(sweep.Run(t.Context(), noon))
			}
			after, err := d.Archives.Find(d.Context(), r.ID)
			d.must(err)
			if before.Key != nil {
				d.equal(after, before)
			}
			now, err := d.Requests.Find(t.Context(), r.ID)
			d.must(err)
			d.equal([]any{now.State, now.Version}, []any{subjectrequest.Fulfilled, 3})
		})
	}
}
