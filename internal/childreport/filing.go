package childreport

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// MaxWords is the longest that words may be, in characters; MaxPhoto that of what
// names the photo.
const (
	MaxWords = 5000
	MaxPhoto = 500
)

// Filing is what somebody hands in.
type Filing struct {
	Photo  string // a link to the photo, its ID, or the reference of its statistics
	Ground string
	Words  string
	Email  string // may be empty
	Now    time.Time
}

// Keys are shown once, and only their hashes are kept.
type Keys struct {
	Own  secret.Key  // of whoever reports, who reads state and answer with it
	Link secret.Pair // goes into the letter that asks to confirm the address
}

// FieldError says what is wrong with one field of a filing or a decision, in words to
// whoever filled it in.
type FieldError struct{ Field, Detail string }

// Error names the field and repeats nothing of what it held.
func (e FieldError) Error() string { return e.Field + ": " + e.Detail }

// New returns the report, the word that names its photo, and its keys. A FieldError, or
// several joined, says what is wrong with the filing.
func New(f Filing) (Change, string, Keys, error) {
	name, named := Named(f.Photo)
	words, plain := plaintext.Parse(f.Words, MaxWords)
	var to email.Address
	var errs []error
	if !named {
		errs = append(errs, FieldError{"photo", "Give the link to the photo's page, or the reference that its owner told you. We can't find a photo by anything else."})
	}
	if !slices.Contains(Grounds(), Ground(f.Ground)) {
		errs = append(errs, FieldError{"ground", "Choose what is wrong. That a photo shows a child is allowed: parents upload photos of their babies for their documents. Tell us if a child under 13 uploaded it, or if you are the child's parent or guardian and nobody who may act for the child agreed."})
	}
	switch {
	case !plain:
		errs = append(errs, FieldError{"words", "Write plain text of at most 5000 characters, without control characters."})
	case words == "":
		errs = append(errs, FieldError{"words", "Say in a sentence how you know. A person has to decide by it."})
	}
	if f.Email != "" {
		var err error
		if to, err = email.Parse(f.Email); err != nil {
			errs = append(errs, FieldError{"email", "This is not an e-mail address. Write just the address, or leave it empty."})
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Change{}, "", Keys{}, err
	}
	keys := Keys{Own: secret.NewKey()}
	r := Report{
		ID: NewID(), KeyHash: keys.Own.Hash(), Version: 1, State: Received, Ground: Ground(f.Ground), Words: words, Email: to,
		FiledAt: f.Now, DueAt: subjectrequest.ChildReportDue(f.Now),
	}
	if to != (email.Address{}) {
		keys.Link = secret.NewPair()
		r.Link = Link{Hash: keys.Link.Hashes(), Until: f.Now.Add(LinkLife)}
	}
	return r.change(File, audit.Person, f.Now), name, keys, nil
}

// Fields returns what is wrong with a filing or a decision, by field; empty for an
// error of another kind.
func Fields(err error) (fields []FieldError) {
	var one FieldError
	switch several, ok := err.(interface{ Unwrap() []error }); {
	case ok:
		for _, e := range several.Unwrap() {
			fields = append(fields, Fields(e)...)
		}
	case errors.As(err, &one):
		fields = append(fields, one)
	}
	return fields
}

// Named finds the name in what was given as a photo: a link to the photo's page or to
// one of its addresses in the API, the bare ID, or the reference of its statistics. IDs
// and references look alike; which it is the records tell.
func Named(given string) (string, bool) {
	given = strings.TrimSpace(given)
	if len(given) > MaxPhoto {
		return "", false
	}
	if secret.IsName(given) {
		return given, true
	}
	at, err := url.Parse(given)
	if err != nil {
		return "", false
	}
	parts := strings.Split(at.Path, "/")
	for i, part := range parts[:len(parts)-1] {
		if part == "photos" && secret.IsName(parts[i+1]) {
			return parts[i+1], true
		}
	}
	return "", false
}
