// Package retention says how long things are kept. The privacy policy promises
// that a picture stays 48 to 72 hours after its last edit and is then deleted;
// this package turns that promise into dates, as pure functions of the time.
package retention

import (
	"fmt"
	"time"
)

// The policy's window: nothing is deleted before PictureFloor, everything is
// gone before PictureCeiling. PictureLongest leaves the sweep an hour.
const (
	PictureFloor   = 48 * time.Hour
	PictureLongest = 71 * time.Hour
	PictureCeiling = 72 * time.Hour
)

// ReceivingLimit is how long an upload may stay unfinished before its row and
// whatever was stored of it are removed.
const ReceivingLimit = 15 * time.Minute

// PictureLife is the configured time a picture is kept after its last edit.
type PictureLife time.Duration

// NewPictureLife checks a configured life against the policy. Only a developer's
// machine may go below the floor, so that expiry can be watched in seconds.
func NewPictureLife(d time.Duration, development bool) (PictureLife, error) {
	if d > PictureLongest {
		return 0, fmt.Errorf("a picture's life of %s is longer than %s: the privacy policy's 72 hours could not be kept", d, PictureLongest)
	}
	if d < PictureFloor && !development {
		return 0, fmt.Errorf("a picture's life of %s is shorter than the %s that the privacy policy promises", d, PictureFloor)
	}
	if d <= 0 {
		return 0, fmt.Errorf("a picture's life of %s is not a time", d)
	}
	return PictureLife(d), nil
}

// ExpiresAt is when a picture last edited at lastEdit is due for erasure.
func (l PictureLife) ExpiresAt(lastEdit time.Time) time.Time {
	return lastEdit.Add(time.Duration(l))
}
