package sqlstore_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const life = 48 * time.Hour

// onBoth runs the test on an empty, migrated database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, s store)) {
	t.Helper()
	onSQLite(t, test)
	t.Run("postgres", func(t *testing.T) { test(t, migrated(t, testservers.Postgres(t))) })
}

// onSQLite is for what only SQLite can be made to show.
func onSQLite(t *testing.T, test func(t *testing.T, s store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, migrated(t, "sqlite:"+filepath.Join(t.TempDir(), "photos.db")))
	})
}

func migrated(t *testing.T, url string) store {
	t.Helper()
	db := open(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store{sqlstore.NewPhotos(db), t, db, url}
}

func open(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// store is the table under test with the steps that many tests begin with.
type store struct {
	*sqlstore.Photos
	t   *testing.T
	db  *sqldb.DB
	url string
}

func (s store) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s store) want(err, want error) {
	s.t.Helper()
	if !errors.Is(err, want) {
		s.t.Errorf("got error %v, want %v", err, want)
	}
}

func (s store) get(id photo.ID) photo.Photo {
	s.t.Helper()
	p, err := s.Get(s.t.Context(), id)
	s.ok(err)
	return p
}

func (s store) status(id photo.ID, want photo.Status) {
	s.t.Helper()
	if got := s.get(id).Status; got != want {
		s.t.Errorf("the photo is %s, want %s", got, want)
	}
}

// reserved has a photo receiving since now.
func (s store) reserved(now time.Time) photo.ID {
	s.t.Helper()
	id := photo.NewID()
	s.ok(s.Reserve(s.t.Context(), photo.Reservation{ID: id, KeyHash: photo.NewKey().Hash(), Now: now}))
	return id
}

// queued has a photo queued since now; the claim is what a task carries.
func (s store) queued(now time.Time) photo.Claim {
	s.t.Helper()
	id := s.reserved(now)
	s.ok(s.Queue(s.t.Context(), id, received(now)))
	return photo.Claim{ID: id, Revision: 1}
}

// claimed has a photo held since now.
func (s store) claimed(now time.Time) photo.Claim {
	s.t.Helper()
	return s.claim(s.queued(now), now)
}

func (s store) claim(want photo.Claim, now time.Time) photo.Claim {
	s.t.Helper()
	p, err := s.Claim(s.t.Context(), want, now)
	s.ok(err)
	return p.Claim()
}

func received(now time.Time) photo.Received {
	return photo.Received{
		Document: "us-passport", AgeBand: photo.Adult,
		Original: photo.Original{Format: photo.JPEG, Bytes: 1234567, Width: 4000, Height: 3000},
		BodyHash: [32]byte{1, 2, 3}, Statement: photo.Statement{Person: true, FacePoints: true, PolicyVersion: 7}, Now: now, ExpiresAt: now.Add(life),
	}
}

func (s store) equal(got, want any) {
	s.t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		s.t.Error("want (-), got (+):\n" + d)
	}
}

func TestAnUploadBecomesAQueuedPhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id, hash := photo.NewID(), photo.NewKey().Hash()
		s.ok(s.Reserve(t.Context(), photo.Reservation{
			ID: id, KeyHash: hash, Document: "de-passport", AgeBand: photo.Under1, Now: noon}))
		s.equal(s.get(id), photo.Photo{
			ID: id, KeyHash: hash, Status: photo.Receiving, Document: "de-passport", AgeBand: photo.Under1,
			CreatedAt: noon, LastEditedAt: noon, ExpiresAt: noon.Add(retention.ReceivingLimit),
		})

		later := noon.Add(3 * time.Second)
		s.ok(s.Queue(t.Context(), id, received(later)))
		s.equal(s.get(id), photo.Photo{
			ID: id, KeyHash: hash, Status: photo.Queued, Document: "us-passport", AgeBand: photo.Adult,
			Revision: 1, Original: received(later).Original, Statement: received(later).Statement,
			CreatedAt: noon, LastEditedAt: later, ExpiresAt: later.Add(life),
		})
		s.want(s.Queue(t.Context(), id, received(later)), photo.ErrNotFound)
	})
}

func TestAnUnknownPhotoIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		_, err := s.Get(t.Context(), photo.NewID())
		s.want(err, photo.ErrNotFound)
		s.want(s.Queue(t.Context(), photo.NewID(), received(noon)), photo.ErrNotFound)
		_, err = s.ByIdempotency(t.Context(), [32]byte{9})
		s.want(err, photo.ErrNotFound)
	})
}

func TestOnlyAnUnfinishedUploadCanBeAbandoned(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		unfinished, queued := s.reserved(noon), s.queued(noon)
		s.ok(s.Abandon(t.Context(), unfinished))
		_, err := s.Get(t.Context(), unfinished)
		s.want(err, photo.ErrNotFound)
		s.ok(s.Abandon(t.Context(), queued.ID))
		s.status(queued.ID, photo.Queued)
	})
}

func TestAnIdempotencyKeyBelongsToOneUpload(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		first := photo.Reservation{ID: photo.NewID(), Now: noon,
			Idempotency: &photo.Idempotency{Hash: [32]byte{7}, SealedKey: []byte("sealed")}}
		s.ok(s.Reserve(t.Context(), first))
		second := first
		second.ID = photo.NewID()
		s.want(s.Reserve(t.Context(), second), photo.ErrDuplicate)

		replay, err := s.ByIdempotency(t.Context(), [32]byte{7})
		s.ok(err)
		s.equal(replay, photo.Replay{Photo: s.get(first.ID), SealedKey: []byte("sealed")})

		s.ok(s.Queue(t.Context(), first.ID, received(noon)))
		replay, err = s.ByIdempotency(t.Context(), [32]byte{7})
		s.ok(err)
		s.equal(replay.BodyHash, received(noon).BodyHash)
		s.equal(replay.Photo.Status, photo.Queued)
	})
}

func TestUploadsWithoutIdempotencyKeysDoNotMeet(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.reserved(noon)
		s.reserved(noon)
		counts, err := s.Counts(t.Context())
		s.ok(err)
		s.equal(counts, map[photo.Status]int{photo.Receiving: 2})
	})
}
