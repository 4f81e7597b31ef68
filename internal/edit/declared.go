package edit

import "fmt"

// Declared is what the person says of the picture where nothing can be measured. It
// is asked for only as far as a document needs it.
type Declared struct {
	Glasses      Answer `json:"glasses_present,omitempty"`
	Hair         Answer `json:"hair_over_eyes,omitempty"`
	HeadCovering Answer `json:"no_head_coverings,omitempty"`
	Age          Answer `json:"photo_age,omitempty"`
}

// Answer is one answer; Unanswered takes one back.
type Answer string

// The answers. Exception means: worn, and allowed by an exception of this office.
// Its reason is nobody's business and is never asked.
const (
	Unanswered Answer = ""
	Met        Answer = "met"
	NotMet     Answer = "not_met"
	Exception  Answer = "exception"
)

// unanswered is how Unanswered is asked for by name.
const unanswered = "unanswered"

// ParseAnswer reads what a client sent.
func ParseAnswer(s string) (Answer, error) {
	switch a := Answer(s); a {
	case Met, NotMet, Exception:
		return a, nil
	}
	if s == unanswered {
		return Unanswered, nil
	}
	return "", InvalidError{"declared", fmt.Sprintf("must be %q, %q, %q or %q", Met, NotMet, Exception, unanswered)}
}

// String names the answer, also the one that was not given.
func (a Answer) String() string {
	if a == Unanswered {
		return unanswered
	}
	return string(a)
}
