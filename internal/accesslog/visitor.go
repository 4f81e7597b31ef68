package accesslog

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// VisitorLife is how long a browser keeps its anonymous ID: as long as a photo
// may live.
const VisitorLife = 72 * time.Hour

// NewVisitor returns an anonymous user's ID: random, and said to nobody else.
func NewVisitor() string { return secret.NewName() }

// ParseVisitor accepts only what NewVisitor makes. What else a client sends as
// its ID may be anything and is not kept.
func ParseVisitor(s string) (string, bool) { return s, secret.IsName(s) }
