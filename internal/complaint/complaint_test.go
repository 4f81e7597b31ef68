package complaint

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func by(days int) By { return By{"desk-a", noon.AddDate(0, 0, days)} }

func filing() Filing {
	return Filing{Words: "My ears were cut off.", Email: "Ada@example.org", Now: noon, DueAt: noon.AddDate(0, 0, 30)}
}

func filed(t testing.TB, change ...func(*Filing)) (Complaint, Keys) {
	t.Helper()
	f := filing()
	for _, c := range change {
		c(&f)
	}
	c, keys, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Complaint, keys
}

func want(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func step(t testing.TB, c Change, err error) Complaint {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return c.Complaint
}

func confirmed(t testing.TB) Complaint {
	t.Helper()
	c, _ := filed(t)
	change, _, err := c.Confirm(noon)
	return step(t, change, err)
}

func TestAComplaintKeepsWhatTheChecksSaidAndNothingOfThePicture(t *testing.T) {
	stored := `{"verdict": "take_another", "guides": {"chin_mm": 777}, "landmarks": [[777, 777]], "checks": [
		{"name": "head_height", "outcome": "fail", "value": 40, "unit": "mm", "limits": {"max": 35}, "advice": "MARK", "place": {"top": 777}}]}`
	c, keys := filed(t, func(f *Filing) {
		f.Photo = photo.Photo{ID: photo.NewID(), Document: "us-passport", Revision: 3, Status: photo.Ready, ExpiresAt: noon}
		f.Report = []byte(stored)
	})
	about, err := json.Marshal(c.About)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"document":"us-passport","revision":3,"status":"ready","verdict":"take_another","checks":[{"name":"head_height","outcome":"fail","value":40,"unit":"mm","limits":{"max":35}}]}`; string(about) != want {
		t.Errorf("kept %s, want %s", about, want)
	}
	if !c.Opens(keys.Own.Reveal()) || c.Opens(keys.Link.Token.Reveal()) || c.Version != 1 || c.State != Received || strings.Contains(string(c.ID), string(c.Photo.ID)) {
		t.Errorf("the complaint is %+v", c)
	}
}

func TestWhatAComplaintCanNotHaveIsNamedByItsField(t *testing.T) {
	for field, change := range map[string]func(*Filing){
		"words":     func(f *Filing) { f.Words = strings.Repeat("é", MaxWords+1) },
		"email":     func(f *Filing) { f.Email = "ada@example.org\r\nBcc: all@example.org" },
		"reference": func(f *Filing) { f.Reference = "<script>" },
	} {
		f := filing()
		change(&f)
		_, _, err := New(f)
		var at register.FieldError
		if !errors.As(err, &at) || at.Field != field || strings.Contains(err.Error(), "script") || strings.Contains(err.Error(), "Bcc") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, words := range []string{"", " \n", "a\x00b", strings.Repeat("x", 1<<20)} {
		f := filing()
		f.Words = words
		if _, _, err := New(f); err == nil {
			t.Errorf("%.10q was taken", words)
		}
	}
	c, keys := filed(t, func(f *Filing) { f.Words, f.Email = " <b>Bold</b>\r\n", "" })
	if c.Words != "<b>Bold</b>" || keys.Link != (secret.Pair{}) || c.Link != (Link{}) {
		t.Errorf("%+v", c)
	}
}

func TestAMailedLinkWorksOnceAndForAWeek(t *testing.T) {
	c, keys := filed(t)
	if !c.Link.Hash.Token.Opens(keys.Link.Token) || !c.Link.Hash.Code.Opens(keys.Link.Code) {
		t.Error("the link is not the letter's")
	}
	_, _, err := c.Confirm(c.Link.Until)
	want(t, err, ErrLinkExpired)
	change, pair, err := c.Confirm(c.Link.Until.Add(-time.Millisecond))
	done := step(t, change, err)
	if !done.Confirmed() || pair != (secret.Pair{}) || change.Event.Actor != audit.Person {
		t.Errorf("%+v", change)
	}
	_, _, err = done.Confirm(noon)
	want(t, err, ErrLinkUsed)
}

func TestNobodyIsWrittenToBeforeTheAddressIsConfirmed(t *testing.T) {
	c, _ := filed(t)
	change, pair, err := c.Reply("We are sorry.", by(1))
	answered := step(t, change, err)
	if pair != (secret.Pair{}) || answered.Read != (secret.PairHashes{}) {
		t.Error("there are secrets for a letter")
	}
	late, pair, err := answered.Confirm(noon.AddDate(0, 0, 2))
	if got := step(t, late, err); pair == (secret.Pair{}) || !got.Read.Token.Opens(pair.Token) {
		t.Error("who confirms after the answer is not told of it")
	}
	change, pair, err = confirmed(t).Reply("We are sorry.", by(1))
	if got := step(t, change, err); !got.Opens(" "+strings.ToUpper(pair.Spoken())) || !got.Opens(pair.Token.Reveal()) || got.Opens("") || got.State != Answered || !got.ReadableUntil().Equal(noon.AddDate(0, 0, 1+AnswerDays)) {
		t.Errorf("%+v", got)
	}
}

func TestAComplaintEndsForAReasonThatFits(t *testing.T) {
	open := confirmed(t)
	change, _, err := open.Reply("We are sorry.", by(1))
	answered := step(t, change, err)
	for _, tt := range []struct {
		of    Complaint
		why   Closing
		words string
		fits  bool
	}{
		{open, Unfounded, "The rule asks for it.", true}, {open, NoReply, "You did not say which.", true}, {open, Withdrawn, "", true},
		{open, Unfounded, " ", false}, {open, WasAnswered, "", false}, {open, Merged, "", false}, {open, "", "", false},
		{answered, WasAnswered, "", true}, {answered, Unfounded, "No.", false}, {answered, Withdrawn, "", false},
	} {
		change, pair, err := tt.of.Close(tt.why, tt.words, by(2))
		if (err == nil) != tt.fits {
			t.Errorf("%s a complaint as %s: %v", tt.of.State, tt.why, err)
		}
		if err == nil && (tt.why.Told() != (pair != secret.Pair{}) || change.Complaint.Closing != tt.why || change.Event.Outcome != audit.Outcome(tt.why)) {
			t.Errorf("%s: %+v", tt.why, change)
		}
	}
}

func TestWhoWithdrawsIsForgottenAtOnceAndOthersWhenTheyCouldReadTheAnswer(t *testing.T) {
	change, _, err := confirmed(t).Close(Withdrawn, "", By{audit.Person, noon})
	if c := step(t, change, err); !c.Forgotten() || c.Email != (email.Address{}) || c.Link.Hash != (secret.PairHashes{}) {
		t.Errorf("it remembers %+v", c)
	}
	change, _, err = confirmed(t).Reply("We are sorry.", by(0))
	answered := step(t, change, err)
	_, err = answered.Lapse(by(AnswerDays - 1))
	want(t, err, ErrNotNow)
	lapsed, err := answered.Lapse(by(AnswerDays))
	c := step(t, lapsed, err)
	if !c.Forgotten() || c.Answer != "" || c.State != Closed || c.Closing != WasAnswered || !c.AnsweredAt.Equal(noon) || c.DueAt != answered.DueAt {
		t.Errorf("%+v", c)
	}
	_, err = c.Lapse(by(99))
	want(t, err, ErrNotNow)
	_, err = confirmed(t).ForgetNow(by(1))
	want(t, err, ErrNotNow)
	now, err := answered.ForgetNow(by(1))
	if c := step(t, now, err); !c.Forgotten() {
		t.Error("it remembers")
	}
}

func TestOnlyComplaintsOfOnePersonAreMerged(t *testing.T) {
	a, b := confirmed(t), confirmed(t)
	merged, kept, err := a.Merge(b, by(1))
	if err != nil || merged.Complaint.MergedInto != b.ID || merged.Complaint.Closing != Merged || merged.Complaint.Forgotten() ||
		kept.Complaint.Version != b.Version+1 || kept.Complaint.State != b.State || kept.Event.Action != TakeIn {
		t.Errorf("%+v, %+v, %v", merged, kept, err)
	}
	stranger, _ := filed(t, func(f *Filing) { f.Email = "eve@example.org" })
	nobody, _ := filed(t, func(f *Filing) { f.Email = "" })
	for _, other := range []Complaint{stranger, nobody} {
		_, _, err := a.Merge(other, by(1))
		want(t, err, ErrOthers)
	}
	_, _, err = a.Merge(a, by(1))
	want(t, err, ErrNotNow)
	_, _, err = merged.Complaint.Merge(b, by(1))
	want(t, err, ErrNotNow)
}

func TestWhatANoteIsFiledUnder(t *testing.T) {
	id := NewID()
	is := func(asked ID) bool { return asked == id }
	reference := secret.NewName()
	ada, err := email.Parse("ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]Subject{
		"Ada@Example.org": {Email: ada}, string(id): {Complaint: id}, reference: {Reference: reference},
	} {
		if got, err := ParseSubject(typed, is); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for _, typed := range []string{"", "Ada", "a@b\r\nBcc: c@d.org", "<script>"} {
		if _, err := ParseSubject(typed, is); !errors.As(err, new(register.FieldError)) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	n, _, err := NewNote(Subject{Complaint: id}, " Called.\r\n", by(0))
	if err != nil || n.Words != "Called." || n.Author != "desk-a" || !n.Open() {
		t.Errorf("%+v, %v", n, err)
	}
	closed, _, err := n.Close(by(1))
	if err != nil || closed.Open() {
		t.Errorf("%+v, %v", closed, err)
	}
	_, _, err = closed.Close(by(2))
	want(t, err, ErrNotNow)
}

// do takes a step in the way that is right for it.
func do(c Complaint, action audit.Action, by By) (Change, error) {
	switch action {
	case Confirm:
		change, _, err := c.Confirm(by.Now)
		return change, err
	case TakeOn:
		return c.Take(by)
	case Reply:
		change, _, err := c.Reply("We are sorry.", by)
		return change, err
	case Forget:
		return c.Lapse(by)
	}
	change, _, err := c.Close(Closings()[by.Now.Unix()%int64(len(Closings()))], "Because.", by)
	return change, err
}

func TestWhateverIsDoneAComplaintStaysWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, _ := filed(t)
		by := By{"desk-a", noon}
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			by.Now = by.Now.Add(time.Duration(rapid.IntRange(0, 20*24*3600).Draw(rt, "seconds")) * time.Second)
			action := rapid.SampledFrom([]audit.Action{Confirm, TakeOn, Reply, Close, Forget}).Draw(rt, "action")
			change, err := do(c, action, by)
			if err != nil {
				continue
			}
			after := change.Complaint
			if after.Version != c.Version+1 || change.Event.Subject != string(c.ID) || !change.Event.At.Equal(by.Now) {
				rt.Fatalf("%s made %+v of %+v", action, change, c)
			}
			if after.State.Open() != after.SettledAt().IsZero() || (after.State == Closed) != (after.Closing != "") || (after.State == Closed) == after.ClosedAt.IsZero() {
				rt.Fatalf("%s made %+v", action, after)
			}
			if after.Forgotten() && after.State != Closed || c.Forgotten() && !after.Forgotten() {
				rt.Fatalf("%s made %+v", action, after)
			}
			if d := cmp.Diff(c.About, after.About); d != "" {
				rt.Fatal(d)
			}
			c = after
		}
	})
}
