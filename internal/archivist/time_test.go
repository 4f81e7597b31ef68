package archivist_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func TestAPhotoThatIsErasedTakesItsFilesOutOfTheArchive(t *testing.T) {
	onBoth(t, func(d desk) {
		p := d.photo()
		r, _ := d.byKey(subjectrequest.Access, p)
		d.build(r.ID)
		open, err := d.reader().Open(d.Context(), r.ID)
		d.must(err)
		if _, err := d.Photos.BeginErasure(d.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		d.must(d.Vault.EraseKey(d.Context(), p.ID))
		var b bytes.Buffer
		d.must(open.WriteTo(d.Context(), &b)) // it was opened before
		if strings.Contains(b.String(), "photo/") {
			t.Error("the ZIP has files of an erased photo")
		}
		files := d.files(r.ID)
		d.equal(names(files), []string{"README.txt", "archive.json", "archive.schema.json"})
		d.equal(strings.Contains(files["README.txt"], "the photo has been deleted"), true)
		d.equal(d.document(files).Photo.ID, p.ID) // what is told lives on for its 14 days
		sealed, err := d.Archives.Find(d.Context(), r.ID)
		d.must(err)
		if row := string(sealed.Key) + string(sealed.Document); strings.Contains(row, string(p.ID)) || strings.Contains(row, "us-passport") {
			t.Error("the row can be read")
		}
	})
}

func TestAPhotoWhoseTimeIsOverIsNotHandedOutAndARestrictedOneIs(t *testing.T) {
	d := open(t, "")
	over, frozen := d.photo(), d.photo()
	first, _ := d.byKey(subjectrequest.Access, over)
	second, _ := d.byKey(subjectrequest.Access, frozen)
	_, err := d.Photos.Restrict(d.Context(), frozen.ID, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Objects, Since: noon, ReviewBy: noon.AddDate(0, 0, 30)})
	d.must(err)
	d.build(first.ID)
	d.build(second.ID)
	d.clock.Forward(48 * time.Hour)
	d.equal(len(names(d.files(first.ID))), 3)
	files := d.files(second.ID)
	d.equal(len(names(files)), 6)
	d.equal(d.document(files).Photo.Restriction.Ground, photo.Objects)
}

func TestAPhotoThatAReportFreezesIsNotHandedOut(t *testing.T) {
	d := open(t, "")
	p := d.photo()
	r, _ := d.byKey(subjectrequest.Access, p)
	d.build(r.ID)
	all := len(names(d.files(r.ID)))
	c, name, _, err := childreport.New(childreport.Filing{Photo: string(p.ID), Ground: string(childreport.Grounds()[0]), Words: "I am their parent.", Now: noon})
	d.must(err)
	_, err = d.ChildReports.File(d.Context(), c, name)
	d.must(err)
	d.equal(all, 6)
	d.equal(len(names(d.files(r.ID))), 3)
}

func TestAnArchiveIsThereOnceItIsBuiltAndForFourteenDays(t *testing.T) {
	onBoth(t, func(d desk) {
		r, _ := d.byEmail(subjectrequest.Access, "ada@example.org")
		_, err := d.reader().Open(d.Context(), subjectrequest.NewID())
		d.want(err, subjectrequest.ErrNotFound)
		_, err = d.reader().Open(d.Context(), r.ID)
		d.want(err, archivist.ErrNotReady)
		d.build(r.ID)
		d.clock.Forward(archive.Life - time.Millisecond)
		a, err := d.reader().Open(d.Context(), r.ID)
		d.must(err)
		d.equal([]any{a.Name, a.Expires}, []any{"access-2026-03-01.zip", noon.Add(archive.Life)})
		d.clock.Forward(time.Millisecond)
		_, err = d.reader().Open(d.Context(), r.ID)
		d.want(err, archivist.ErrExpired)
		n, err := d.Archives.Purge(d.Context(), d.clock.Now().Add(-archive.Life), 10)
		d.must(err)
		d.equal(n, 1)
		_, err = d.reader().Open(d.Context(), r.ID)
		d.want(err, archivist.ErrExpired)
	})
}

