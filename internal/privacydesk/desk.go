// Package privacydesk is what happens to the request of a data subject from the form to
// the answer. subjectrequest knows what a step is and when it may be taken; here each
// step is kept together with the letter that tells the person, and what a program can
// do for a right is done by it:
//
//   - with a photo's key, which proves that its holder may ask, restriction holds and
//     statistics stop before the request is even filed; the photo is erased right after
//     that, on the one path of every erasure, which hands the request its receipt;
//   - access and portability are taken on at once, and answered when the archive is
//     built;
//   - a contested verdict goes to a person, and the request is answered with what they
//     decide;
//   - everything else waits at the desk.
//
// Serve does the mechanical part and can be begun again at any point: the scheduler
// calls it for whatever broke off.
package privacydesk

import (
	"context"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Register keeps requests, each change with its letters; see subjectrequest for the
// errors.
type Register interface {
	File(ctx context.Context, c subjectrequest.Change, letters ...letter.Letter) (subjectrequest.Request, error)
	Save(ctx context.Context, c subjectrequest.Change, letters ...letter.Letter) error
	Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error)
}

// Locks look up what a mailed link, a typed code or a person's key opens.
type Locks interface {
	OfLink(ctx context.Context, link secret.Key) (subjectrequest.Request, error)
	OfAnswer(ctx context.Context, key secret.Key) (subjectrequest.Request, error)
}

// Photos is what is done with a photo for its person.
type Photos interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
	Restrict(ctx context.Context, id photo.ID, r photo.Restriction) (photo.Photo, error)
}

// Eraser is the one path of erasures.
type Eraser interface {
	Erase(ctx context.Context, id photo.ID) (photo.Receipt, error)
}

// Statistics and AccessLines forget what is not the photo's own.
type Statistics interface {
	Forget(ctx context.Context, reference string) error
}

// AccessLines see Statistics.
type AccessLines interface {
	Forget(ctx context.Context, id photo.ID) error
}

// Contests tell how a contest was decided.
type Contests interface {
	Find(ctx context.Context, id contest.ID) (contest.Contest, error)
}

// Trail has what was done with a contest, the oldest first.
type Trail interface {
	About(ctx context.Context, subject string) ([]audit.Event, error)
}

// Queue asks for what takes longer. That it fails stops nobody: sweeps look for what
// is due.
type Queue interface {
	EnqueueLetter(ctx context.Context, c letter.Claim) error
	EnqueueArchive(ctx context.Context, id subjectrequest.ID) error
}

// Disclosures words the answer to a Shine the Light request from the register of what
// was disclosed in a calendar year.
type Disclosures interface {
	Answer(ctx context.Context, year int) (string, error)
}

// Registers have what is filed under an address. Forget deletes what of it is settled; it
// may be called twice.
type Registers interface {
	Forget(ctx context.Context, a email.Address, by subjectrequest.By) error
}

// Options are what a desk works with; all are needed.
type Options struct {
	Requests    Register
	Locks       Locks
	Photos      Photos
	Eraser      Eraser
	Statistics  Statistics
	AccessLines AccessLines
	Contests    Contests
	Trail       Trail
	Disclosures Disclosures
	Registers   Registers
	Queue       Queue
	Calendar    subjectrequest.Calendar
	Writer      letter.Writer
	// RequesterKey tells whether a person has asked for Shine the Light before.
	RequesterKey  []byte
	Authority     string // that takes complaints; may be empty
	ShineTheLight string // the one address for requests under California's law
	Log           *slog.Logger
	Now           func() time.Time
}

// Desk takes requests in and has them answered.
type Desk struct{ Options }

// New returns a desk.
func New(o Options) *Desk { return &Desk{o} }

func (d *Desk) by(actor string) subjectrequest.By {
	return subjectrequest.By{Actor: actor, Now: d.Now(), Calendar: d.Calendar}
}
