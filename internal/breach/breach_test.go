package breach

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var (
	aware = time.Date(2026, 3, 6, 17, 0, 0, 0, time.UTC) // a Friday
	now   = aware.Add(time.Hour)
)

func entered(t *testing.T, change ...func(*Account)) Breach {
	t.Helper()
	a := Account{Happened: "A list was sent to a stranger.", Aware: aware, Risk: Unlikely, Reasons: "It was encrypted."}
	for _, c := range change {
		c(&a)
	}
	b, err := New(a, now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused holds an error to the field that it has to name.
func refused(t *testing.T, what string, err error, field string) {
	t.Helper()
	var of register.FieldError
	if !errors.As(err, &of) || of.Field != field {
		t.Errorf("%s: got %v, want a problem of %s", what, err, field)
	}
}

func must(t *testing.T) func(Breach, error) Breach {
	return func(b Breach, err error) Breach {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func TestTheNoticeIsDueAfter72ConsecutiveHours(t *testing.T) {
	for _, tt := range []struct{ name, aware, due string }{
		{"over a weekend", "2026-03-06T17:00:00+01:00", "2026-03-09T17:00:00+01:00"},
		{"over clocks that go forward", "2026-03-28T12:00:00+01:00", "2026-03-31T13:00:00+02:00"},
		{"over clocks that go back", "2026-10-24T12:00:00+02:00", "2026-10-27T11:00:00+01:00"},
		{"over a leap day", "2028-02-28T10:00:00Z", "2028-03-02T10:00:00Z"},
	} {
		m := at(t, tt.aware)
		b, err := New(Account{Happened: "x", Aware: m}, m)
		if due := at(t, tt.due); err != nil || b.State() != Assessing || !b.Due().Equal(due) {
			t.Errorf("%s: due %v, %v", tt.name, b.Due(), err)
		}
		if _, err := b.DecideAuthority(ToAuthority{Needed: true, Sent: at(t, tt.due)}, at(t, tt.due)); err != nil {
			t.Errorf("%s: the last moment is too late: %v", tt.name, err)
		}
		late := at(t, tt.due).Add(time.Minute)
		_, err = b.DecideAuthority(ToAuthority{Needed: true, Sent: late}, late)
		refused(t, tt.name, err, "delay")
		if b, err = b.DecideAuthority(ToAuthority{Needed: true, Sent: late, Delay: "The line was down."}, late); err != nil || !b.Late() {
			t.Errorf("%s: late with reasons: %v", tt.name, err)
		}
	}
}

func TestABreachGoesFromStateToState(t *testing.T) {
	step := must(t)
	b := entered(t)
	stands := func(s State, due time.Time) {
		t.Helper()
		if b.State() != s || !b.Due().Equal(due) {
			t.Errorf("it is %s and due %v, want %s and %v", b.State(), b.Due(), s, due)
		}
	}
	stands(Assessing, aware.Add(72*time.Hour))
	if _, err := b.Close("", now); !errors.Is(err, ErrUnsettled) {
		t.Errorf("closed unsettled: %v", err)
	}
	b = step(b.DecideAuthority(ToAuthority{Needed: true, Sent: now}, now))
	stands(Deciding, aware.Add(72*time.Hour))
	last := aware.Add(71 * time.Hour)
	b = step(b.DecideAuthority(ToAuthority{Needed: true, Sent: last}, last)) // corrected
	stands(Deciding, last.Add(StepWithin))
	b = step(b.DecidePersons(ToPersons{Needed: true}, last.Add(time.Hour)))
	stands(Telling, last.Add(time.Hour+StepWithin))
	told := last.Add(2 * time.Hour)
	b = step(b.DecidePersons(ToPersons{Needed: true, Told: told}, told))
	stands(Settled, told.Add(CloseWithin))
	b = step(b.Close("Nothing more is known.", told))
	stands(Closed, time.Time{})
	if _, err := b.Correct(b.Account, told); !errors.Is(err, ErrClosed) {
		t.Errorf("corrected when closed: %v", err)
	}
	_, err := b.Reopen(" ")
	refused(t, "opened again", err, "words")
	b = step(b.Reopen("A second list turned up."))
	stands(Settled, told.Add(CloseWithin))
}

func TestTheAuthorityNeedNotBeToldOnlyOfAnUnlikelyRiskAndWithReasons(t *testing.T) {
	for _, risk := range []Risk{Unassessed, Likely, High} {
		b := entered(t, func(a *Account) { a.Risk = risk })
		_, err := b.DecideAuthority(ToAuthority{Reasons: "x"}, now)
		refused(t, string(risk), err, "reasons")
	}
	b := entered(t)
	_, err := b.DecideAuthority(ToAuthority{}, now)
	refused(t, "without reasons", err, "reasons")
	b = must(t)(b.DecideAuthority(ToAuthority{Reasons: "No risk."}, now))
	b = must(t)(b.DecidePersons(ToPersons{Reasons: "No risk."}, now))
	if b.State() != Settled {
		t.Errorf("it is %s", b.State())
	}
}

func TestARiskThatTurnsOutGreaterTakesDecisionsBack(t *testing.T) {
	b := must(t)(entered(t).DecideAuthority(ToAuthority{Reasons: "No risk."}, now))
	b = must(t)(b.DecidePersons(ToPersons{Reasons: "No risk."}, now))
	a := b.Account
	a.Risk = Likely
	if c := must(t)(b.Correct(a, now)); c.State() != Assessing || c.Persons.At.IsZero() {
		t.Errorf("a likely risk: %+v", c)
	}
	a.Risk = High
	if c := must(t)(b.Correct(a, now)); c.State() != Assessing || !c.Persons.At.IsZero() {
		t.Errorf("a high risk: %+v", c)
	}
	a.Risk = Unlikely
	a.Data = "names"
	if c := must(t)(b.Correct(a, now)); c.State() != Settled {
		t.Errorf("the same risk: %+v", c)
	}
}

func TestAMomentOfBecomingAwareThatMakesTheNoticeLateNeedsReasonsFirst(t *testing.T) {
	b := must(t)(entered(t).DecideAuthority(ToAuthority{Needed: true, Sent: now}, now))
	a := b.Account
	a.Aware = now.Add(-73 * time.Hour)
	_, err := b.Correct(a, now)
	refused(t, "without", err, "aware")
	b = must(t)(b.DecideAuthority(ToAuthority{Needed: true, Sent: now, Delay: "We misread the log."}, now))
	if c := must(t)(b.Correct(a, now)); !c.Late() {
		t.Error("it is not late")
	}
	a.Aware = now.Add(time.Minute)
	_, err = b.Correct(a, now.Add(time.Hour))
	refused(t, "after the notice", err, "aware")
}

func TestWhatCanNotBeIsRefusedByItsField(t *testing.T) {
	for _, tt := range []struct {
		field string
		spoil func(*Account)
	}{
		{"happened", func(a *Account) { a.Happened = " \n " }},
		{"happened", func(a *Account) { a.Happened = strings.Repeat("é", MaxWords+1) }},
		{"data", func(a *Account) { a.Data = "a\x00b" }},
		{"who", func(a *Account) { a.Who = "a\u202eb" }},
		{"measures", func(a *Account) { a.Measures = "\xff" }},
		{"aware", func(a *Account) { a.Aware = time.Time{} }},
		{"aware", func(a *Account) { a.Aware = now.Add(time.Minute) }},
		{"aware", func(a *Account) { a.Aware = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"aware", func(a *Account) { a.Aware = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC) }},
		{"began", func(a *Account) { a.Began = aware.Add(time.Minute) }},
		{"began", func(a *Account) { a.Began = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC) }},
		{"people", func(a *Account) { a.People = new(-1) }},
		{"records", func(a *Account) { a.Records = new(MaxCount + 1) }},
		{"risk", func(a *Account) { a.Risk = "huge" }},
		{"reasons", func(a *Account) { a.Reasons = "" }},
	} {
		a := entered(t).Account
		tt.spoil(&a)
		_, err := New(a, now)
		refused(t, tt.field, err, tt.field)
	}
	b := entered(t)
	_, err := b.DecideAuthority(ToAuthority{Needed: true, Sent: aware.Add(-time.Minute)}, now)
	refused(t, "sent before", err, "sent")
	_, err = b.DecideAuthority(ToAuthority{Needed: true}, now)
	refused(t, "sent never", err, "sent")
	_, err = b.DecidePersons(ToPersons{Needed: true, Told: now.Add(time.Minute)}, now)
	refused(t, "told later", err, "told")
	_, err = b.DecidePersons(ToPersons{}, now)
	refused(t, "not told, without reasons", err, "reasons")
}

var writer = Writer{
	Controller: policy.Controller{Name: "Photos Ltd", Address: "1 Road, Dublin", Email: "privacy@photos.example", Authority: "Data Protection Commission, Dublin"},
	Zone:       time.FixedZone("IST", 3600),
}

func TestTheNoticeHasWhatTheLawAsksForAndMarksItsGaps(t *testing.T) {
	b := entered(t, func(a *Account) { a.Risk, a.Reasons = Unassessed, "" })
	text := writer.Notice(b)
	for _, want := range []string{
		"To: Data Protection Commission, Dublin\n", string(b.ID), "Photos Ltd\n1 Road, Dublin", "privacy@photos.example", "A list was sent to a stranger.",
		"aware of it: 6 March 2026, 18:00 IST (UTC+01:00)", "72 hours end: 9 March 2026, 18:00 IST (UTC+01:00)", "follows without undue further delay (Art. 33(4))",
		"[not known yet: when it began]", "[not known yet: about how many persons]", "[not known yet: about how many records]", "[not known yet: which kinds of data]", "[not known yet: whose data they are]",
		"[not known yet: what is likely to come of it for the persons]", "[not known yet: what was done and is planned against it and its effects]", "[not known yet: how great the risk is, and why]", "[not known yet: whether the persons are told, and why]",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Data protection officer") || strings.Contains(text, "delay:") {
		t.Errorf("the notice speaks of what there is not:\n%s", text)
	}
	a := b.Account
	a.Began, a.Data, a.Who, a.People, a.Records, a.Consequences, a.Measures = aware, "names", "customers", new(1234567), new(0), "spam", "We changed the key."
	a.Risk, a.Reasons = Likely, "The list is plain."
	late := b.NoticeDue().Add(time.Hour)
	b = must(t)(b.Correct(a, now))
	b = must(t)(b.DecidePersons(ToPersons{Reasons: "The risk is not high."}, now))
	b = must(t)(b.DecideAuthority(ToAuthority{Needed: true, Sent: late, Delay: "The line was down."}, late))
	text = writer.Notice(b)
	for _, want := range []string{"about 1,234,567", "about 0", "A risk is likely. The list is plain.", "They are not told. The risk is not high.", "Reasons for the delay: The line was down.", "This adds to our notification of 9 March 2026, 19:00 IST"} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, NotYet) || strings.Contains(text, "what we know so far") {
		t.Errorf("the notice has gaps:\n%s", text)
	}
}

func TestTheMessageTellsThePersonsInPlainWords(t *testing.T) {
	b := entered(t, func(a *Account) {
		a.Data, a.Consequences, a.Measures = "Your e-mail address.", "You may get unwanted mail.", "We changed the key. Delete mail from strangers."
	})
	text := writer.Message(b)
	for _, want := range []string{"Something happened to your data", "A list was sent", "Your e-mail address.", "unwanted mail", "We changed the key", "privacy@photos.example", "Photos Ltd", "Data Protection Commission"} {
		if !strings.Contains(text, want) {
			t.Errorf("the message lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Art.") || strings.Contains(text, NotYet) {
		t.Errorf("the message is not plain:\n%s", text)
	}
	if got := writer.Message(entered(t)); strings.Count(got, NotYet) != 3 {
		t.Errorf("the gaps are not marked:\n%s", got)
	}
}
