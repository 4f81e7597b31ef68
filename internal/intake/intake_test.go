package intake_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const idempotencyKey = "0f8fad5b-d9cb-469f-a165-70867728950e"

// door is an intake over real stores, with a queue that only counts.
type door struct {
	*testing.T
	*intake.Intake
	photos  *sqlstore.Photos
	vault   *vault.Vault
	db      *sqldb.DB
	keys    *sqldb.DB
	blobDir string
	queue   *counter
	noted   *noted
}

type counter struct {
	claims []photo.Claim
	err    error
}

func (c *counter) EnqueuePhoto(_ context.Context, claim photo.Claim) error {
	c.claims = append(c.claims, claim)
	return c.err
}

// noted is what the statistics were told.
type noted struct{ photos []photo.Photo }

func (n *noted) Received(_ context.Context, p photo.Photo) { n.photos = append(n.photos, p) }

func newDoor(t *testing.T) *door {
	t.Helper()
	dir := t.TempDir()
	d := &door{T: t, queue: &counter{}, noted: &noted{}, blobDir: filepath.Join(dir, "blobs")}
	var err error
	d.db, err = sqlstore.Open(t.Context(), "sqlite:"+filepath.Join(dir, "photos.db"))
	d.must(err)
	d.keys, err = keyring.OpenDatabase(t.Context(), "sqlite:"+filepath.Join(dir, "keys.db"))
	d.must(err)
	d.must(d.db.Migrate(t.Context()))
	d.must(d.keys.Migrate(t.Context()))
	master, err := keyring.OpenMaster(t.Context(), "file://"+filepath.Join(dir, "master.key"))
	d.must(err)
	blobs, err := blobstore.Open(t.Context(), "file://"+d.blobDir)
	d.must(err)
	t.Cleanup(func() { _ = errors.Join(d.db.Close(), d.keys.Close(), master.Close(), blobs.Close()) })
	life, err := retention.NewPictureLife(48*time.Hour, false)
	d.must(err)
	d.photos, d.vault = sqlstore.NewPhotos(d.db), vault.New(blobs, keyring.New(d.keys, master))
	d.Intake = intake.New(intake.Parts{
		Records: d.photos, Replays: d.photos, Revisions: d.photos, Dispatch: d.photos, Vault: d.vault, Queue: d.queue, Statistics: d.noted,
		Life: life, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
		SealKey: keyring.SealKey, OpenKey: keyring.OpenKey,
	})
	return d
}

func (d *door) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// left counts what lies in the stores.
func (d *door) left() (rows, keys, blobs int) {
	d.Helper()
	d.must(d.db.QueryRow("SELECT COUNT(*) FROM photos").Scan(&rows))
	d.must(d.keys.QueryRow("SELECT COUNT(*) FROM photo_keys").Scan(&keys))
	d.must(filepath.WalkDir(d.blobDir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			blobs++
		}
		return err
	}))
	return rows, keys, blobs
}

func (d *door) nothingLeft() {
	d.Helper()
	if rows, keys, blobs := d.left(); rows+keys+blobs != 0 {
		d.Errorf("left: %d rows, %d keys, %d blobs", rows, keys, blobs)
	}
}

func order(document string, band photo.AgeBand) func() (photo.Order, error) {
	return func() (photo.Order, error) { return photo.Order{Document: document, AgeBand: band}, nil }
}

func upload(file []byte, key string) intake.Upload {
	return intake.Upload{IdempotencyKey: key, Body: bytes.NewReader(file), Order: order("us-passport", photo.Adult)}
}

func TestAnUploadIsStoredQueuedAndEnqueued(t *testing.T) {
	d := newDoor(t)
	file := testpictures.Portrait(t, portraits.Smiling)
	got, err := d.Accept(t.Context(), upload(file, ""))
	d.must(err)
	p, err := d.photos.Get(t.Context(), got.Photo.ID)
	d.must(err)
	if p.Status != photo.Queued || p.Document != "us-passport" || p.AgeBand != photo.Adult ||
		p.Original.Bytes != int64(len(file)) || p.Original.Format != photo.JPEG || p.Original.Width == 0 ||
		!p.ExpiresAt.Equal(noon.Add(48*time.Hour)) || !p.KeyHash.Opens(got.Key) {
		t.Errorf("recorded %+v", p)
	}
	r, err := d.vault.Open(t.Context(), vault.OriginalOf(p.ID))
	d.must(err)
	defer r.Close()
	if stored, err := io.ReadAll(r); err != nil || !bytes.Equal(stored, file) {
		t.Errorf("stored %d bytes, error %v", len(stored), err)
	}
	if len(d.queue.claims) != 1 || d.queue.claims[0] != p.Claim() {
		t.Errorf("enqueued %v, want %v", d.queue.claims, p.Claim())
	}
	if stranded, err := d.photos.Stranded(t.Context(), noon, 9); err != nil || len(stranded) != 0 {
		t.Errorf("the sweep would enqueue it again: %v, error %v", stranded, err)
	}
}

