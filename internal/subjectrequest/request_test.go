package subjectrequest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// desk is a test with one officer and a clock.
type desk struct {
	t  *testing.T
	by By
}

// noonOf is at noon of a day in Berlin.
func noonOf(t *testing.T, day string) desk {
	t.Helper()
	c := calendar(t, berlin)
	return desk{t, By{Actor: "desk-a", Now: c.End(date(t, day)).Add(-12 * time.Hour), Calendar: c}}
}

func (d desk) filed(f Filing) Request {
	d.t.Helper()
	c, _, err := New(f, d.by)
	return d.done(c, err)
}

func (d desk) done(c Change, err error) Request {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	return c.Request
}

func (d desk) want(err, want error) {
	d.t.Helper()
	if !errors.Is(err, want) {
		d.t.Errorf("got %v, want %v", err, want)
	}
}

// letter is a request that an officer typed in.
func letter(k Kind) Filing { return Filing{Kind: k, Channel: Letter, Email: "Ada@example.org"} }

func mailed(k Kind) Filing { return Filing{Kind: k, Channel: ByEmail, Email: "Ada@example.org"} }

func withKey(k Kind) Filing {
	return Filing{Kind: k, Channel: PhotoKey, Photo: photo.Photo{ID: photo.NewID(), ExpiresAt: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)}}
}

var refusal = Refusal{Reason: "We hold nothing of yours.", Authority: "The authority", Remedy: "The court"}

func TestARequestIsFiledWithItsDatesAndKeys(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	f := withKey(Access)
	f.Message = " What do you hold?\r\n"
	c, keys, err := New(f, d.by)
	r := d.done(c, err)
	if !r.KeyHash.Opens(keys.Own) || keys.Link != (secret.Pair{}) || r.Version != 1 || r.State != Received || r.Message != "What do you hold?" ||
		r.Photo != (Photo{f.Photo.ID, f.Photo.ExpiresAt}) || r.ArrivedOn != date(t, "2026-03-10") || r.Due() != date(t, "2026-04-09") {
		t.Errorf("the request is %+v", r)
	}
	if _, ok := ParseID(string(r.ID)); !ok || strings.Contains(string(r.ID), string(f.Photo.ID)) {
		t.Errorf("its ID is %q", r.ID)
	}
	if want := (audit.Event{At: d.by.Now, Actor: "desk-a", Action: "file_request", Subject: string(r.ID), Outcome: "received"}); c.Event != want {
		t.Errorf("the trail says %+v", c.Event)
	}
}

