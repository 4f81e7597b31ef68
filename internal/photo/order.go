package photo

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// Order is what a photo is wanted as, at one revision.
type Order struct {
	Document string        `json:"document"` // a docspec ID
	AgeBand  AgeBand       `json:"age_band"`
	Settings edit.Settings `json:"settings"`
}

// Revision is an order that was made at a time. Revisions are numbered from 1.
type Revision struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Order  Order     `json:"order"`
}

// MaxRevisions is how often a photo can be edited: enough for anyone who looks
// at each result, and a bound for a script gone wild.
const MaxRevisions = 200

// Order returns what the photo is wanted as now.
func (p Photo) Order() Order { return Order{p.Document, p.AgeBand, p.Settings} }

// Revisions returns every order so far, oldest first, the current one included.
func (p Photo) Revisions() []Revision {
	current := Revision{p.Revision, p.LastEditedAt, p.Order()}
	return append(p.Earlier[:len(p.Earlier):len(p.Earlier)], current)
}

// Editable reports whether an edit can make another photo of this one. A photo
// that failed can't: its picture is not to be tried again.
func (p Photo) Editable() bool {
	return p.Status == Queued || p.Status == Processing || p.Status == Ready || p.Status == Rejected
}

// Revised is an edit: the new order, when it was made, and when the photo then
// expires.
type Revised struct {
	Order     Order
	Now       time.Time
	ExpiresAt time.Time
}
