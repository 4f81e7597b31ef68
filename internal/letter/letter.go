// Package letter is what the service writes to people: which letters there are,
// what each says, and what becomes of one on its way.
//
// A letter is written once, as text and as HTML with the same words, and kept as it
// was written until some time after it has gone out, so that an officer can read what
// was said. It never carries a picture and never a secret: where a link or a code
// belongs, its body has a mark, and the secret, which is kept apart, takes the
// mark's place only in what is handed to the mail server. Once that has it, or the
// letter is given up, the secret is gone from here.
package letter

import (
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a letter. It is random, and so is in the mail's Message-ID: a mail that
// arrives twice is recognised as one.
type ID string

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// Kind is what a letter is for.
type Kind string

// The kinds.
const (
	AddressConfirmation Kind = "address_confirmation"
	Acknowledgement     Kind = "acknowledgement"
	IdentityQuestion    Kind = "identity_question"
	Extension           Kind = "extension"
	Refusal             Kind = "refusal"
	Redirection         Kind = "redirection"
	AnswerReady         Kind = "answer_ready"
	LiftingAhead        Kind = "lifting_ahead"
	Reminder            Kind = "reminder"
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{AddressConfirmation, Acknowledgement, IdentityQuestion, Extension, Refusal, Redirection, AnswerReady, LiftingAhead, Reminder}
}

// AtWill reports whether anybody can cause a letter of this kind by typing an
// address into a form. Only these are rationed; see Ration.
func (k Kind) AtWill() bool { return k == AddressConfirmation || k == Acknowledgement }

// Letter is one that was written.
type Letter struct {
	ID    ID
	Kind  Kind
	About string // the ID of the request or the like that it concerns
	To    email.Address

	Subject string
	Text    string // with marks where the secrets belong
	HTML    string // the same words, with the same marks

	// Secrets take the marks' place; zero in a letter without any, and in one that is
	// shown or has ended.
	Secrets secret.Pair
	Written time.Time
	// Until is when sending it has no point any more.
	Until time.Time
}

// hidden stands in what is shown for what only the addressee may know.
const hidden = "(only in the mail)"

// Shown is the text for an officer: whoever has the secrets counts as the person.
func (l Letter) Shown() string { return l.fill(l.Text, hidden, hidden) }

// Outgoing is the text and the HTML for the addressee.
func (l Letter) Outgoing() (text, html string) {
	token, code := l.Secrets.Token.Reveal(), l.Secrets.Spoken()
	return l.fill(l.Text, token, code), l.fill(l.HTML, token, code)
}

// Sealed reports whether the letter needs secrets that it does not have.
func (l Letter) Sealed() bool {
	return l.Secrets.Token == "" && strings.Contains(l.Text, l.tokenMark()) || l.Secrets.Code == "" && strings.Contains(l.Text, l.codeMark())
}

// The marks hold the letter's own ID, which nobody could know who gave words for it.
func (l Letter) tokenMark() string { return "token-" + string(l.ID) }
func (l Letter) codeMark() string  { return "code-" + string(l.ID) }

func (l Letter) fill(body, token, code string) string {
	return strings.NewReplacer(l.tokenMark(), token, l.codeMark(), code).Replace(body)
}