func TestAFilingThatCanNotBeIsRefused(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	change := func(f Filing, how func(*Filing)) Filing { how(&f); return f }
	for name, tt := range map[string]struct {
		filing Filing
		want   error
	}{
		"kind":                {Filing{Kind: "everything", Channel: Letter}, ErrKind},
		"channel":             {Filing{Kind: Access, Channel: "pigeon"}, ErrChannel},
		"GDPR by designated":  {Filing{Kind: Access, Channel: DesignatedMail}, ErrChannel},
		"key without a photo": {Filing{Kind: Access, Channel: PhotoKey}, ErrChannel},
		"photo without a key": {change(withKey(Access), func(f *Filing) { f.Channel = Letter }), ErrChannel},
		"no address":          {Filing{Kind: Access, Channel: ByEmail}, email.ErrAddress},
		"bad address":         {Filing{Kind: Access, Channel: Phone, Email: "ada"}, email.ErrAddress},
		"tomorrow":            {change(letter(Access), func(f *Filing) { f.ArrivedOn = date(t, "2026-03-11") }), ErrArrival},
		"long ago":            {change(letter(Access), func(f *Filing) { f.ArrivedOn = date(t, "2016-03-10") }), ErrArrival},
		"web form yesterday":  {change(mailed(Access), func(f *Filing) { f.ArrivedOn = date(t, "2026-03-09") }), ErrArrival},
		"a megabyte":          {change(letter(Access), func(f *Filing) { f.Message = strings.Repeat("x", 1<<20) }), ErrWords},
	} {
		_, _, err := New(tt.filing, d.by)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	late := letter(Access)
	late.ArrivedOn = date(t, "2026-03-02")
	if r := d.filed(late); r.ArrivedOn != late.ArrivedOn || r.Dates.Promised != date(t, "2026-04-01") {
		t.Errorf("a letter that was typed in later is due %+v", r.Dates)
	}
}

func TestAMailedLinkWorksOnceAndForAWeekAndStopsNoClock(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	c, keys, err := New(mailed(Access), d.by)
	r := d.done(c, err)
	if !r.Link.Hash.Token.Opens(keys.Link.Token) || r.Link.Hash.Token.Opens(keys.Own) {
		t.Error("the link's key is not the link's alone")
	}
	_, err = r.Accept(d.by)
	d.want(err, ErrUnidentified)

	last, late := d.by, d.by
	last.Now, late.Now = r.Link.Until.Add(-time.Millisecond), r.Link.Until
	_, err = r.Confirm(late)
	d.want(err, ErrLinkExpired)
	confirmed := d.done(r.Confirm(last))
	_, err = confirmed.Confirm(last)
	d.want(err, ErrLinkUsed)
	_, _, err = confirmed.SendLink(last)
	d.want(err, ErrLinkUsed)
	if confirmed.Dates != r.Dates {
		t.Errorf("the dates moved from %v to %v", r.Dates, confirmed.Dates)
	}
	d.done(confirmed.Accept(last))

	again, link, err := r.SendLink(late)
	fresh := d.done(again, err)
	if fresh.Link.Hash.Token.Opens(keys.Link.Token) || !fresh.Link.Hash.Token.Opens(link.Token) || fresh.Dates != r.Dates {
		t.Errorf("the new link is %+v", fresh.Link)
	}
	d.done(fresh.Confirm(late))
	_, _, err = d.filed(letter(Access)).SendLink(d.by)
	d.want(err, ErrChannel)
}

func TestAQuestionStopsTheLawsClockAndNotThePromise(t *testing.T) {
	r := noonOf(t, "2026-03-10").filed(mailed(Access))
	asking := noonOf(t, "2026-03-12")
	_, err := r.AskIdentity(" ", asking.by)
	asking.want(err, ErrNoReason)
	asked := asking.done(r.AskIdentity("Another person wrote about the same photo. When did you upload it?", asking.by))
	if asked.State != IdentityPending || asked.Due() != date(t, "2026-04-09") {
		t.Errorf("%s, due %s", asked.State, asked.Due())
	}

	noting := noonOf(t, "2026-03-23")
	for _, bad := range []string{"2026-03-11", "2026-03-24", ""} {
		_, err := asked.SettleIdentity(date(t, bad), noting.by)
		noting.want(err, ErrArrival)
	}
	settled := noting.done(asked.SettleIdentity(date(t, "2026-03-20"), noting.by))
	want := Dates{date(t, "2026-04-18"), date(t, "2026-04-20"), date(t, "2026-04-09")}
	if settled.State != Received || settled.Dates != want || settled.StoppedDays != 8 {
		t.Errorf("%s, %v after %d days", settled.State, settled.Dates, settled.StoppedDays)
	}
	if !settled.Identified() {
		t.Error("the answer does not identify")
	}
	extended := noting.done(noting.done(settled.Accept(noting.by)).Extend("Many requests.", noting.by))
	if extended.Dates.Law != date(t, "2026-06-18") {
		t.Errorf("extended to %v", extended.Dates)
	}
}

func TestWhoHasThePhotosKeyIsNotAsked(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	r := d.filed(withKey(Erasure))
	_, err := r.AskIdentity("Who are you?", d.by)
	d.want(err, ErrIdentified)
	d.done(r.Accept(d.by))
}

func TestAnExtensionIsAnnouncedInTheFirstMonthWhichNoWeekendMoves(t *testing.T) {
	accepted := func() Request { d := noonOf(t, "2026-01-14"); return d.done(d.filed(letter(Access)).Accept(d.by)) }
	saturday, monday := noonOf(t, "2026-02-14"), noonOf(t, "2026-02-16")
	r := saturday.done(accepted().Extend("Many requests.", saturday.by))
	if r.State != Extended || r.Dates.Law != date(t, "2026-04-14") || r.Due() != r.Dates.Law || r.Late() {
		t.Errorf("%+v", r)
	}
	_, err := accepted().Extend("Many requests.", monday.by)
	monday.want(err, ErrTooLate)
	_, err = accepted().Extend("", saturday.by)
	saturday.want(err, ErrNoReason)
	_, err = r.Extend("Still many.", saturday.by)
	saturday.want(err, ErrNotNow)
	_, err = noonOf(t, "2026-01-14").filed(letter(Access)).AskIdentity("Who are you?", monday.by)
	monday.want(err, ErrTooLate)
}

func TestARefusalNamesReasonAuthorityAndRemedyAndIsNeverExtended(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	r := d.filed(letter(Access))
	for _, lacking := range []Refusal{{"", "a", "b"}, {"a", "", "b"}, {"a", "b", " "}} {
		_, err := r.Refuse(lacking, d.by)
		d.want(err, ErrNoReason)
	}
	refused := d.done(r.Refuse(refusal, d.by))
	if refused.State != Refused || refused.Refusal != refusal || !refused.Due().IsZero() || refused.Late() {
		t.Errorf("%+v", refused)
	}
	extended := d.done(d.done(r.Accept(d.by)).Extend("Many requests.", d.by))
	inTime, late := noonOf(t, "2026-04-10"), noonOf(t, "2026-04-11")
	if r := inTime.done(extended.Refuse(refusal, inTime.by)); r.Late() {
		t.Error("a refusal on the first month's last day is late")
	}
	if r := late.done(extended.Refuse(refusal, late.by)); !r.Late() {
		t.Error("a refusal after the first month is not late")
	}
	if r := late.done(extended.Fulfil(Answer{Note: "Here."}, late.by)); r.Late() {
		t.Error("an answer within the extension is late")
	}
	shine := d.filed(letter(ShineTheLight))
	if r := d.done(shine.Refuse(Refusal{Reason: "You had this year's answer."}, d.by)); r.State != Refused {
		t.Error("California's law asks for no authority")
	}
}

func TestShineTheLightKnowsNeitherQuestionNorExtension(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	f := letter(ShineTheLight)
	f.Channel = DesignatedMail
	r := d.filed(f)
	if r.Due() != date(t, "2026-04-09") || r.Dates.Law != r.Due() {
		t.Errorf("due %+v", r.Dates)
	}
	_, err := r.AskIdentity("Who are you?", d.by)
	d.want(err, ErrNotForKind)
	accepted := d.done(r.Accept(d.by))
	_, err = accepted.Extend("Many requests.", d.by)
	d.want(err, ErrNotForKind)
	_, err = accepted.Close(Redirected, d.by)
	d.want(err, ErrNotNow)

	astray := d.filed(letter(ShineTheLight))
	if astray.Dates.Law != date(t, "2026-08-07") || astray.Due() != date(t, "2026-04-09") {
		t.Errorf("due %+v", astray.Dates)
	}
	d.done(astray.Close(Redirected, d.by))
	_, err = d.filed(letter(Access)).Close(Redirected, d.by)
	d.want(err, ErrNotNow)
}

func TestARequesterIsOnePersonInOneYear(t *testing.T) {
	key := []byte("0123456789abcdef")
	requester := func(day, address string) Requester {
		f := letter(ShineTheLight)
		f.Email, f.RequesterKey = address, key
		return noonOf(t, day).filed(f).Requester
	}
	first := requester("2026-12-31", "ada@example.org")
	if first == (Requester{}) || first != requester("2026-01-01", "ADA@Example.org") {
		t.Error("the same person in the same year is another")
	}
	if first == requester("2027-01-01", "ada@example.org") || first == requester("2026-12-31", "bob@example.org") {
		t.Error("another year or person is the same")
	}
	ada, err := email.Parse("ada@example.org")
	if err != nil || first != NewRequester(key, ada, 2026) || first == NewRequester([]byte("another key"), ada, 2026) {
		t.Error("who lacks the key can tell")
	}
	if r := noonOf(t, "2026-12-31").filed(letter(Access)); r.Requester != (Requester{}) {
		t.Error("other requests have a requester")
	}
}

func TestAClosedRequestHasForgottenThePersonAndKeepsDatesAndOutcome(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	f := withKey(Erasure)
	f.Email, f.Message = "ada@example.org", "Please."
	r := d.done(d.filed(f).Accept(d.by))
	r = d.done(r.Fulfil(Answer{Note: "It is gone.", Receipt: "areceipt"}, d.by))

	early, then := noonOf(t, "2026-03-23"), noonOf(t, "2026-03-24")
	_, err := r.Close(Answered, early.by)
	early.want(err, ErrNotNow)
	_, err = r.Close(Withdrawn, then.by)
	then.want(err, ErrNotNow)
	c, err := r.Close(Answered, then.by)
	closed := then.done(c, err)
	if closed.Email != (email.Address{}) || closed.Message != "" || closed.Photo != (Photo{}) || closed.Answer != (Answer{Receipt: "areceipt"}) {
		t.Errorf("it remembers %+v", closed)
	}
	if closed.ArrivedOn != r.ArrivedOn || closed.Dates != r.Dates || closed.AnsweredOn != r.AnsweredOn || closed.Closing != Answered || !closed.ClosedAt.Equal(then.by.Now) {
		t.Errorf("it lost %+v", closed)
	}
	if c.Event.Action != "close_request" || c.Event.Outcome != "answered" {
		t.Errorf("the trail says %+v", c.Event)
	}
	_, err = closed.Close(Answered, then.by)
	then.want(err, ErrOver)

	withdrawn := d.done(d.filed(mailed(Access)).Close(Withdrawn, d.by))
	if withdrawn.Email != (email.Address{}) || withdrawn.Link != (Link{}) || !withdrawn.Due().IsZero() {
		t.Errorf("it remembers %+v", withdrawn)
	}
	_, err = d.filed(letter(Access)).Close(Answered, d.by)
	d.want(err, ErrNotNow)
}

func TestTheNextActionIsWhatAnOfficerDoes(t *testing.T) {
	d, later := noonOf(t, "2026-03-10"), noonOf(t, "2026-03-20")
	unproved := d.filed(mailed(Access))
	asked := later.done(unproved.AskIdentity("Who are you?", later.by))
	accepted := d.done(d.filed(withKey(Access)).Accept(d.by))
	repeated := d.filed(letter(ShineTheLight))
	repeated.Repeated = true
	for name, tt := range map[string]struct {
		request Request
		by      By
		want    Action
	}{
		"key":                     {d.filed(withKey(Access)), d.by, Accept},
		"letter":                  {d.filed(letter(Access)), d.by, Accept},
		"link under way":          {unproved, d.by, ""},
		"link not followed":       {unproved, later.by, AskIdentity},
		"nor in the first month":  {unproved, noonOf(t, "2026-04-13").by, Refuse},
		"Shine the Light by form": {d.filed(mailed(ShineTheLight)), later.by, Close},
		"once a year":             {repeated, d.by, Refuse},
		"question open":           {asked, later.by, SettleIdentity},
		"question unanswered":     {asked, noonOf(t, "2026-04-10").by, Refuse},
		"accepted":                {accepted, d.by, Fulfil},
		"extended":                {d.done(accepted.Extend("Many.", d.by)), d.by, Fulfil},
		"fulfilled":               {d.done(accepted.Fulfil(Answer{Note: "Here."}, d.by)), d.by, ""},
	} {
		got := tt.request.Next(tt.by)
		if got != tt.want || got != "" && !slices.Contains(tt.request.Actions(tt.by), got) {
			t.Errorf("%s: next is %q of %v, want %q", name, got, tt.request.Actions(tt.by), tt.want)
		}
	}
}

func TestOnlyWhoSawTheCurrentVersionActs(t *testing.T) {
	d := noonOf(t, "2026-03-10")
	seen := d.filed(letter(Access))
	now := d.done(seen.Accept(d.by))
	d.want(now.Seen(seen.Version), ErrChanged)
	d.want(now.Seen(now.Version), nil)
}

// do does an action in the way that is right for it.
func do(r Request, a Action, by By) (Change, error) {
	switch a {
	case SendLink:
		c, _, err := r.SendLink(by)
		return c, err
	case Confirm:
		return r.Confirm(by)
	case AskIdentity:
		return r.AskIdentity("Who are you?", by)
	case SettleIdentity:
		return r.SettleIdentity(by.today(), by)
	case Accept:
		return r.Accept(by)
	case Extend:
		return r.Extend("Many requests.", by)
	case Refuse:
		return r.Refuse(refusal, by)
	case Fulfil:
		return r.Fulfil(Answer{Note: "Here."}, by)
	}
	return r.Close(Withdrawn, by)
}

func TestWhateverIsDoneARequestStaysWhole(t *testing.T) {
	start := noonOf(t, "2026-03-10")
	rapid.Check(t, func(rt *rapid.T) {
		filing := rapid.SampledFrom([]func(Kind) Filing{letter, mailed, withKey}).Draw(rt, "channel")(rapid.SampledFrom(Kinds()).Draw(rt, "kind"))
		filing.RequesterKey = []byte("0123456789abcdef")
		r, by := start.filed(filing), start.by
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			by.Now = by.Now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(rt, "hours")) * time.Hour)
			a := rapid.SampledFrom([]Action{SendLink, Confirm, AskIdentity, SettleIdentity, Accept, Extend, Refuse, Fulfil, Close}).Draw(rt, "action")
			may := r.May(a, by)
			c, err := do(r, a, by)
			if may != nil && err == nil || slices.Contains(r.Actions(by), a) && err != nil {
				rt.Fatalf("%s of a request that is %s: may %v, did %v", a, r.State, may, err)
			}
			if err != nil {
				continue
			}
			after := c.Request
			if after.Version != r.Version+1 || c.Event.Subject != string(r.ID) || !c.Event.At.Equal(by.Now) || after.ArrivedOn != r.ArrivedOn || after.Dates.Promised != r.Dates.Promised {
				rt.Fatalf("%s made %+v of %+v, with %+v", a, after, r, c.Event)
			}
			if after.State.Open() == (after.Due() == civil.Date{}) || after.Dates.Law.Before(r.Dates.Law) {
				rt.Fatalf("%s: %s, due %s of %+v", a, after.State, after.Due(), after.Dates)
			}
			if next := after.Next(by); next != "" && after.May(next, by) != nil {
				rt.Fatalf("next is %s, which can't be done: %v", next, after.May(next, by))
			}
			r = after
		}
	})
}
