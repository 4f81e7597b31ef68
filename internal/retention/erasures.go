package retention

import "time"

// JournalLife is how long the journal of erasures is kept: a day longer than the
// longest that a backup of the records is, for it has to outlive every one.
func JournalLife() time.Duration { return Of(Backups).Longest + Day }
