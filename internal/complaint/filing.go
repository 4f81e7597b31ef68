package complaint

import (
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// MaxWords is the longest that words of a person or an officer may be, in characters.
const MaxWords = 5000

// Filing is what a person hands in.
type Filing struct {
	Words     string
	Email     string      // may be empty
	Reference string      // of usage statistics; may be empty
	Photo     photo.Photo // whose key was shown; zero without one
	Report    []byte      // the photo's report as it is stored; nil without one
	Now       time.Time
	DueAt     time.Time // the end of the last day for the answer
}

// Keys are shown once, and only their hashes are kept.
type Keys struct {
	Own  secret.Key  // the person's, who reads state and answer with it
	Link secret.Pair // goes into the letter that asks to confirm the address; zero without one
}

// The fields of a filing, as a register.FieldError names them.
const (
	WordsField     = "words"
	EmailField     = "email"
	ReferenceField = "reference"
)

// New returns the complaint as a change to be kept, and its keys. A
// register.FieldError says what is wrong with the filing, or the report can't be read.
func New(f Filing) (Change, Keys, error) {
	words, err := told(f.Words)
	if err != nil {
		return Change{}, Keys{}, err
	}
	keys := Keys{Own: secret.NewKey()}
	c := Complaint{
		ID: NewID(), KeyHash: keys.Own.Hash(), State: Received, FiledAt: f.Now, DueAt: f.DueAt, Words: words,
		Photo: Photo{f.Photo.ID, f.Photo.ExpiresAt},
	}
	if f.Email != "" {
		if c.Email, err = email.Parse(f.Email); err != nil {
			return Change{}, Keys{}, register.FieldError{Field: EmailField, Detail: "is not one that we can write to"}
		}
		keys.Link = secret.NewPair()
		c.Link = Link{Hash: keys.Link.Hashes(), Until: f.Now.Add(LinkLife)}
	}
	if f.Reference != "" {
		reference, valid := statistics.ParseReference(f.Reference)
		if !valid {
			return Change{}, Keys{}, register.FieldError{Field: ReferenceField, Detail: "is none of ours: it has 26 small letters and digits and stands on the photo's page"}
		}
		c.Reference = reference
	}
	if c.About, err = aboutPhoto(f); err != nil {
		return Change{}, Keys{}, err
	}
	return c.change(File, By{audit.Person, f.Now}), keys, nil
}

func aboutPhoto(f Filing) (a About, err error) {
	if f.Photo.ID == "" {
		return About{}, nil
	}
	a = About{Document: f.Photo.Document, Revision: f.Photo.Revision, Status: f.Photo.Status, Reason: f.Photo.Reason}
	if f.Report != nil {
		a.Verdict, a.Checks, err = contest.Outcomes(f.Report)
	}
	return a, err
}

// told reads words that may not be missing.
func told(text string) (string, error) {
	words, ok := plaintext.Parse(text, MaxWords)
	switch {
	case !ok:
		return "", register.FieldError{Field: WordsField, Detail: fmt.Sprintf("must be plain text of at most %d characters", MaxWords)}
	case words == "":
		return "", register.FieldError{Field: WordsField, Detail: "is missing"}
	}
	return words, nil
}
