package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Statement is what is stated of one week.
type Statement struct {
	Week   time.Time // midnight, in UTC, at which its Monday begins
	MadeAt time.Time
	Proof  attest.Statement
}

// WeekOf is the week that a moment lies in.
func WeekOf(t time.Time) time.Time {
	day := t.UTC().Truncate(retention.Day)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// Statements keeps them; one that is made twice stays as it was.
type Statements interface {
	Stated(ctx context.Context, week time.Time) (bool, error)
	KeepStatement(ctx context.Context, s Statement) error
}

// Stater states weeks. All fields are needed.
type Stater struct {
	Gatherer   *Gatherer
	Statements Statements
	Signer     *attest.Signer
}

// weekText is what is stated. Durations are whole seconds.
type weekText struct {
	Statement string      `json:"statement"` // tells these apart from all else that the key signs
	From      time.Time   `json:"from"`
	Until     time.Time   `json:"until"`
	MadeAt    time.Time   `json:"made_at"`
	Classes   []classText `json:"classes"`

	Erased     map[photo.ErasureReason]int `json:"erased_photos"`
	Restricted map[photo.Ground]int        `json:"restricted_photos_when_made"`
	Orphans    map[string]int              `json:"orphans"`
}

type classText struct {
	Class       retention.Name `json:"class"`
	Period      int64          `json:"period_s"`
	Ceiling     int64          `json:"ceiling_s"`
	GreatestAge int64          `json:"greatest_age_s"`
	Looks       int            `json:"looks"` // hourly ones: 168 if none was missed
	Deleted     int            `json:"deleted"`
}

// State makes, signs and keeps the statement of the last whole week, unless there is
// one already. A week in which nothing was noted, because the service is younger, is
// not stated.
func (s *Stater) State(ctx context.Context, now time.Time) error {
	until := WeekOf(now)
	week := until.AddDate(0, 0, -7)
	done, err := s.Statements.Stated(ctx, week)
	if err != nil || done {
		return err
	}
	text, err := s.text(ctx, week, now)
	if err != nil || text == "" {
		return err
	}
	return s.Statements.KeepStatement(ctx, Statement{Week: week, MadeAt: now, Proof: s.Signer.Sign(text)})
}

func (s *Stater) text(ctx context.Context, week, now time.Time) (string, error) {
	t := weekText{
		Statement: "passportphotogenie/retention/1", From: week, Until: week.AddDate(0, 0, 7),
		MadeAt: now.UTC().Truncate(time.Millisecond),
	}
	sums, err := s.Gatherer.sums(ctx, t.From, t.Until)
	if err != nil {
		return "", fmt.Errorf("state a week: %w", err)
	}
	if len(sums.seen) == 0 {
		return "", nil
	}
	t.Erased, t.Orphans = sums.erased.Photos, sums.orphans
	if t.Restricted, _, err = s.Gatherer.Restrictions.Counts(ctx, now); err != nil {
		return "", fmt.Errorf("state a week: %w", err)
	}
	for _, w := range s.Gatherer.Classes {
		class := w.Kept.Class()
		seen, looked := sums.seen[string(class.Name)]
		if w.Oldest == nil || !looked {
			continue
		}
		t.Classes = append(t.Classes, classText{
			Class: class.Name, Period: int64(w.Kept.Length().Seconds()), Ceiling: int64(class.Ceiling.Seconds()),
			GreatestAge: int64(seen.Oldest.Seconds()), Looks: seen.Looks, Deleted: sums.deleted[class.Name],
		})
	}
	text, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("state a week: %w", err)
	}
	return string(text), nil
}
