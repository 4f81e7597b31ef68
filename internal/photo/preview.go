package photo

import "github.com/passportphotogenie/passportphotogenie/internal/secret"

// Preview is a small picture on which somebody wants to know, before sending the
// real one, whether it will do. It is looked at once and never kept: it has no
// record, no key and no blob.
type Preview struct {
	Order   Order
	Format  Format
	Picture []byte // the file
}

// PreviewID names a preview as long as somebody waits for what it shows. It is
// random and opens nothing.
type PreviewID string

// What a preview's picture may be at most: enough for everything that can be said
// before there is a photo, and little enough to be passed around.
const (
	MaxPreviewBytes = 512 << 10
	MaxPreviewSide  = 640 // px, of the longer side
)

// NewPreviewID returns a fresh ID of 128 random bits.
func NewPreviewID() PreviewID { return PreviewID(secret.NewName()) }

// ParsePreviewID accepts only what NewPreviewID makes.
func ParsePreviewID(s string) (PreviewID, bool) {
	return PreviewID(s), secret.IsName(s)
}
