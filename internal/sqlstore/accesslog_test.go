package sqlstore_test

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// line is an entry about a photo.
func line(at time.Time, id photo.ID) accesslog.Entry {
	return accesslog.Entry{
		Name: secret.NewName(), At: at, IP: "192.0.2.7", Method: "GET", Route: "/v1/photos/:id", Photo: id, Query: "format=png",
		Visitor: accesslog.NewVisitor(), Bytes: 1234, Status: 200, Browser: "Firefox 140", OS: "Linux", Referrer: "https://example.org",
	}
}

// logged is all that the log has.
func (s store) logged() []accesslog.Entry {
	s.t.Helper()
	page, err := sqlstore.NewAccessLog(s.db).Page(s.t.Context(), accesslog.Filter{To: noon.AddDate(1, 0, 0)}, accesslog.Entry{}, 1000)
	s.ok(err)
	return page
}

func TestALineIsReadAsItWasWrittenHoweverOftenItIsSent(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log, id := sqlstore.NewAccessLog(s.db), s.queued(noon).ID
		lines := []accesslog.Entry{line(noon, id), line(noon.Add(time.Second), "")}
		s.ok(log.Append(t.Context(), lines))
		s.ok(log.Append(t.Context(), lines))
		s.ok(log.Append(t.Context(), nil))
		s.equal(s.logged(), lines)
		s.equal(s.logged()[0].URL(), "/v1/photos/"+string(id)+"?format=png")
		at, any, err := log.Oldest(t.Context())
		s.ok(err)
		if !any || !at.Equal(noon) {
			t.Errorf("the oldest line is of %v", at)
		}
	})
}

func TestAnErasedPhotosLinesKeepTheRouteOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log, gone, other := sqlstore.NewAccessLog(s.db), s.queued(noon).ID, s.queued(noon).ID
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon, gone), line(noon.Add(1e6), other)}))
		_, err := s.BeginErasure(t.Context(), gone)
		s.ok(err)
		s.equal(s.logged()[0].URL(), "/v1/photos/:id?format=png")
		s.equal(s.logged()[1].Photo, other)

		// The line of the erasure itself is written when the erasure is under way
		// or over.
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon.Add(2e6), gone)}))
		s.ok(s.Remove(t.Context(), gone, noon))
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon.Add(3e6), gone)}))
		for _, e := range s.logged() {
			if e.Photo == gone {
				t.Errorf("a line names the photo: %+v", e)
			}
		}
		s.equal(len(s.logged()), 4)
	})
}

func TestALineThatSlippedInLosesItsPhotoWithThePhotosRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log, id := sqlstore.NewAccessLog(s.db), s.queued(noon).ID
		_, err := s.BeginErasure(t.Context(), id)
		s.ok(err)
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon, "")}))
		_, err = s.db.Exec(`UPDATE access_log SET photo = (SELECT log_name FROM photos WHERE id = $1)`, id) // as a write that began before the erasure leaves it
		s.ok(err)
		s.ok(s.Remove(t.Context(), id, noon))
		s.equal(s.logged()[0].Photo, photo.ID(""))
	})
}

func TestTheLogIsReadPageByPageAndFiltered(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log := sqlstore.NewAccessLog(s.db)
		var lines []accesslog.Entry
		for i := range 7 {
			e := line(noon.Add(time.Duration(i/3)*time.Second), "") // some at the same time
			if i == 4 {
				e.IP, e.Status = "2001:db8::1", 404
			}
			lines = append(lines, e)
		}
		s.ok(log.Append(t.Context(), lines))
		read := func(f accesslog.Filter) (n int) {
			var last accesslog.Entry
			for {
				page, err := log.Page(t.Context(), f, last, 2)
				s.ok(err)
				if len(page) == 0 {
					return n
				}
				n, last = n+len(page), page[len(page)-1]
			}
		}
		to := noon.Add(time.Minute)
		s.equal(read(accesslog.Filter{From: noon, To: to}), 7)
		s.equal(read(accesslog.Filter{From: noon.Add(time.Second), To: to}), 4)
		s.equal(read(accesslog.Filter{From: noon, To: noon.Add(2 * time.Second)}), 6)
		s.equal(read(accesslog.Filter{From: noon, To: to, IP: "2001:db8::1"}), 1)
		s.equal(read(accesslog.Filter{From: noon, To: to, Status: 404}), 1)
		s.equal(read(accesslog.Filter{From: noon, To: to, Status: 500}), 0)
	})
}

func TestFortyDaysOfTheLogAreKeptForThreeWeeks(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log, kept := sqlstore.NewAccessLog(s.db), 21*24*time.Hour
		oldest := time.Duration(0)
		for now := noon; now.Before(noon.Add(40 * 24 * time.Hour)); now = now.Add(6 * time.Hour) {
			var lines []accesslog.Entry
			for i := range 250 { // a thousand a day
				lines = append(lines, line(now.Add(time.Duration(i)*time.Minute), ""))
			}
			s.ok(log.Append(t.Context(), lines))
			for n := 100; n == 100; {
				var err error
				n, err = log.Purge(t.Context(), now.Add(-kept), 100)
				s.ok(err)
			}
			at, _, err := log.Oldest(t.Context())
			s.ok(err)
			oldest = max(oldest, now.Sub(at))
		}
		if oldest >= kept || oldest < kept-6*time.Hour {
			t.Errorf("after a purge the oldest line was %v old", oldest)
		}
	})
}

func TestAPhotosLinesAreForgottenAndLaterOnesDoNotNameIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		log, mine, other := sqlstore.NewAccessLog(s.db), s.queued(noon).ID, s.queued(noon).ID
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon, mine), line(noon.Add(1e6), other), line(noon.Add(2e6), ""), line(noon.Add(3e6), mine)}))
		s.ok(log.Forget(t.Context(), mine))
		s.ok(log.Forget(t.Context(), mine)) // again
		s.ok(log.Forget(t.Context(), photo.NewID()))
		s.ok(log.Append(t.Context(), []accesslog.Entry{line(noon.Add(4e6), mine)}))
		var named []photo.ID
		for _, e := range s.logged() {
			named = append(named, e.Photo)
		}
		s.equal(named, []photo.ID{other, "", ""})
	})
}