func TestARequestThatIsClosedTakesItsArchiveAlong(t *testing.T) {
	onBoth(t, func(d desk) {
		d.with.Desk = nil // an officer answers
		r, _ := d.byEmail(subjectrequest.Access, "ada@example.org")
		d.build(r.ID)
		c, err := r.Close(subjectrequest.Withdrawn, by(d.clock.Now()))
		d.must(err)
		d.must(d.Requests.Save(d.Context(), c))
		_, err = d.Archives.Find(d.Context(), r.ID)
		d.want(err, subjectrequest.ErrNotFound)
		_, err = d.reader().Open(d.Context(), r.ID)
		d.want(err, archivist.ErrExpired)
		kept, err := d.Archives.Keep(d.Context(), r.ID, archive.Sealed{Key: []byte{1}, Document: []byte{1}, Since: noon}) // whoever was still at it
		d.must(err)
		d.equal(kept, false)
	})
}

func TestNoLineOfTheAccessLogLivesLongerInAnArchiveThanAMonthAllows(t *testing.T) {
	d := open(t, "")
	p := d.photo()
	d.logged(p.ID, noon.AddDate(0, 0, -20), "192.0.2.7", 200) // of a photo that was restricted for long
	r, _ := d.byKey(subjectrequest.Access, p)
	d.build(r.ID)
	a, err := d.reader().Open(d.Context(), r.ID)
	d.must(err)
	d.equal(a.Expires, noon.AddDate(0, 0, 8))
}

func TestHoweverManyBuildThereIsOneArchiveAndOneAnswer(t *testing.T) {
	onBoth(t, func(d desk) {
		r, _ := d.byKey(subjectrequest.Access, d.photo())
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if err := archivist.New(d.with).Build(d.Context(), r.ID); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		first, err := d.Archives.Find(d.Context(), r.ID)
		d.must(err)
		events, err := d.Audit.About(d.Context(), string(r.ID))
		d.must(err)
		fulfilled := 0
		for _, e := range events {
			if e.Outcome == "fulfilled" {
				fulfilled++
			}
		}
		d.equal(fulfilled, 1)
		d.build(r.ID)
		again, err := d.Archives.Find(d.Context(), r.ID)
		d.must(err)
		d.equal(bytes.Equal(first.Document, again.Document), true)
	})
}

func TestAnArchiveThatWasSwappedOrChangedDoesNotOpen(t *testing.T) {
	d := open(t, "")
	d.with.Desk = nil
	mine, _ := d.byEmail(subjectrequest.Access, "ada@example.org")
	theirs, _ := d.byEmail(subjectrequest.Access, "eve@example.org")
	d.build(theirs.ID)
	stolen, err := d.Archives.Find(d.Context(), theirs.ID)
	d.must(err)
	_, err = d.Archives.Keep(d.Context(), mine.ID, stolen)
	d.must(err)
	if _, err := d.reader().Open(d.Context(), mine.ID); err == nil {
		t.Error("another's archive opens")
	}
	stolen.Document[len(stolen.Document)-1] ^= 1
	if _, err := d.Master.OpenDocument(d.Context(), archivist.About(string(theirs.ID)), stolen.Key, stolen.Document); err == nil {
		t.Error("a changed archive opens")
	}
}

func TestAZIPThatBreaksOffSaysSo(t *testing.T) {
	d := open(t, "")
	p := d.photo()
	r, _ := d.byKey(subjectrequest.Access, p)
	d.build(r.ID)
	a, err := d.reader().Open(d.Context(), r.ID)
	d.must(err)
	into, out := io.Pipe()
	d.must(into.CloseWithError(io.ErrClosedPipe)) // the person has gone
	d.want(a.WriteTo(d.Context(), out), io.ErrClosedPipe)
}
