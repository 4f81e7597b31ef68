package letter

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func address(t *testing.T, s string) email.Address {
	t.Helper()
	a, err := email.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// each is a letter of every kind, with the officer's words in its places.
func each(words string) []Content {
	about := Case{Access, "pg-2026-17"}
	return []Content{
		ConfirmAddress{about, secret.NewPair(), noon.Add(48 * time.Hour)},
		Acknowledge{about, noon, noon.AddDate(0, 0, 30)},
		AskIdentity{about, words},
		Extend{about, words, noon.AddDate(0, 3, 0)},
		Refuse{about, words, words, words},
		Decline{about, words},
		Redirect{about, "shine@photos.example"},
		Answer{about, secret.NewPair(), noon.AddDate(0, 0, 14)},
		TellOfLifting{about, words, noon.AddDate(0, 0, 3)},
		Remind{[]Due{{about, noon.AddDate(0, 0, 3), 3}}, 2},
	}
}

func write(t *testing.T, c Content) (Letter, error) {
	t.Helper()
	w := Writer{Site: "https://photos.example", From: "Photos & Co <Ltd>", Zone: berlin(t)}
	return w.Write(Envelope{To: address(t, "person@mail.example"), About: "arequest", Now: noon}, c)
}

func written(t *testing.T, c Content) Letter {
	t.Helper()
	l, err := write(t, c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryKindOfLetterCanBeWritten(t *testing.T) {
	kinds := map[Kind]bool{}
	for _, c := range each("A plain reason.") {
		l := written(t, c)
		kinds[l.Kind] = true
		if l.Subject == "" || l.About != "arequest" || !l.Written.Equal(noon) || !strings.Contains(l.Subject, "(pg-2026-17)") {
			t.Errorf("%s: %+v", l.Kind, l)
		}
		for _, body := range []string{l.Text, html.UnescapeString(l.HTML)} {
			if !strings.Contains(body, "Photos & Co <Ltd>") || !strings.Contains(body, "https://photos.example") {
				t.Errorf("%s does not say who wrote it:\n%s", l.Kind, body)
			}
			if strings.Contains(body, "%!") || strings.Contains(body, "<no value>") || strings.Contains(body, "ZgotmplZ") {
				t.Errorf("%s has a hole:\n%s", l.Kind, body)
			}
		}
	}
	for _, k := range Kinds() {
		if !kinds[k] {
			t.Errorf("no letter is a %s", k)
		}
	}
	if len(kinds) != len(Kinds()) {
		t.Errorf("kinds %v", kinds)
	}
}

var (
	styles = regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>`)
	marks  = regexp.MustCompile(`https://[^\s"<>]*|[\s|:]+|-- `)
)

// bare is what a body says, without links, lines and markup.
func bare(body string) string { return marks.ReplaceAllString(body, "") }

func TestTextAndHTMLSayTheSameWords(t *testing.T) {
	for _, c := range each("First line.\n\nSecond <b>line</b> & more.") {
		l := written(t, c)
		if text, page := bare(l.Text), bare(html.UnescapeString(styles.ReplaceAllString(l.HTML, ""))); text != page {
			t.Errorf("%s:\n%s\n%s", l.Kind, text, page)
		}
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	for _, words := range []string{
		`<script>alert(1)</script><img src=x onerror=alert(1)>"'` + "`",
		"</blockquote></div><h1>Your account</h1>",
		"Hi\r\nBcc: victim@mail.example\r\n\r\n<b>body</b>",
		"{{.Subject}} {{template \"x\"}} %s %!d(MISSING)",
		"\n-- \nThe bank\nhttps://bank.example",
		"שלום, זה לא נכון",
	} {
		for _, c := range each(words) {
			l := written(t, c)
			for _, tag := range []string{"<script", "<img", "<h1", "<b>"} {
				if strings.Contains(l.HTML, tag) {
					t.Errorf("%s lets %s through: %s", l.Kind, tag, l.HTML)
				}
			}
			if n := strings.Count(l.HTML, "<blockquote"); n != strings.Count(l.HTML, "</blockquote>") {
				t.Errorf("%s breaks its quotes", l.Kind)
			}
			for line := range strings.SplitSeq(l.Text, "\n") {
				if strings.Contains(line, "victim") && !strings.HasPrefix(line, "  | ") || strings.HasPrefix(line, "The bank") {
					t.Errorf("%s lets a line pass for one of ours: %q", l.Kind, line)
				}
			}
			if strings.ContainsFunc(l.Subject, func(r rune) bool { return r < ' ' || r > '~' }) || len(l.Subject) > 150 {
				t.Errorf("subject %q", l.Subject)
			}
		}
	}
}

func TestWhatIsNotPlainOrTooLongIsNotWritten(t *testing.T) {
	for _, words := range []string{strings.Repeat("a", 1<<20), "a\x00b", "a\u202eb", "a\rb", "\xff", "", "  \n "} {
		for _, c := range []Content{AskIdentity{Case{Access, "1"}, words}, Extend{Case{Access, "1"}, words, noon}, Refuse{Case{Access, "1"}, "no", words, "the court"}, Refuse{Case{Access, "1"}, "no", "the authority", words}, TellOfLifting{Case{Access, "1"}, words, noon}} {
			if _, err := write(t, c); !errors.Is(err, ErrContent) || len(err.Error()) > 300 {
				t.Errorf("%T: %v", c, err)
			}
		}
	}
	for _, about := range []Case{{"", "1"}, {"nonsense", "1"}, {Access, ""}, {Access, "1\r\nBcc: x@y.example"}, {Access, "<b>"}, {Access, strings.Repeat("a", 65)}} {
		if _, err := write(t, Acknowledge{about, noon, noon}); !errors.Is(err, ErrContent) {
			t.Errorf("%+v: %v", about, err)
		}
	}
	for _, c := range []Content{ConfirmAddress{Case: Case{Access, "1"}, Until: noon}, Answer{Case: Case{Access, "1"}, Secrets: secret.NewPair()}, Acknowledge{Case: Case{Access, "1"}}} {
		if _, err := write(t, c); !errors.Is(err, ErrContent) {
			t.Errorf("%T: %v", c, err)
		}
	}
	w := Writer{Site: "https://photos.example", Zone: time.UTC}
	if _, err := w.Write(Envelope{About: "x", Now: noon}, Remind{Cases: []Due{{Case{Access, "1"}, noon, 1}}}); !errors.Is(err, ErrContent) {
		t.Error("a letter to nobody was written")
	}
}

func TestSecretsAreOnlyInWhatGoesOut(t *testing.T) {
	for _, c := range each("A reason.") {
		secrets, _ := c.secrets()
		l := written(t, c)
		if secrets == (secret.Pair{}) {
			if l.Sealed() {
				t.Errorf("%s wants secrets", l.Kind)
			}
			continue
		}
		token, code := secrets.Token.Reveal(), secrets.Spoken()
		text, page := l.Outgoing()
		for _, body := range []string{text, page} {
			if !strings.Contains(body, "#"+token) || !strings.Contains(body, code) {
				t.Errorf("%s goes out without its secrets:\n%s", l.Kind, body)
			}
		}
		for _, kept := range []string{l.Text, l.HTML, l.Subject, l.Shown(), fmt.Sprintf("%v %+v %#v", l, l, l)} {
			if strings.Contains(kept, token) || strings.Contains(kept, code) || strings.Contains(kept, secrets.Code.Reveal()) {
				t.Errorf("%s shows its secrets:\n%s", l.Kind, kept)
			}
		}
		if strings.Contains(l.Shown(), string(l.ID)) || strings.Count(l.Shown(), hidden) != 2 {
			t.Errorf("an officer sees\n%s", l.Shown())
		}
		if l.Secrets.Token = ""; !l.Sealed() {
			t.Errorf("%s does not miss its token", l.Kind)
		}
	}
}

func TestALinkThatWorksForLessThanThreeDaysEndsTheTries(t *testing.T) {
	about := Case{Access, "1"}
	for until, want := range map[time.Time]time.Time{noon.Add(time.Hour): noon.Add(time.Hour), noon.AddDate(0, 0, 14): noon.Add(keepTrying)} {
		if l := written(t, Answer{about, secret.NewPair(), until}); !l.Until.Equal(want) {
			t.Errorf("until %s: %s", until, l.Until)
		}
	}
}

func TestDaysAreThoseOfTheController(t *testing.T) {
	late := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC) // the next day in Berlin
	l := written(t, Acknowledge{Case{Complaint, "1"}, late, late.AddDate(0, 0, 30)})
	for _, want := range []string{"On Monday, 2 March 2026 we received your complaint.", "by Wednesday, 1 April 2026 at"} {
		if !strings.Contains(strings.ReplaceAll(l.Text, "\n", " "), want) {
			t.Errorf("%q is missing:\n%s", want, l.Text)
		}
	}
	l = written(t, Acknowledge{Case{ChildReport, "1"}, late, late.Add(24 * time.Hour)})
	if !strings.Contains(strings.ReplaceAll(l.Text, "\n", " "), "by Tuesday, 3 March 2026, 00:30 CET") {
		t.Errorf("the hour is missing:\n%s", l.Text)
	}
}

func TestARemindersSubjectSaysHowMuchTimeIsLeft(t *testing.T) {
	for _, tt := range []struct {
		end  time.Time
		left int
		want string
	}{
		{noon.AddDate(0, 0, 7), 7, "Due in 7 days"}, {noon.AddDate(0, 0, 1), 1, "Due tomorrow"}, {noon.Add(1), 0, "Due today"},
		{noon, 0, "Overdue since today"}, {noon.AddDate(0, 0, -1), -1, "Overdue since yesterday"}, {noon.AddDate(0, 0, -4), -4, "Overdue for 4 days"},
	} {
		if l := written(t, Remind{Cases: []Due{{Case{Erasure, "1"}, tt.end, tt.left}}}); l.Subject != tt.want+": request to delete personal data (1)" {
			t.Errorf("%d: %s", tt.left, l.Subject)
		}
	}
}

func TestOneReminderNamesManyCasesEachWithItsDayOrItsHour(t *testing.T) {
	midnight := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC) // in Berlin
	cases := []Due{{Case{Erasure, "first"}, midnight, 0}, {Case{ChildReport, "second"}, noon.Add(21 * time.Hour), 1}}
	l := written(t, Remind{cases, 40})
	if want := "Due today: request to delete personal data (first) and 41 more"; l.Subject != want {
		t.Errorf("the subject is %q", l.Subject)
	}
	text := strings.ReplaceAll(l.Text, "\n", " ")
	for _, want := range []string{
		"42 cases wait for you.", "https://photos.example/ops/desk",
		"Due today (Sunday, 1 March 2026): request to delete personal data, reference first.",
		"Due tomorrow (Monday, 2 March 2026, 10:00 CET): report about a photo of a child, reference second.",
		"And 40 more at the desk.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, l.Text)
		}
	}
	for _, bad := range []Remind{{}, {More: 1}, {Cases: make([]Due, MaxReminded+1)}, {Cases: []Due{{Case{Erasure, "1"}, time.Time{}, 1}}}, {cases, -1}} {
		if _, err := write(t, bad); !errors.Is(err, ErrContent) {
			t.Errorf("%d cases and %d: %v", len(bad.Cases), bad.More, err)
		}
	}
}

func TestLinesOfTextAreShortEnoughForAnyMailProgram(t *testing.T) {
	for _, c := range each("A reason.") {
		for line := range strings.SplitSeq(written(t, c).Text, "\n") {
			if len(line) > width && !strings.HasPrefix(line, "https://") {
				t.Errorf("%d characters: %s", len(line), line)
			}
		}
	}
}
