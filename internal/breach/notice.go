package breach

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// Writer drafts what is written about breaches.
type Writer struct {
	Controller policy.Controller
	Zone       *time.Location // the controller's
}

// NotYet begins each gap that a draft has where something is not known yet.
const NotYet = "[not known yet: "

func gap(what string) string { return NotYet + what + "]" }

// known is the text, or a gap.
func known(text, what string) string {
	if strings.TrimSpace(text) == "" {
		return gap(what)
	}
	return text
}

func (w Writer) moment(t time.Time, what string) string {
	if t.IsZero() {
		return gap(what)
	}
	return t.In(w.Zone).Format("2 January 2006, 15:04 MST (UTC-07:00)")
}

func about(n *int, what string) string {
	if n == nil {
		return gap(what)
	}
	return "about " + grouped(*n)
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Notice drafts what the authority is sent, with all that Art. 33(3) GDPR asks for.
// What is not known yet stands in it as a gap: it may follow in phases (Art. 33(4)).
func (w Writer) Notice(b Breach) string {
	a := b.Account
	body := fmt.Sprintf(`1. The controller
%s

2. When
It began: %s
We became aware of it: %s
The 72 hours end: %s
%s
3. What happened (Art. 33(3)(a))
%s

Kinds of persons concerned: %s
Number of persons: %s
Kinds of data concerned: %s
Number of records: %s

4. Who tells you more (Art. 33(3)(b))
%s

5. Likely consequences (Art. 33(3)(c))
%s

6. Measures taken or planned (Art. 33(3)(d))
%s

7. Risk to the persons
%s

8. Telling the persons (Art. 34)
%s
`,
		w.controller(), w.moment(a.Began, "when it began"), w.moment(a.Aware, "when we became aware of it"), w.moment(b.NoticeDue(), ""), w.delay(b),
		a.Happened, known(a.Who, "whose data they are"), about(a.People, "about how many persons"), known(a.Data, "which kinds of data"), about(a.Records, "about how many records"),
		w.contact(), known(a.Consequences, "what is likely to come of it for the persons"), known(a.Measures, "what was done and is planned against it and its effects"),
		riskText(a), w.persons(b.Persons))
	head := "Notification of a personal data breach (Art. 33 GDPR)\n"
	if w.Controller.Authority != "" {
		head += "To: " + w.Controller.Authority + "\n"
	}
	head += "Our reference: " + string(b.ID) + "\n\n"
	if sent := b.Authority.Sent; !sent.IsZero() {
		head += "This adds to our notification of " + w.moment(sent, "") + " (Art. 33(4)).\n\n"
	}
	if strings.Contains(body, NotYet) {
		head += "This is what we know so far. What is marked as not known yet follows without undue further delay (Art. 33(4)).\n\n"
	}
	return head + body
}

func (w Writer) controller() string {
	text := known(w.Controller.Name, "name of the controller") + "\n" + known(w.Controller.Address, "address of the controller")
	if w.Controller.Representative != "" {
		text += "\nRepresentative in the European Union: " + w.Controller.Representative
	}
	return text
}

func (w Writer) contact() string {
	text := "E-mail: " + known(w.Controller.Email, "e-mail address for privacy")
	if w.Controller.Officer != "" {
		text = "Data protection officer: " + w.Controller.Officer + "\n" + text
	}
	return text
}

// delay is the reasons that come with a notice after its time.
func (w Writer) delay(b Breach) string {
	if !b.Late() && b.Authority.Delay == "" {
		return ""
	}
	return "Reasons for the delay: " + known(b.Authority.Delay, "why it is late") + "\n"
}

func riskText(a Account) string {
	return map[Risk]string{
		Unassessed: gap("how great the risk is, and why"), Unlikely: "A risk is unlikely. ", Likely: "A risk is likely. ", High: "A high risk is likely. ",
	}[a.Risk] + a.Reasons
}

func (w Writer) persons(d ToPersons) string {
	switch {
	case d.At.IsZero():
		return gap("whether the persons are told, and why")
	case !d.Needed:
		return "They are not told. " + d.Reasons
	case d.Told.IsZero():
		return strings.TrimSpace("They are to be told. " + d.Reasons)
	}
	return strings.TrimSpace("They were told on " + w.moment(d.Told, "") + ". " + d.Reasons)
}

// Message drafts what the persons are told, in plain words (Art. 34(2) GDPR).
func (w Writer) Message(b Breach) string {
	a := b.Account
	when := ""
	if !a.Began.IsZero() {
		when = "It began on " + a.Began.In(w.Zone).Format("2 January 2006") + ". "
	}
	contact := "write to " + known(w.Controller.Email, "e-mail address for privacy")
	if w.Controller.Officer != "" {
		contact += "\nor to our data protection officer: " + w.Controller.Officer
	}
	complain := ""
	if w.Controller.Authority != "" {
		complain = "\nYou can also complain to the data protection authority: " + w.Controller.Authority + "\n"
	}
	return fmt.Sprintf(`Something happened to your data

What happened
%s
%sWe noticed it on %s.

Which of your data it is about
%s

What may come of it
%s

What we have done, and what you can do
%s

Your questions
Please %s
%s
%s
%s
`,
		a.Happened, when, w.moment(a.Aware, ""), known(a.Data, "which kinds of data"),
		known(a.Consequences, "what is likely to come of it"), known(a.Measures, "what was done, and what the persons can do themselves"),
		contact, complain, known(w.Controller.Name, "name of the controller"), known(w.Controller.Address, "address of the controller"))
}
