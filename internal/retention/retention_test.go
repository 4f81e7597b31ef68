package retention

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "renew the table in docs/privacy.md")

func TestAPicturesLifeKeepsThePoliciesWindow(t *testing.T) {
	for _, tt := range []struct {
		life        time.Duration
		development bool
		ok          bool
	}{
		{48 * time.Hour, false, true},
		{71 * time.Hour, false, true},
		{72 * time.Hour, false, false},
		{72 * time.Hour, true, false},
		{47 * time.Hour, false, false},
		{2 * time.Second, true, true},
		{0, true, false},
	} {
		life, err := NewPictureLife(tt.life, tt.development)
		if (err == nil) != tt.ok {
			t.Errorf("%v (development: %v): %v", tt.life, tt.development, err)
		}
		edit := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)
		if err == nil && life.ExpiresAt(edit).Sub(edit) != tt.life {
			t.Errorf("%v: expires at %v", tt.life, life.ExpiresAt(edit))
		}
	}
}

func TestTheGraceIsForWhatIsKeptForAllOfItsPromisedTime(t *testing.T) {
	for life, want := range map[time.Duration]time.Duration{
		PictureFloor: ClockTolerance, PictureLongest: ClockTolerance, time.Minute: 0,
	} {
		kept, err := NewPictureLife(life, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := kept.Grace(); got != want || life+got >= PictureCeiling {
			t.Errorf("%v: a grace of %v", life, got)
		}
	}
}

func TestEveryClassIsWhole(t *testing.T) {
	seen := map[Name]bool{}
	for _, c := range Classes() {
		if seen[c.Name] || Of(c.Name).Holds != c.Holds {
			t.Errorf("%s stands in the table twice", c.Name)
		}
		seen[c.Name] = true
		if c.Holds == "" || c.Anchor == "" || c.Purpose == "" || c.Basis == "" || c.Ground == "" || c.Purger == "" {
			t.Errorf("%s is not whole: %+v", c.Name, c)
		}
		if c.Floor <= 0 || c.Default < c.Floor || c.Longest < c.Default || c.Ceiling <= c.Longest || c.Slack <= 0 {
			t.Errorf("the periods of %s are not in order: %+v", c.Name, c)
		}
		if _, err := c.For(c.Default, false); err != nil {
			t.Errorf("%s can't have its default: %v", c.Name, err)
		}
	}
}

func TestTheAlertsAreThoseOfThePromises(t *testing.T) {
	for name, want := range map[Name]time.Duration{Original: 60 * time.Hour, AccessLog: 24 * Day} {
		p, err := Of(name).For(Of(name).Default, false)
		if err != nil || p.Alert() != want {
			t.Errorf("%s: alert at %v, %v", name, p.Alert(), err)
		}
	}
}

func TestTheAccessLogAndABackupOfItFitTheShortestMonth(t *testing.T) {
	if sum := Of(AccessLog).Longest + Of(Backups).Longest; sum > 28*Day || Of(AccessLog).Ceiling > 28*Day {
		t.Errorf("together they keep a line for %s", Words(sum))
	}
}

func TestTheJournalIsKeptForADayMoreThanABackup(t *testing.T) {
	midnight := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	p, err := Of(ErasureJournal).For(Of(ErasureJournal).Default, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Cutoff(midnight), midnight.AddDate(0, 0, -8); !got.Equal(want) {
		t.Errorf("the journal up to %s is purged, not up to %s", got, want)
	}
	if least := Of(ErasureJournal).Floor - Of(Backups).Longest; least < Day {
		t.Errorf("the journal may be set to outlive a backup by %s only", Words(least))
	}
}

// configured draws a class with a period that it takes.
func configured(t *rapid.T) Period {
	c := rapid.SampledFrom(Classes()).Draw(t, "class")
	d := rapid.Int64Range(int64(c.Floor), int64(c.Longest)).Draw(t, "length")
	p, err := c.For(time.Duration(d), false)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func moment(t *rapid.T, name string) time.Time {
	return time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, name)).UTC()
}

func TestALaterCutoffNeverSparesWhatAnEarlierOneDeleted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a, b := configured(t), moment(t, "a"), moment(t, "b")
		if a.After(b) {
			a, b = b, a
		}
		if p.Cutoff(a).After(p.Cutoff(b)) {
			t.Fatalf("cutoffs %v, %v", p.Cutoff(a), p.Cutoff(b))
		}
	})
}

func TestNothingIsDeletedBeforeTheFloorNorKeptPastTheCeiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, anchor, now := configured(t), moment(t, "anchor"), moment(t, "now")
		over := !anchor.After(p.Cutoff(now))
		age := now.Sub(anchor)
		if over && age < p.Class().Floor {
			t.Fatalf("over at the age of %v", age)
		}
		if !over && age >= p.Class().Ceiling {
			t.Fatalf("kept at the age of %v", age)
		}
		if alert := p.Alert(); alert <= p.Length() || alert >= p.Class().Ceiling {
			t.Fatalf("with a period of %v the alert is at %v", p.Length(), alert)
		}
		if over != !now.Before(p.ExpiresAt(anchor)) {
			t.Fatalf("the cutoff %v and the expiry %v disagree at %v", p.Cutoff(now), p.ExpiresAt(anchor), now)
		}
	})
}

func TestAPeriodOutsideTheBoundsIsRefusedInWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(Classes()).Draw(t, "class")
		d := time.Duration(rapid.Int64Range(int64(-Day), int64(10*Year)).Draw(t, "length"))
		_, err := c.For(d, false)
		if (err == nil) != (c.Floor <= d && d <= c.Longest) {
			t.Fatalf("%s for %v: %v", c.Name, d, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.Holds) {
			t.Fatalf("%q does not say what it is about", err)
		}
		if _, err := c.For(c.Longest+time.Duration(rapid.Int64Range(1, int64(Year)).Draw(t, "more")), true); err == nil {
			t.Fatal("a developer's machine may lengthen")
		}
	})
}

func TestPeriodsAreSaidAsPeopleDo(t *testing.T) {
	for d, want := range map[time.Duration]string{
		48 * time.Hour: "48 hours", Day: "1 day", 21 * Day: "21 days", 3 * Year: "3 years", Year: "1 year",
		Year + 2*Day: "367 days", time.Hour: "1 hour", 90 * time.Minute: "1h30m0s",
	} {
		if got := Words(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestThePrivacyPagesTableIsCurrent(t *testing.T) {
	const page, begin, end = "../../docs/privacy.md", "<!-- retention -->\n", "<!-- /retention -->\n"
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(b), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatal("docs/privacy.md has no place for the table")
	}
	var table bytes.Buffer
	if err := Table(&table); err != nil {
		t.Fatal(err)
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(b) {
		t.Error("docs/privacy.md is stale; renew it with: go test ./internal/retention -update")
	}
}