func TestAPhotoIsAcceptedWhileTheQueueIsDown(t *testing.T) {
	d := newDoor(t)
	d.queue.err = errors.New("no queue")
	got, err := d.Accept(t.Context(), upload(testpictures.Portrait(t, portraits.Smiling), ""))
	d.must(err)
	stranded, err := d.photos.Stranded(t.Context(), noon.Add(time.Minute), 9)
	if err != nil || len(stranded) != 1 || stranded[0].ID != got.Photo.ID {
		t.Errorf("the sweep finds %v, error %v", stranded, err)
	}
}

func TestAnUploadThatFailsLeavesNothing(t *testing.T) {
	file := testpictures.Portrait(t, portraits.Smiling)
	refused := errors.New("the form is wrong")
	for _, tt := range []struct {
		name   string
		upload intake.Upload
		want   error
	}{
		{"empty", upload(nil, ""), intake.ErrEmpty},
		{"too large", intake.Upload{Body: io.MultiReader(bytes.NewReader(file), zeros(photo.MaxBytes)), Order: order("x", "")}, intake.ErrTooLarge},
		{"broken off at once", intake.Upload{Body: iotest.ErrReader(io.ErrUnexpectedEOF), Order: order("x", "")}, intake.ErrTruncated},
		{"broken off half-way", intake.Upload{Body: brokenOff(file), Order: order("x", "")}, intake.ErrTruncated},
		{"not a picture", upload([]byte("%PDF-1.7 "), ""), intake.UnsupportedError{LooksLike: "a PDF document"}},
		{"too many pixels", upload(testpictures.HugePNGHeader(), ""), photo.TooManyPixels},
		{"refused by its order", intake.Upload{Body: bytes.NewReader(file), Order: func() (photo.Order, error) { return photo.Order{}, refused }}, refused},
		{"with a guessable idempotency key", upload(file, "order-17"), intake.ErrWeakKey},
		{"with a repetitive idempotency key", upload(file, strings.Repeat("01", 20)), intake.ErrWeakKey},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDoor(t)
			if _, err := d.Accept(t.Context(), tt.upload); !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			d.nothingLeft()
			if len(d.queue.claims) != 0 {
				t.Errorf("enqueued %v", d.queue.claims)
			}
		})
	}
}

func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// brokenOff gives more than is sniffed, and then the network's error.
func brokenOff(file []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(file), zeros(300<<10), iotest.ErrReader(io.ErrUnexpectedEOF))
}

func TestAClientThatLeavesBeforeTheEndLeavesNothing(t *testing.T) {
	d := newDoor(t)
	ctx, cancel := context.WithCancel(t.Context())
	u := upload(testpictures.Portrait(t, portraits.Smiling), "")
	inner := u.Order
	u.Order = func() (photo.Order, error) { cancel(); return inner() }
	if _, err := d.Accept(ctx, u); !errors.Is(err, intake.ErrTruncated) {
		t.Errorf("got error %v, want %v", err, intake.ErrTruncated)
	}
	d.nothingLeft()
}

func TestWhenAStoreIsDownTheUploadIsUnavailable(t *testing.T) {
	file := testpictures.Portrait(t, portraits.Smiling)
	for _, tt := range []struct {
		name string
		fail func(d *door)
	}{
		{"records", func(d *door) { d.must(d.db.Close()) }},
		{"keys", func(d *door) { d.must(d.keys.Close()) }},
		{"the key service", func(d *door) {
			service := testservers.StartKeyService(d.T)
			service.Fail(-1)
			master, err := keyring.OpenMaster(d.Context(), service.AWS("master"))
			d.must(err)
			d.Cleanup(func() { _ = master.Close() })
			blobs, err := blobstore.Open(d.Context(), "file://"+d.blobDir)
			d.must(err)
			d.Cleanup(func() { _ = blobs.Close() })
			d.Vault = vault.New(blobs, keyring.New(d.keys, master))
		}},
		{"blobs", func(d *door) {
			// A file where the directory belongs fails for root too.
			d.must(os.WriteFile(filepath.Join(d.blobDir, "photos"), nil, 0o600))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDoor(t)
			tt.fail(d)
			if _, err := d.Accept(t.Context(), upload(file, "")); !errors.Is(err, intake.ErrUnavailable) {
				t.Errorf("got error %v, want %v", err, intake.ErrUnavailable)
			}
		})
	}
}

func TestARepeatedUploadGetsTheSamePhotoAndKey(t *testing.T) {
	d := newDoor(t)
	file := testpictures.Portrait(t, portraits.Smiling)
	first, err := d.Accept(t.Context(), upload(file, idempotencyKey))
	d.must(err)
	again, err := d.Accept(t.Context(), upload(file, idempotencyKey))
	d.must(err)
	if again.Photo.ID != first.Photo.ID || again.Key != first.Key || again.Photo.Status != photo.Queued {
		t.Errorf("got another photo or key: %+v", again.Photo)
	}
	if rows, keys, blobs := d.left(); rows != 1 || keys != 1 || blobs != 1 {
		t.Errorf("stored %d rows, %d keys, %d blobs, want one each", rows, keys, blobs)
	}
}

