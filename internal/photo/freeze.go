package photo

import "errors"

// ErrFrozen says that somebody reported that the photo is of a child without permission, and a
// person looks at that; nothing may be done with the photo meanwhile but erasing it.
var ErrFrozen = errors.New("the photo is frozen")

// Frozen reports whether a report about a child stops the photo. Unlike that of a
// restricted photo its time goes on.
func (p Photo) Frozen() bool { return !p.FrozenAt.IsZero() }

// Stopped says why nothing may be done with the photo: ErrFrozen, ErrRestricted, or
// nil when everything may. A freeze goes first, because no word of the owner's lifts it.
func (p Photo) Stopped() error {
	switch {
	case p.Frozen():
		return ErrFrozen
	case p.Restricted():
		return ErrRestricted
	}
	return nil
}
