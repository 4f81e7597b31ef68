package policy

import (
	"strconv"
	"strings"
)

// Choice is what a person decided about statistics by another site, as their device
// keeps it.
type Choice struct {
	Allowed bool
	Version int // of the policy that it was given to
}

// String is how the choice is kept.
func (c Choice) String() string {
	word := "no"
	if c.Allowed {
		word = "yes"
	}
	return word + "-" + strconv.Itoa(c.Version)
}

// ParseChoice reads what String made; anything else is no choice.
func ParseChoice(s string) (c Choice, ok bool) {
	word, number, _ := strings.Cut(s, "-")
	n, err := strconv.Atoi(number)
	c = Choice{word == "yes", n}
	return c, err == nil && c.String() == s
}

// Holds reports whether the choice still counts under a version of the policy. A no
// does whatever changes; a yes is for what its giver could read.
func (c Choice) Holds(version int) bool { return !c.Allowed || c.Version == version }
