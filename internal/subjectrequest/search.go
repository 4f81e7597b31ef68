package subjectrequest

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Search says which requests are looked for; what is empty does not matter.
type Search struct {
	// Text is an e-mail address, which finds what is not closed yet, or the beginning
	// of an ID. Anything else finds nothing.
	Text  string
	Photo photo.ID
	Kind  Kind
	State State
	// Before is where the page before ended; the zero one is the beginning.
	Before FiledPlace
}

// FiledPlace is where a page in the order of filing ended.
type FiledPlace struct {
	At time.Time
	ID ID
}

// Filed is the request's own place.
func (r Request) Filed() FiledPlace { return FiledPlace{r.FiledAt, r.ID} }

// Span is from a moment until before another.
type Span struct{ From, Until time.Time }
