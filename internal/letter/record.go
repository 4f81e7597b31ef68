package letter

import "time"

// Record is a letter with what has become of it so far, as an officer sees it: it has
// no secrets.
type Record struct {
	Letter
	State  State
	Reason Reason // why the last try failed; empty if none did, or it was sent
	Tries  int
	Next   time.Time // when it is tried next; zero if it is not
	Closed time.Time // when it was sent or given up; zero while it waits
}
