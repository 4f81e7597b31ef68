package policy

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTheNewestVersionHoldsFromItsDayOn(t *testing.T) {
	p, err := read(fstest.MapFS{
		"versions/1.md": {Data: []byte("date: 2026-01-01\n\n- First.\n\nOne.")},
		"versions/2.md": {Data: []byte("date: 2026-03-01\n\n- Second,\n  in two lines.\n- And more.\n\nTwo.")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]int{"2025-12-31": 1, "2026-02-28": 1, "2026-03-01": 2, "2027-01-01": 2} {
		if got := p.InForce(day(at)).Number; got != want {
			t.Errorf("on %s version %d holds, want %d", at, got, want)
		}
	}
	two, err := p.Find(2)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := two.Changed(Facts{})
	if err != nil || strings.Join(changed, "|") != "Second, in two lines.|And more." {
		t.Errorf("changed: %q, %v", changed, err)
	}
	for _, n := range []int{0, 3, -1} {
		if _, err := p.Find(n); !errors.Is(err, ErrUnknown) {
			t.Errorf("version %d: %v", n, err)
		}
	}
}

func TestAFileThatIsNoVersionIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"no date":        "# Policy\n\n- New.\n\nText.",
		"no such day":    "date: 2026-02-30\n\n- New.\n\nText.",
		"no changes":     "date: 2026-02-01\n\nText.\n\nMore.",
		"no text":        "date: 2026-02-01\n\n- New.\n",
		"nothing at all": "",
	} {
		if _, err := read(fstest.MapFS{"versions/1.md": {Data: []byte(file)}}); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	if _, err := read(fstest.MapFS{
		"versions/1.md": {Data: []byte("date: 2026-02-02\n\n- New.\n\nText.")},
		"versions/2.md": {Data: []byte("date: 2026-02-01\n\n- New.\n\nText.")},
	}); err == nil {
		t.Error("a version older than the one before is taken")
	}
}

func TestPeriodsAreThoseThatAreConfigured(t *testing.T) {
	short, err := retention.Of(retention.AccessLog).For(14*retention.Day, false)
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, Facts{Periods: map[retention.Name]retention.Period{retention.AccessLog: short}})
	for _, want := range []string{"A line is kept for 14 days", "**Lines of the access log**: 14 days", "server log is kept for 14 days"} {
		if !strings.Contains(text, want) {
			t.Errorf("the policy lacks %q", want)
		}
	}
	if strings.Contains(text, "21 days") {
		t.Error("it also speaks of 21 days")
	}
}

// The period of each class stands in the text, and no figure stands in the file:
// the table is the one place for them.
func TestNoPeriodIsTypedIntoAVersion(t *testing.T) {
	p, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range p.Versions() {
		for _, unit := range []string{" hours", " days", " months", " years", "48", "72", "thirty"} {
			if strings.Contains(v.text, unit) {
				t.Errorf("version %d speaks of%s itself", v.Number, unit)
			}
		}
	}
	text := textOf(t, Facts{})
	for _, c := range retention.Classes() {
		if want := "**" + escape(upper(c.Holds)) + "**: " + retention.Words(c.Default); !strings.Contains(text, want) || !strings.Contains(text, escape(c.Basis)) {
			t.Errorf("the policy lacks %q with its basis", want)
		}
	}
}

func TestWhatOperatorsWriteStandsInThePolicyAsItIs(t *testing.T) {
	text := textOf(t, Facts{
		Controller: Controller{Name: "Photos_<b> & *Sons*", Address: "1 High Street | London", Email: "privacy+desk@photos.example"},
		Processors: []register.Processor{{Name: "[A host](https://evil.example)", Role: "runs\n\n# machines", Region: "Ireland", Safeguard: "SCCs", ContractDate: day("2026-02-03")}},
	})
	for _, want := range []string{
		`Photos\_\<b\> \& \*Sons\*, 1 High Street \| London`, `(<mailto:privacy+desk@photos.example>)`,
		`**\[A host\]\(https\:\/\/evil\.example\)**: runs \# machines. Where: Ireland. What protects the data there: SCCs. Contract of 3 February 2026.`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the policy lacks %q", want)
		}
	}
}

func TestOutsideStatisticsAreSpokenOfOnlyWhereTheyAre(t *testing.T) {
	for address, want := range map[string]bool{"": false, "https://stats.example/count.js": true} {
		f := Facts{Statistics: address}
		text := textOf(t, f)
		if strings.Contains(text, "stats.example") != want && strings.Contains(text, `stats\.example`) != want || strings.Contains(text, "`statistics_choice`") != want {
			t.Errorf("%q: the policy says otherwise:\n%s", address, text)
		}
		if strings.Contains(text, "nobody else counts your visits") == want {
			t.Errorf("%q: it says whether anybody else counts", address)
		}
	}
}

func textOf(t *testing.T, f Facts) string {
	t.Helper()
	p, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Versions()[len(p.Versions())-1].Markdown(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
