package scheduler

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
)

// drawer has so many reports whose words are to be forgotten, and notes until when
// those were closed that it was asked for.
type drawer struct {
	left  int
	until time.Time
}

func (d *drawer) Forget(_ context.Context, closedUntil time.Time, limit int) (int, error) {
	d.until = closedUntil
	n := min(d.left, limit)
	d.left -= n
	return n, nil
}

func TestWordsOfReportsAreForgottenAfterTheirTimeHoweverManyThereAre(t *testing.T) {
	d := &drawer{left: 2*settleBatch + 1}
	ok(t, ForgetChildReports(d, known(midnight), slog.New(slog.DiscardHandler)).Run(t.Context(), midnight))
	if d.left != 0 || !d.until.Equal(midnight.Add(-childreport.WordsLife)) {
		t.Errorf("%d are left, closed until %v", d.left, d.until)
	}
}

func TestNothingIsForgottenByAClockThatIsNotBelieved(t *testing.T) {
	d := &drawer{left: 1}
	err := ForgetChildReports(d, doubted{}, slog.New(slog.DiscardHandler)).Run(t.Context(), midnight)
	if err == nil || d.left != 1 {
		t.Errorf("%d are left, %v", d.left, err)
	}
}
