// Package operator is who may use the pages under /ops: a few people with a name,
// a role and a password, listed in the configuration, who each set up an
// authenticator for a second, changing code.
//
// The Door tells who knocks. It gives nothing away to those who guess: an unknown
// name costs the same work as a known one, a wrong code is answered like a wrong
// password, and too many wrong ones close the door for a while. Behind it the Gate
// keeps sessions, in which an operator need not knock again. Whatever is kept of an
// operator carries the Stamp of the entry that it was given for, so that a new
// entry ends sessions and authenticator of the former one.
package operator

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Role is what an operator may do.
type Role string

// The roles.
const (
	Officer Role = "officer" // decides, and looks at photos with permission
	Viewer  Role = "viewer"  // reads
)

// Operator is a person who runs the service.
type Operator struct {
	Name string
	Role Role
}

// Decides reports whether the operator may change anything.
func (o Operator) Decides() bool { return o.Role == Officer }

// List is the configured operators with the hashes of their passwords.
type List struct{ entries []entry }

type entry struct {
	Operator
	hash hash
}

// Stamp tells an operator's entry from a former one of the same name.
type Stamp [sha256.Size]byte

func (e entry) stamp() Stamp { return sha256.Sum256([]byte(e.String())) }

// String writes the entry as parseEntry reads it.
func (e entry) String() string { return e.Name + ":" + string(e.Role) + ":" + e.hash.String() }

func (l List) find(name string) (entry, bool) {
	for _, e := range l.entries {
		if e.Name == name {
			return e, true
		}
	}
	return entry{}, false
}

// Names stand in the audit trail and between colons.
var namePattern = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,31}$`)

// Parse reads entries separated by spaces, each NAME:ROLE:HASH as Entry makes
// them. Errors count the entries and repeat nothing of them, because hashes are
// not for logs.
func Parse(s string) (List, error) {
	var l List
	for i, field := range strings.Fields(s) {
		e, err := parseEntry(field)
		if err == nil {
			err = l.add(e)
		}
		if err != nil {
			return List{}, fmt.Errorf("entry %d %w", i+1, err)
		}
	}
	return l, nil
}

// Errors of an entry, which complete the sentence "entry 2 ...".
var (
	errShape = errors.New("is not of the form NAME:ROLE:HASH")
	errName  = errors.New("has a name that is not 1 to 32 lower-case letters, digits, dots, dashes and underscores, beginning with a letter")
	errRole  = errors.New("has a role that is neither officer nor viewer")
	errTwice = errors.New("has the name of an earlier entry")
	errMixed = errors.New("was made with other parameters than the first: make all entries anew with this version")
)

func parseEntry(s string) (entry, error) {
	parts := strings.SplitN(s, ":", 3)
	if len(parts) != 3 {
		return entry{}, errShape
	}
	o, err := newOperator(parts[0], parts[1])
	if err != nil {
		return entry{}, err
	}
	h, err := parseHash(parts[2])
	return entry{o, h}, err
}

func newOperator(name, role string) (Operator, error) {
	if !namePattern.MatchString(name) {
		return Operator{}, errName
	}
	if r := Role(role); r != Officer && r != Viewer {
		return Operator{}, errRole
	}
	return Operator{name, Role(role)}, nil
}

// add refuses entries that take other work than the first: the time of an answer
// would then tell which names there are.
func (l *List) add(e entry) error {
	if _, taken := l.find(e.Name); taken {
		return errTwice
	}
	if len(l.entries) > 0 && l.entries[0].hash.work != e.hash.work {
		return errMixed
	}
	l.entries = append(l.entries, e)
	return nil
}

// MinPassword is the shortest password, in bytes.
const MinPassword = 12

// maxPassword bounds the work on what a stranger sends.
const maxPassword = 200

// ErrPassword says that a password is too short or too long.
var ErrPassword = fmt.Errorf("a password has %d to %d bytes", MinPassword, maxPassword)

// Entry returns what stands for the operator in the configuration.
func Entry(name, role, password string) (string, error) {
	o, err := newOperator(name, role)
	if err != nil {
		return "", fmt.Errorf("the entry %w", err)
	}
	if len(password) < MinPassword || len(password) > maxPassword {
		return "", ErrPassword
	}
	return entry{o, newHash(password)}.String(), nil
}
