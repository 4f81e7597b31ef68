package proof

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC) // a Thursday

// records is everything that is noted, and what the stores answer.
type records struct {
	runs   []Run
	sums   map[string]Sum
	erased Erased
	kept   []Statement
	from   time.Time
}

func (r *records) Runs(context.Context) ([]Run, error) { return r.runs, nil }
func (r *records) Sums(_ context.Context, from, _ time.Time) (map[string]Sum, error) {
	r.from = from
	return r.sums, nil
}
func (r *records) NoteLook(_ context.Context, class string, _ time.Time, age time.Duration) error {
	r.sums[class] = Sum{Looks: r.sums[class].Looks + 1, Oldest: max(age, r.sums[class].Oldest)}
	return nil
}
func (r *records) Erased(context.Context, time.Time, time.Time) (Erased, error) { return r.erased, nil }
func (r *records) Pending(context.Context) (int, time.Time, error)              { return 0, time.Time{}, nil }
func (r *records) Counts(context.Context, time.Time) (map[photo.Ground]int, int, error) {
	return map[photo.Ground]int{photo.Objects: 1}, 0, nil
}
func (r *records) Stated(_ context.Context, week time.Time) (bool, error) {
	for _, s := range r.kept {
		if s.Week.Equal(week) {
			return true, nil
		}
	}
	return false, nil
}
func (r *records) KeepStatement(_ context.Context, s Statement) error {
	r.kept = append(r.kept, s)
	return nil
}

// class watches one whose oldest item has an age, none if it is 0, or fails.
func class(t *testing.T, n retention.Name, age time.Duration, err error) Watched {
	t.Helper()
	kept, refused := retention.Of(n).For(retention.Of(n).Default, false)
	if refused != nil {
		t.Fatal(refused)
	}
	return Watched{kept, func(context.Context) (time.Time, bool, error) { return noon.Add(-age), age > 0, err }}
}

func gatherer(r *records, classes ...Watched) *Gatherer {
	return New(Sources{Classes: classes, Ledger: r, Erasures: r, Restrictions: r})
}

func TestAClassIsJudgedByTheAgeOfItsOldestItem(t *testing.T) {
	for _, tt := range []struct {
		age   time.Duration
		err   error
		state State
		kept  bool
	}{
		{0, nil, Within, true},
		{47 * time.Hour, nil, Within, true},
		{60 * time.Hour, nil, Within, true},
		{61 * time.Hour, nil, Late, false},
		{72 * time.Hour, nil, Late, false},
		{73 * time.Hour, nil, Over, false},
		{0, errors.New("no database"), Unseen, false},
	} {
		r := &records{sums: map[string]Sum{}}
		e, err := gatherer(r, class(t, retention.Original, tt.age, tt.err)).Gather(t.Context(), noon)
		if err != nil || e.Classes[0].State != tt.state || e.Kept() != tt.kept {
			t.Errorf("%v, %v: %s, kept: %t, %v", tt.age, tt.err, e.Classes[0].State, e.Kept(), err)
		}
	}
	e, err := gatherer(&records{}, Watched{Kept: class(t, retention.Backups, 0, nil).Kept}).Gather(t.Context(), noon)
	if err != nil || e.Classes[0].State != Elsewhere || !e.Kept() {
		t.Errorf("backups: %+v, %v", e.Classes[0], err)
	}
}

func TestAJobIsOverdueWhenTwoPeriodsWentByWithoutSuccess(t *testing.T) {
	began := noon.Add(-3 * time.Minute)
	for _, tt := range []struct {
		run  Run
		want bool
	}{
		{Run{Every: time.Minute, KnownAt: began, SucceededAt: noon.Add(-2 * time.Minute)}, false},
		{Run{Every: time.Minute, KnownAt: began, SucceededAt: noon.Add(-2*time.Minute - 1)}, true},
		{Run{Every: time.Minute, KnownAt: began}, true}, // it never did
		{Run{Every: time.Hour, KnownAt: began}, false},
	} {
		if tt.run.Overdue(noon) != tt.want {
			t.Errorf("%+v: overdue is %t", tt.run, !tt.want)
		}
		e, err := gatherer(&records{runs: []Run{tt.run}}).Gather(t.Context(), noon)
		if err != nil || e.Kept() == tt.want {
			t.Errorf("%+v: all is well: %t, %v", tt.run, e.Kept(), err)
		}
	}
}

