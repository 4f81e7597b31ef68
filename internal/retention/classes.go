package retention

import "time"

// Name names a class. It stands in metrics, statements and the table.
type Name string

// The classes.
const (
	Original        Name = "original"
	Result          Name = "result"
	AnalysisCache   Name = "analysis_cache"
	PhotoRecord     Name = "photo_record"
	QueueEntries    Name = "queue_entries"
	AccessLog       Name = "access_log"
	UsageStatistics Name = "usage_statistics"
	AuditTrail      Name = "audit_trail"
	SupportNotes    Name = "support_notes"
	Complaints      Name = "complaints"
	SubjectRequests Name = "subject_requests"
	Contests        Name = "contests"
	ErasureReceipts Name = "erasure_receipts"
	ErasureJournal  Name = "erasure_journal"
	Backups         Name = "backups"

	OperatorSessions Name = "operator_sessions"
)

// Grounds that several classes share.
const (
	policyWindow = "the policy promises 48 to 72 hours after the last edit, processed or not (Art. 5(1)(e), 6(1)(b) GDPR)"
	proof        = "proof of compliance: dates and outcomes, without the photo (Art. 5(2), 30 GDPR)"
)

// backupLife is the longest that a backup of the records is kept; journalLife has to
// outlive every one.
const (
	backupLife  = 7 * Day
	journalLife = backupLife + Day
)

// Classes returns the whole table.
func Classes() []Class {
	return []Class{
		picture(Original, "uploaded pictures"),
		picture(Result, "finished photos and their reports"),
		picture(AnalysisCache, "landmarks, mattes and pixels around the head, from which edits are made"),
		picture(PhotoRecord, "records of photos"),
		{
			Name: QueueEntries, Holds: "entries of failed tasks, which hold a photo's ID", Anchor: Creation,
			Default: Day, Floor: time.Hour, Longest: 2 * Day, Slack: 12 * time.Hour, Ceiling: PictureCeiling,
			Ground: "they may not outlive the photo by much and never 72 hours (Art. 5(1)(e) GDPR)",
			Purger: "purge_archived",
		}, {
			Name: AccessLog, Holds: "lines of the access log", Anchor: Creation,
			Default: 21 * Day, Floor: Day, Longest: 21 * Day, Slack: 3 * Day, Ceiling: 28 * Day,
			Ground: "the policy promises 1 month at most, and the shortest counts: 28 days less 7 of a backup (Art. 6(1)(f) GDPR, security)",
			Purger: "purge_access_log", Setting: "ACCESS_LOG_DAYS",
		}, {
			Name: UsageStatistics, Holds: "usage statistics without images", Anchor: Creation,
			Default: 90 * Day, Floor: 4 * Day, Longest: 90 * Day, Slack: Day, Ceiling: 92 * Day,
			Ground: "for customer relationship only, if the person speaks to us (Art. 6(1)(f) GDPR)",
			Purger: "purge_statistics", Setting: "STATISTICS_DAYS",
		},
		years(AuditTrail, "the audit trail of operators", Creation, "purge_audit_trail", "AUDIT_YEARS"),
		{
			Name: SupportNotes, Holds: "support notes", Anchor: Closing,
			Default: Year, Floor: 30 * Day, Longest: Year, Slack: 2 * Day, Ceiling: Year + 7*Day,
			Ground: "information received while assisting a person: 12 months after closing (Art. 6(1)(f) GDPR)", Planned: true,
		},
		planned(years(Complaints, "complaints", Closing, "", "")),
		planned(years(SubjectRequests, "requests of data subjects and their answers", Closing, "", "")),
		years(Contests, "contests of checks and their decisions", Closing, "purge_contests", "CONTEST_YEARS"),
		years(ErasureReceipts, "receipts of erasures", Closing, "purge_receipts", "RECEIPT_YEARS"),
		{
			Name: ErasureJournal, Holds: "the journal of erasures: receipts, each under a hash of its photo's ID", Anchor: Closing,
			Default: journalLife, Floor: journalLife, Longest: journalLife, Slack: Day / 2, Ceiling: journalLife + Day,
			Ground: "what a restored backup brings back must be erased again: a day longer than the oldest backup (Art. 17, 5(2) GDPR)",
			Purger: "purge_journal",
		}, {
			Name: OperatorSessions, Holds: "sessions of operators: their names and when they signed in", Anchor: Creation,
			Default: Day / 2, Floor: Day / 2, Longest: Day / 2, Slack: 2 * time.Hour, Ceiling: Day,
			Ground: "nobody stays signed in for longer (Art. 32 GDPR)",
			Purger: "purge_operator_sessions",
		}, {
			Name: Backups, Holds: "backups, which leave out pictures, keys, access log, statistics and sessions", Anchor: Creation,
			Default: backupLife, Floor: Day, Longest: backupLife, Slack: Day / 2, Ceiling: 8 * Day,
			Ground: "what is erased must be gone from copies soon after (Art. 17 GDPR)", Purger: "whoever makes them, by the instructions for backups",
		},
	}
}

// Of returns a class. It panics for a name that is not in the table, which only
// a mistake in this program can bring.
func Of(n Name) Class {
	for _, c := range Classes() {
		if c.Name == n {
			return c
		}
	}
	panic("retention: no class " + string(n))
}

// picture is a class that ends with the photo.
func picture(n Name, holds string) Class {
	return Class{
		Name: n, Holds: holds, Anchor: LastEdit,
		Default: PictureFloor, Floor: PictureFloor, Longest: PictureLongest, Slack: 12 * time.Hour, Ceiling: PictureCeiling,
		Ground: policyWindow, Purger: "expire", Setting: "PICTURE_LIFE",
	}
}

// years is a register that is kept as proof. The daily purger has a week to be
// repaired in.
func years(n Name, holds string, a Anchor, purger, setting string) Class {
	return Class{
		Name: n, Holds: holds, Anchor: a,
		Default: 3 * Year, Floor: Year, Longest: 3 * Year, Slack: 2 * Day, Ceiling: 3*Year + 7*Day,
		Ground: proof, Purger: purger, Setting: setting,
	}
}

func planned(c Class) Class {
	c.Planned = true
	return c
}
