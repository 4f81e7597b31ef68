// Package evidence makes a report something to look at: one page of paper that a
// person can lay on the counter, and a drawing to lay over the photo. Both show the
// photo's lines as one would measure them with a ruler, beside what the document asks.
//
// Neither says whose photo it is. Both are made when asked for, from the finished
// photo and its report, and kept nowhere.
package evidence

import (
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Evidence is what is shown.
type Evidence struct {
	Spec   docspec.Spec // for the person's age band
	Report check.Report
}

// find returns the check of a name; false where the report has none.
func (e Evidence) find(name check.Name) (check.Check, bool) {
	for _, c := range e.Report.Checks {
		if c.Name == name {
			return c, true
		}
	}
	return check.Check{}, false
}
