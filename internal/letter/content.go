package letter

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Content is what one letter has to say: one of the types of this package named
// after the kinds.
type Content interface {
	kind() Kind
	// check reports what must not be written.
	check() error
	// compose puts the words on the page.
	compose(p *page)
	// secrets are what takes the marks' place, and until when they open anything; zero
	// for none.
	secrets() (secret.Pair, time.Time)
}

// MaxWords is the longest that words of an officer may be in a letter, in characters.
const MaxWords = 5000

// ErrContent says that a letter can't be written like this; the text says what is
// wrong with it and repeats none of it.
var ErrContent = errors.New("the letter can't be written")

func wrong(what string) error { return fmt.Errorf("%w: %s", ErrContent, what) }

// Matter is what a letter is about. The rights' words are those of subject requests.
type Matter string

// The matters.
const (
	Access            Matter = "access"
	Erasure           Matter = "erasure"
	Rectification     Matter = "rectification"
	Restriction       Matter = "restriction"
	Portability       Matter = "portability"
	Objection         Matter = "objection"
	AutomatedDecision Matter = "automated_decision"
	ShineTheLight     Matter = "shine_the_light"
	Complaint         Matter = "complaint"
	ChildReport       Matter = "child_report"
	Breach            Matter = "breach"
	Contest           Matter = "contest"
	RestrictionReview Matter = "restriction_review"
)

// matters says each matter to the person and at the desk.
var matters = map[Matter]struct{ yours, desk string }{
	Access:            {"your request for a copy of your data", "request for a copy of personal data"},
	Erasure:           {"your request to delete your data", "request to delete personal data"},
	Rectification:     {"your request to correct your data", "request to correct personal data"},
	Restriction:       {"your request to restrict the use of your data", "request to restrict the use of personal data"},
	Portability:       {"your request for your data in a file", "request for personal data in a file"},
	Objection:         {"your objection to the use of your data", "objection to the use of personal data"},
	AutomatedDecision: {"your request to have a person look at a decision", "request to have a person look at a decision"},
	ShineTheLight:     {"your Shine the Light request", "Shine the Light request"},
	Complaint:         {"your complaint", "complaint"},
	ChildReport:       {"your report about a photo of a child", "report about a photo of a child"},
	Breach:            {"a breach of personal data", "breach of personal data"},
	Contest:           {"what you said against a check of your photo", "contest of a check"},
	RestrictionReview: {"the restriction of your photo", "restricted photo to be looked at again"},
}

// AtDesk says the matter to officers; empty for what is none.
func (m Matter) AtDesk() string { return matters[m].desk }

// Matters lists them by name.
func Matters() []Matter { return slices.Sorted(maps.Keys(matters)) }

// Case is what a letter concerns, in words that a person can refer to.
type Case struct {
	Matter    Matter
	Reference string // by which the person and the desk find it: letters, digits and dashes
}

var referencePattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

func (c Case) check() error {
	if _, known := matters[c.Matter]; !known {
		return wrong("its matter is unknown")
	}
	if !referencePattern.MatchString(c.Reference) {
		return wrong("its reference is not made of letters, digits and dashes")
	}
	return nil
}

func (c Case) yours() string { return matters[c.Matter].yours }

// subject begins a letter's subject line, and says which case it is.
func (c Case) subject(words string) string { return words + " (" + c.Reference + ")" }

// secrets is for the letters that have none.
func (Case) secrets() (secret.Pair, time.Time) { return secret.Pair{}, time.Time{} }

// words checks what an officer wrote for the letter.
func words(what, text string) error {
	if got, ok := plaintext.Parse(text, MaxWords); !ok || got == "" {
		return wrong(fmt.Sprintf("%s must be plain text of 1 to %d characters", what, MaxWords))
	}
	return nil
}

func dated(what string, at time.Time) error {
	if at.IsZero() {
		return wrong(what + " is missing")
	}
	return nil
}

func secured(s secret.Pair, until time.Time) error {
	if len(s.Token) < 40 || s.Spoken() == "" {
		return wrong("its secrets are not of our making")
	}
	return dated("the time until which its link works", until)
}
