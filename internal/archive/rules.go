package archive

import (
	"net/http"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Wanted reports whether a request is to be answered with an archive now: it was
// accepted, so that it is known that the asker may ask, and is not answered.
func Wanted(r subjectrequest.Request) bool {
	return slices.Contains(Kinds(), r.Kind) && (r.State == subjectrequest.Accepted || r.State == subjectrequest.Extended)
}

// Proved returns the address of which the request has proved that the asker reads it,
// so that it opens what is filed under it: the mailed link was followed, a question was
// answered, or an officer has judged and the answer goes there. An address that was
// typed in beside a photo's key proves nothing.
func Proved(r subjectrequest.Request) (email.Address, bool) {
	proved := r.Email != (email.Address{}) && r.Channel != subjectrequest.PhotoKey && r.Identified()
	return r.Email, proved
}

// IsTo reports whether a letter was written to the person at the address, and not to
// an officer.
func IsTo(l letter.Record, a email.Address) bool {
	return l.Kind != letter.Reminder && l.To.Equal(a)
}

// Opened reports whether a line of the access log about a photo is the key's holder's.
// Requests that were turned away can be anybody's.
func Opened(e accesslog.Entry) bool { return e.Status < http.StatusBadRequest }

// Since is from when the Document's Life counts: from its making, but no line of the
// access log may live longer in it than the log's own class allows.
func (d Document) Since(made time.Time) time.Time {
	since := made
	if d.Photo == nil {
		return since
	}
	for _, l := range d.Photo.Log {
		if last := l.At.Add(retention.Of(retention.AccessLog).Ceiling - Life); last.Before(since) {
			since = last
		}
	}
	return since
}
