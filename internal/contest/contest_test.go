package contest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// stored is a report with all that must not be kept, marked by 777 and MARK.
const stored = `{
  "version": 2, "verdict": "take_another", "summary": ["MARK"], "pose": {"yaw_deg": 777},
  "guides": {"chin_mm": 777}, "landmarks": [[777, 777]],
  "checks": [
    {"name": "sharpness", "stage": "capture", "outcome": "fail", "binding": true, "value": 0.4, "uncertainty": 777,
     "limits": {"min": 0.6, "at": 777}, "certainty": "baseline", "advice": "MARK", "place": {"x": 777, "y": 777}},
    {"name": "head_height", "outcome": "warn", "value": 30.2, "unit": "mm", "limits": {"min": 25, "max": 35}, "certainty": "official"},
    {"name": "file_size_window", "outcome": "fail", "value": 777, "unit": "kB", "limits": {"max": 777}},
    {"name": "eye_line", "outcome": "not_assessed", "value": null, "unit": "mm"}
  ]}`

func filing(checks ...string) Filing {
	return Filing{
		Photo:  photo.Photo{ID: photo.NewID(), Document: "us-passport", Revision: 3, ExpiresAt: noon.Add(time.Hour)},
		Report: []byte(stored), Checks: checks, Now: noon,
	}
}

func TestOnlyOutcomesAndValuesAreKeptOfAReport(t *testing.T) {
	f := filing("sharpness", "head_height", "file_size_window", "eye_line")
	c, key, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	want := []Record{
		{Name: "eye_line", Outcome: check.NotAssessed, Unit: check.Millimetres},
		{Name: "file_size_window", Outcome: check.Fail}, // kilobytes are not kept
		{Name: "head_height", Outcome: check.Warn, Value: new(30.2), Unit: check.Millimetres, Limits: &Limits{new(25.0), new(35.0)}, Certainty: docspec.Official},
		{Name: "sharpness", Stage: "capture", Outcome: check.Fail, Value: new(0.4), Limits: &Limits{Min: new(0.6)}, Certainty: docspec.Baseline},
	}
	if diff := cmp.Diff(want, c.Records); diff != "" {
		t.Error(diff)
	}
	if c.Verdict != check.TakeAnother || c.Document != "us-passport" || c.State != Received || c.Photo != (Photo{f.Photo.ID, 3, f.Photo.ExpiresAt}) {
		t.Errorf("the contest is %+v", c)
	}
	if !c.KeyHash.Opens(key) || strings.Contains(string(c.ID), string(f.Photo.ID)) {
		t.Error("the key does not open it, or its ID is the photo's")
	}
	all, err := json.Marshal(c)
	if err != nil || strings.Contains(string(all), "777") || strings.Contains(string(all), "MARK") {
		t.Errorf("%v: kept too much: %s", err, all)
	}
}

// Whatever a check of today's own reports holds, a record holds no more than its
// seven facts.
func TestARecordOfTodaysReportHasItsFactsAndNoOthers(t *testing.T) {
	today, err := json.Marshal(check.Report{Checks: []check.Check{{
		Name: check.HeadHeight, Outcome: check.Fail, Value: new(40.0), Uncertainty: 1, Unit: check.Millimetres,
		Limits: &check.Limits{Max: new(35.0)}, Certainty: docspec.Official, Advice: "Step back.",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	f := filing("head_height")
	f.Report = today
	c, _, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(c.Records)
	if want := `[{"name":"head_height","outcome":"fail","value":40,"unit":"mm","limits":{"max":35},"certainty":"official"}]`; err != nil || string(kept) != want {
		t.Errorf("%v: kept %s, want %s", err, kept, want)
	}
}

func TestTheSameChecksAreTheSameContestInWhateverOrder(t *testing.T) {
	a, _, errA := New(filing("head_height", "sharpness", "sharpness"))
	b, _, errB := New(filing("sharpness", "head_height"))
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if a.Names() != b.Names() || a.Names() != "head_height,sharpness" {
		t.Errorf("%q and %q", a.Names(), b.Names())
	}
}

func TestOnlyWhatTheReportHasCanBeContested(t *testing.T) {
	for _, name := range []string{"space_above", "", "head_height ", "HEAD_HEIGHT", "MARK\r\nX: y"} {
		_, _, err := New(filing("sharpness", name))
		var unknown UnknownCheckError
		if !errors.As(err, &unknown) || unknown != 1 {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && name != "" && strings.Contains(err.Error(), name) {
			t.Errorf("the error repeats what came from outside: %v", err)
		}
	}
}

func TestWordsArePlainTextOfBoundedLength(t *testing.T) {
	for _, tt := range []struct{ given, want string }{
		{"", ""},
		{"  My ears\r\nshow.\t ", "My ears\nshow."},
		{"<b>bold</b> & 'quoted'", "<b>bold</b> & 'quoted'"}, // escaped where it is shown
		{"السلام عليكم\u200f!", "السلام عليكم\u200f!"},
		{strings.Repeat("é", MaxWords), strings.Repeat("é", MaxWords)},
	} {
		if got, err := Words(tt.given); err != nil || got != tt.want {
			t.Errorf("%q becomes %q, %v", tt.given, got, err)
		}
	}
	for _, bad := range []string{strings.Repeat("é", MaxWords+1), "a\x00b", "a\x1b[31mb", "a\rb", "a\x7fb", "a\u0085b", "a\u202eb", "a\u2066b", "a\xffb"} {
		if got, err := Words(bad); !errors.Is(err, ErrWords) {
			t.Errorf("%.20q becomes %.20q, %v", bad, got, err)
		}
	}
}

func TestARulingHasADecisionAndAReason(t *testing.T) {
	for _, tt := range []struct {
		decision, note string
		want           error
	}{
		{"upheld", "The shadow crosses the cheek.", nil},
		{"overturned", "The wall is plain.", nil},
		{"", "x", ErrNoDecision},
		{"received", "x", ErrNoDecision},
		{"upheld", " \n", ErrNoNote},
		{"upheld", "a\x00b", ErrWords},
	} {
		if _, err := NewRuling(tt.decision, tt.note, noon); !errors.Is(err, tt.want) {
			t.Errorf("%q with note %q: %v, want %v", tt.decision, tt.note, err, tt.want)
		}
	}
}

func TestALinkLivesUntilThePhotoExpires(t *testing.T) {
	p := Photo{ID: photo.NewID(), ExpiresAt: noon}
	for i, tt := range []struct {
		link Photo
		now  time.Time
		want bool
	}{{p, noon.Add(-time.Millisecond), true}, {p, noon, false}, {Photo{}, noon, false}} {
		if got := tt.link.Lives(tt.now); got != tt.want {
			t.Errorf("%d: lives %t", i, got)
		}
	}
}

func TestAMalformedReportIsAnErrorWithoutItsContent(t *testing.T) {
	f := filing("sharpness")
	f.Report = []byte(`{"checks": [{"name": MARK}]}`)
	if _, _, err := New(f); err == nil || strings.Contains(fmt.Sprint(err), "MARK") {
		t.Errorf("got %v", err)
	}
}