func TestAnUploadIsKnownByItsIdempotencyKey(t *testing.T) {
	d := newDoor(t)
	if d.Known(t.Context(), idempotencyKey) {
		t.Error("it is known before it came")
	}
	_, err := d.Accept(t.Context(), upload(testpictures.Portrait(t, portraits.Smiling), idempotencyKey))
	d.must(err)
	for key, want := range map[string]bool{idempotencyKey: true, strings.ToUpper(idempotencyKey): false, "": false, "weak": false} {
		if got := d.Known(t.Context(), key); got != want {
			t.Errorf("%q is known: %v", key, got)
		}
	}
	d.must(d.db.Close())
	if d.Known(t.Context(), idempotencyKey) {
		t.Error("it is known to records that don't answer")
	}
}

func TestAChangedUploadWithTheSameIdempotencyKeyIsRefused(t *testing.T) {
	d := newDoor(t)
	file := testpictures.Portrait(t, portraits.Smiling)
	_, err := d.Accept(t.Context(), upload(file, idempotencyKey))
	d.must(err)
	changed := map[string]intake.Upload{
		"picture":  upload(testpictures.Portrait(t, portraits.Tilted), idempotencyKey),
		"document": {IdempotencyKey: idempotencyKey, Body: bytes.NewReader(file), Order: order("gb-passport", photo.Adult)},
		"age band": {IdempotencyKey: idempotencyKey, Body: bytes.NewReader(file), Order: order("us-passport", photo.Under1)},
	}
	for what, u := range changed {
		if _, err := d.Accept(t.Context(), u); !errors.Is(err, intake.ErrMismatch) {
			t.Errorf("%s: got error %v, want %v", what, err, intake.ErrMismatch)
		}
	}
}

func TestASecondUploadWhileTheFirstRunsIsTurnedAway(t *testing.T) {
	d := newDoor(t)
	file := testpictures.Portrait(t, portraits.Smiling)
	u := upload(file, idempotencyKey)
	inner := u.Order
	u.Order = func() (photo.Order, error) { // the first is still open here
		if _, err := d.Accept(t.Context(), upload(file, idempotencyKey)); !errors.Is(err, intake.ErrRunning) {
			t.Errorf("the second got error %v, want %v", err, intake.ErrRunning)
		}
		return inner()
	}
	_, err := d.Accept(t.Context(), u)
	d.must(err)
}

func TestALargeUploadDoesNotFillTheMemory(t *testing.T) {
	d := newDoor(t)
	head := testpictures.Portrait(t, portraits.Smiling)
	body := io.MultiReader(bytes.NewReader(head), zeros(photo.MaxBytes-int64(len(head))))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err := d.Accept(t.Context(), intake.Upload{Body: body, Order: order("us-passport", "")})
	d.must(err)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d MB for a 25 MB picture", grown>>20)
	}
}

func TestAnUploadAndItsEditsAreNotedUnderOneReference(t *testing.T) {
	d := newDoor(t)
	got, err := d.Accept(t.Context(), upload(testpictures.Portrait(t, portraits.Smiling), ""))
	d.must(err)
	zoom := 90.0
	p, err := d.photos.Get(t.Context(), got.Photo.ID)
	d.must(err)
	_, err = d.Revise(t.Context(), p, intake.Change{Settings: edit.Change{ZoomPercent: &zoom}})
	d.must(err)
	if n := d.noted.photos; len(n) != 2 || n[0].Reference == "" || n[1].Reference != n[0].Reference || n[0].Document != "us-passport" || n[1].Revision != 2 {
		t.Errorf("noted: %+v", n)
	}
}

// TestAnEditThatMeetsARestrictionIsRefused has the restriction come after the photo
// was read.
func TestAnEditThatMeetsARestrictionIsRefused(t *testing.T) {
	d := newDoor(t)
	got, err := d.Accept(t.Context(), upload(testpictures.Portrait(t, portraits.Smiling), ""))
	d.must(err)
	_, err = d.photos.Restrict(t.Context(), got.Photo.ID, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Objects, Since: noon})
	d.must(err)
	bright := 10
	_, err = d.Revise(t.Context(), got.Photo, intake.Change{Settings: edit.Change{Brightness: &bright}})
	if !errors.Is(err, photo.ErrRestricted) {
		t.Errorf("got %v", err)
	}
	if p, err := d.photos.Get(t.Context(), got.Photo.ID); err != nil || p.Revision != 1 || len(d.queue.claims) != 1 {
		t.Errorf("revision %d, %d tasks, %v", p.Revision, len(d.queue.claims), err)
	}
}
