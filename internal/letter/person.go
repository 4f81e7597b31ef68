package letter

import (
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ConfirmAddress asks whoever reads the mailbox to confirm that the case is theirs.
// Nothing else goes to an address before that.
type ConfirmAddress struct {
	Case
	Secrets secret.Pair
	Until   time.Time // when link and code stop working
}

func (ConfirmAddress) kind() Kind                          { return AddressConfirmation }
func (c ConfirmAddress) secrets() (secret.Pair, time.Time) { return c.Secrets, c.Until }
func (c ConfirmAddress) check() error {
	return errors.Join(c.Case.check(), secured(c.Secrets, c.Until))
}

func (c ConfirmAddress) compose(p *page) {
	p.subject = c.subject("Please confirm your e-mail address")
	p.say("We received %s. Please confirm that it is yours: open this link and press the button there.", c.yours())
	p.secretLink("Confirm my address", ConfirmPath)
	p.say("The link and the code work until %s.", p.moment(c.Until))
	p.say("The time in which we have to answer runs already; it does not wait for this.")
	p.say("If you did not write to us, do nothing. Someone typed in your address, by mistake or not; without the confirmation they learn nothing from us.")
}

// Acknowledge says that something has arrived, and when its answer is due.
type Acknowledge struct {
	Case
	Received time.Time
	AnswerBy time.Time // the earlier of the law's date and the promised one
}

func (Acknowledge) kind() Kind { return Acknowledgement }
func (a Acknowledge) check() error {
	return errors.Join(a.Case.check(), dated("the day of receipt", a.Received), dated("the day of the answer", a.AnswerBy))
}

func (a Acknowledge) compose(p *page) {
	p.subject = a.subject("We received what you sent")
	p.say("On %s we received %s.", p.day(a.Received), a.yours())
	if a.Matter == ChildReport {
		p.say("If what you told us lets us find the photo, nobody can see or use it any more. A person decides about it by %s.", p.moment(a.AnswerBy))
	} else {
		p.say("You get our answer by %s at the latest.", p.day(a.AnswerBy))
	}
	p.reference(a.Case)
}

// AskIdentity asks for what the case can't be answered without. While it waits for the
// answer, the clock stands still (Art. 12(6) GDPR).
type AskIdentity struct {
	Case
	Question string // the officer's words, with the reason
}

func (AskIdentity) kind() Kind { return IdentityQuestion }
func (a AskIdentity) check() error {
	return errors.Join(a.Case.check(), words("the question", a.Question))
}

func (a AskIdentity) compose(p *page) {
	p.subject = a.subject("A question before we can answer")
	p.say("Before we can answer %s, we have to be sure that we answer the right person. Our privacy officer asks:", a.yours())
	p.quote(a.Question)
	p.say("Please answer this mail. Until we have your answer, the time in which we have to act does not run.")
	p.say("Please do not send a copy of an identity card or a passport. We don't need one, and would destroy it. A photo's key, which you got when you uploaded it, is the best proof that a photo is yours; give it on the photo's page or in our form, not by mail.")
	p.reference(a.Case)
}

// Extend tells that the answer takes longer, why, and until when (Art. 12(3) GDPR).
type Extend struct {
	Case
	Reasons  string // the officer's words
	AnswerBy time.Time
}

func (Extend) kind() Kind { return Extension }
func (e Extend) check() error {
	return errors.Join(e.Case.check(), words("the reasons", e.Reasons), dated("the new day of the answer", e.AnswerBy))
}

func (e Extend) compose(p *page) {
	p.subject = e.subject("Our answer takes longer")
	p.say("We can't answer %s in the usual time. These are the reasons:", e.yours())
	p.quote(e.Reasons)
	p.say("You get our answer by %s at the latest. It will not be put off again.", p.day(e.AnswerBy))
	p.reference(e.Case)
}

// Refuse tells that we do not do what was asked for, why, and what can be done about
// that (Art. 12(4) GDPR).
type Refuse struct {
	Case
	Reasons   string // the officer's words
	Authority string // the supervisory authority: name and how to reach it
	Remedy    string // before which court they can go
}

func (Refuse) kind() Kind { return Refusal }
func (r Refuse) check() error {
	return errors.Join(r.Case.check(), words("the reasons", r.Reasons), words("the authority", r.Authority), words("the court", r.Remedy))
}

func (r Refuse) compose(p *page) {
	p.subject = r.subject("Why we do not do what you asked for")
	p.say("We have looked at %s and do not do what you asked for. These are the reasons:", r.yours())
	p.quote(r.Reasons)
	p.say("You do not have to accept that. You can complain to the authority for data protection, which costs nothing:")
	p.quote(r.Authority)
	p.say("You can also go to court, whether or not you have complained to the authority:")
	p.quote(r.Remedy)
	p.reference(r.Case)
}

// Decline is a refusal under a law that names no authority and no court.
type Decline struct {
	Case
	Reasons string // the officer's words
}

func (Decline) kind() Kind { return Refusal }
func (d Decline) check() error {
	return errors.Join(d.Case.check(), words("the reasons", d.Reasons))
}

func (d Decline) compose(p *page) {
	p.subject = d.subject("Why we do not do what you asked for")
	p.say("We have looked at %s and do not do what you asked for. These are the reasons:", d.yours())
	p.quote(d.Reasons)
	p.say("If you do not agree, answer this mail.")
	p.reference(d.Case)
}

// Redirect tells where a request has to be sent that only one address takes.
type Redirect struct {
	Case
	Address string // of that mailbox
}

func (Redirect) kind() Kind { return Redirection }
func (r Redirect) check() error {
	_, err := email.Parse(r.Address)
	return errors.Join(r.Case.check(), err)
}

func (r Redirect) compose(p *page) {
	p.subject = r.subject("Please write to another address")
	p.say("We received %s. Such requests are answered at one address only:", r.yours())
	p.quote(r.Address)
	p.say("Please send your request there. You get the answer within 30 days of its arrival.")
	p.reference(r.Case)
}

// Answer tells that the answer can be fetched. The answer itself is not in the mail.
type Answer struct {
	Case
	Secrets secret.Pair
	Until   time.Time // when link and code stop working
}

func (Answer) kind() Kind                          { return AnswerReady }
func (a Answer) secrets() (secret.Pair, time.Time) { return a.Secrets, a.Until }
func (a Answer) check() error                      { return errors.Join(a.Case.check(), secured(a.Secrets, a.Until)) }

func (a Answer) compose(p *page) {
	p.subject = a.subject("Our answer is ready")
	p.say("The answer to %s is ready for you.", a.yours())
	p.secretLink("Open the answer", AnswerPath)
	p.say("The link and the code work until %s. Whoever has one of them can read the answer: please do not pass this mail on.", p.moment(a.Until))
	if a.Matter == Access || a.Matter == Portability {
		p.say("Pictures are not kept for that long: if the answer holds any, fetch them soon.")
	}
	p.reference(a.Case)
}

// TellOfLifting tells that a photo's restriction will end (Art. 18(3) GDPR).
type TellOfLifting struct {
	Case
	Reasons string    // the officer's words
	From    time.Time // the earliest that it is lifted
}

func (TellOfLifting) kind() Kind { return LiftingAhead }
func (t TellOfLifting) check() error {
	return errors.Join(t.Case.check(), words("the reasons", t.Reasons), dated("the day of the lifting", t.From))
}

func (t TellOfLifting) compose(p *page) {
	p.subject = t.subject("The restriction of your photo will end")
	p.say("At your request we have kept a photo and done nothing with it. That will end on %s at the earliest. These are the reasons:", p.moment(t.From))
	p.quote(t.Reasons)
	p.say("After that you have at least 24 hours before the photo is deleted. You can fetch it, or delete it yourself, on its page with its key.")
	p.say("If you do not agree, answer this mail before then.")
	p.reference(t.Case)
}