func TestWhatEndsWithAPhotoIsCountedByTheReceipts(t *testing.T) {
	r := &records{
		sums: map[string]Sum{"original": {Looks: 5, Oldest: 50 * time.Hour}, "access_log": {Deleted: 7, Looks: 5}, "orphan_key": {Deleted: 2}},
		erased: Erased{
			Photos: map[photo.ErasureReason]int{photo.ErasedByExpiry: 4},
			Traces: photo.Traces{photo.OriginalTrace: 4, photo.ResultTrace: 6, photo.ReportTrace: 6},
		},
		runs: []Run{{Job: "expire", Every: time.Minute, SucceededAt: noon}},
	}
	g := gatherer(r, class(t, retention.Original, time.Hour, nil), class(t, retention.Result, 0, nil), class(t, retention.AccessLog, 0, nil))
	e, err := g.Gather(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if a, b, c := e.Classes[0], e.Classes[1], e.Classes[2]; a.Deleted != 4 || b.Deleted != 12 || c.Deleted != 7 ||
		a.Greatest != 50*time.Hour || !a.PurgedAt.Equal(noon) || !c.PurgedAt.IsZero() {
		t.Errorf("%+v", e.Classes)
	}
	if e.Orphans["key"] != 2 || len(e.Orphans) != 1 || !r.from.Equal(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("orphans %v, since %v", e.Orphans, r.from)
	}
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	monday := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "at"))
		w := WeekOf(at)
		if w.Weekday() != time.Monday || w.After(at) || at.Sub(w) >= 7*retention.Day || w.Sub(monday)%(7*retention.Day) != 0 {
			t.Fatalf("%v is in the week of %v", at.UTC(), w)
		}
	})
}

func TestAWeekIsStatedOnceWhenItIsOver(t *testing.T) {
	r, signer := &records{sums: map[string]Sum{}}, attest.NewSigner([32]byte{1})
	g := gatherer(r, class(t, retention.Original, 48*time.Hour, nil), class(t, retention.AccessLog, time.Hour, nil), Watched{Kept: class(t, retention.Backups, 0, nil).Kept})
	s := &Stater{g, r, signer}
	state := func(now time.Time) {
		t.Helper()
		if err := s.State(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	state(noon)
	if len(r.kept) != 0 {
		t.Fatal("a week was stated of which nothing is known")
	}
	for range 168 {
		if err := g.Look(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
	}
	state(noon)
	state(noon.Add(24 * time.Hour))
	if len(r.kept) != 1 || !r.kept[0].Proof.Verified() {
		t.Fatalf("%d statements", len(r.kept))
	}
	if text := r.kept[0].Proof.Text; !strings.HasPrefix(text, `{"statement":"passportphotogenie/retention/1","from":"2026-03-02T00:00:00Z","until":"2026-03-09T00:00:00Z","made_at":"2026-03-12T12:00:00Z",`+
		`"classes":[{"class":"original","period_s":172800,"ceiling_s":259200,"greatest_age_s":172800,"looks":168,"deleted":0},{"class":"access_log",`) ||
		!strings.HasSuffix(text, `"restricted_photos_when_made":{"objection":1},"orphans":{}}`) || !json.Valid([]byte(text)) {
		t.Error(text)
	}
	state(noon.AddDate(0, 0, 7))
	if len(r.kept) != 2 {
		t.Error("the next week was not stated")
	}
}

func TestAClassThatCannotBeLookedAtDoesNotKeepItFromTheOthers(t *testing.T) {
	r, down := &records{sums: map[string]Sum{}}, errors.New("no database")
	g := gatherer(r, class(t, retention.Original, 0, down), class(t, retention.AccessLog, time.Hour, nil))
	if err := g.Look(t.Context(), noon); !errors.Is(err, down) {
		t.Error(err)
	}
	if r.sums["access_log"].Looks != 1 || r.sums["original"].Looks != 0 {
		t.Errorf("noted: %v", r.sums)
	}
}
