package photo

import "time"

// Outcome is how one claim's work on a photo ended.
type Outcome struct {
	Status Status // Ready, Rejected or Failed
	Reason Reason // why, unless Ready
	Now    time.Time
	// Verdict is that of the report, in one word, for whoever is told of a photo that is
	// Ready.
	Verdict string
	// Analysis: the turn left an analysis.
	Analysis bool
}
