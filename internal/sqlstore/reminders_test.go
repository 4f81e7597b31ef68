package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// noLetter is for notes that nobody is told of.
func noLetter([]docket.Reminder) ([]letter.Letter, error) { return nil, nil }

func TestNotesOfRemindersArePurgedByAgeInBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		notes := sqlstore.NewReminders(s.db)
		_, some, err := notes.Last(t.Context())
		s.ok(err)
		s.equal(some, false)
		for n := range 5 {
			one := docket.Reminder{ID: fmt.Sprint("case", n%2), Due: noon.AddDate(0, 0, n), Threshold: 7} // one case with several dates
			_, err := notes.Tell(t.Context(), []docket.Reminder{one}, noon.Add(time.Duration(n)*time.Hour), noLetter)
			s.ok(err)
		}
		oldest, _, err := notes.Oldest(t.Context())
		s.ok(err)
		last, _, err := notes.Last(t.Context())
		s.ok(err)
		s.equal([]time.Time{oldest, last}, []time.Time{noon, noon.Add(4 * time.Hour)})
		for _, want := range []int{2, 1, 0} {
			n, err := notes.Purge(t.Context(), noon.Add(2*time.Hour), 2)
			s.ok(err)
			s.equal(n, want)
		}
		oldest, _, err = notes.Oldest(t.Context())
		s.ok(err)
		s.equal(oldest, noon.Add(3*time.Hour))
	})
}

func TestOfALowerThresholdANoteIsMadeAndOfAHigherNone(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		notes := sqlstore.NewReminders(s.db)
		for _, tt := range []struct {
			id        string
			due       time.Time
			threshold int
			fresh     bool
		}{
			{"a", noon, 3, true}, {"a", noon, 3, false}, {"a", noon, 7, false}, {"a", noon, 1, true}, {"a", noon, -1, true}, {"a", noon, 0, false},
			{"b", noon, 7, true}, {"a", noon.Add(time.Hour), 7, true},
		} {
			all := []docket.Reminder{{ID: tt.id, Due: tt.due, Threshold: tt.threshold}}
			untold, err := notes.Untold(t.Context(), all)
			s.ok(err)
			told, err := notes.Tell(t.Context(), all, noon, noLetter) // whatever was said before
			s.ok(err)
			if (len(untold) == 1) != tt.fresh || (len(told) == 1) != tt.fresh {
				t.Errorf("%+v: untold %v, told %v", tt, untold, told)
			}
		}
	})
}
