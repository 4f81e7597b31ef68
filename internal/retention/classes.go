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
	Letters         Name = "letters"
	ChildReports    Name = "child_reports"
	Answers         Name = "answers"
	ErasureReceipts Name = "erasure_receipts"
	ErasureJournal  Name = "erasure_journal"
	Backups         Name = "backups"

	OperatorSessions Name = "operator_sessions"

	Breaches    Name = "breaches"
	Disclosures Name = "disclosures"
	Reminders   Name = "reminders"

	APIClients     Name = "api_clients"
	WebhookNotices Name = "webhook_notices"
)

// What several classes share.
const (
	policyWindow = "the policy promises 48 to 72 hours after the last edit, processed or not"
	proof        = "proof of compliance: dates and outcomes, without the photo"

	asked      = "what you ask for, Art. 6(1)(b) and 5(1)(e) GDPR"
	interest   = "legitimate interest, Art. 6(1)(f) GDPR"
	obligation = "legal obligation, Art. 6(1)(c) with 5(2) and 30 GDPR"
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
		picture(Original, "uploaded pictures", "to make your photo"),
		picture(Result, "finished photos and their reports", "to give you your photo"),
		picture(AnalysisCache, "points of the face, the outline of the head and pixels around it, from which edits are made", "to place the photo and to edit it at once, as you agree before the upload"),
		picture(PhotoRecord, "records of photos", "to make your photo, and to show that you agreed"),
		{
			Name: QueueEntries, Holds: "entries of failed tasks, which hold a photo's ID", Anchor: Creation,
			Default: Day, Floor: time.Hour, Longest: 2 * Day, Slack: 12 * time.Hour, Ceiling: PictureCeiling,
			Purpose: "to make your photo, and to find out what went wrong with it", Basis: asked,
			Ground: "they may not outlive the photo by much and never 72 hours",
			Purger: "purge_archived",
		}, {
			Name: AccessLog, Holds: "lines of the access log", Anchor: Creation,
			Default: 21 * Day, Floor: Day, Longest: 21 * Day, Slack: 3 * Day, Ceiling: 28 * Day,
			Purpose: "to keep the service secure, to help with technical trouble and to improve it", Basis: interest,
			Ground: "the policy promises 1 month at most, and the shortest counts: 28 days less 7 of a backup",
			Purger: "purge_access_log", Setting: "ACCESS_LOG_DAYS",
		}, {
			Name: UsageStatistics, Holds: "usage statistics without images", Anchor: Creation,
			Default: 90 * Day, Floor: 4 * Day, Longest: 90 * Day, Slack: Day, Ceiling: 92 * Day,
			Purpose: "to help you if you speak to us about a photo", Basis: interest,
			Ground: "for customer relationship only, if the person speaks to us",
			Purger: "purge_statistics", Setting: "STATISTICS_DAYS",
		},
		years(AuditTrail, "entries of the audit trail of operators", Creation, "purge_audit_trail", "AUDIT_YEARS"),
		{
			Name: SupportNotes, Holds: "support notes", Anchor: Closing,
			Default: Year, Floor: 30 * Day, Longest: Year, Slack: 2 * Day, Ceiling: Year + 7*Day,
			Purpose: "to help you, and to know what was said when you come back", Basis: interest,
			Ground: "information received while assisting a person: 12 months after closing", Purger: "purge_support_notes",
		},
		years(Complaints, "complaints: dates, outcomes and what the checks said, without the photo", Closing, "purge_complaints", ""),
		years(SubjectRequests, "requests of data subjects: dates and outcomes", Closing, "purge_subject_requests", "SUBJECT_REQUEST_YEARS"),
		years(ChildReports, "reports about children: dates and outcomes", Closing, "purge_child_reports", ""),
		years(Contests, "contests of checks and their decisions", Closing, "purge_contests", "CONTEST_YEARS"),
		{
			Name: Letters, Holds: "letters that were mailed, with the address and without the links' secrets", Anchor: Closing,
			Default: 30 * Day, Floor: Day, Longest: 30 * Day, Slack: Day, Ceiling: 32 * Day,
			Ground:  "who answers a request must see what was written; what was sent and when stays with the request",
			Purpose: "to see what was written to you when you ask about it", Basis: obligation,
			Purger: "purge_letters",
		},
		{
			Name: Answers, Holds: "archives by which requests for access and portability are answered, sealed and without pictures", Anchor: Creation,
			Default: 14 * Day, Floor: 14 * Day, Longest: 14 * Day, Slack: Day, Ceiling: 16 * Day,
			Purpose: "to give you what you asked for", Basis: "legal obligation, Art. 6(1)(c) with 15 and 20 GDPR",
			Ground: "an answer can be read for 14 days; pictures are never copied into it",
			Purger: "purge_answers",
		}, {
			Name: Reminders, Holds: "notes of which requests and the like an officer was reminded of, by their IDs", Anchor: Creation,
			Default: 30 * Day, Floor: 14 * Day, Longest: 30 * Day, Slack: Day, Ceiling: 32 * Day,
			Purpose: "to answer you in time", Basis: obligation,
			Ground: "nobody is reminded twice of the same: no reminder is further from the next than some days",
			Purger: "purge_reminders",
		},
		years(ErasureReceipts, "receipts of erasures", Closing, "purge_receipts", "RECEIPT_YEARS"),
		{
			Name: ErasureJournal, Holds: "entries of the journal of erasures: receipts, each under a hash of its photo's ID", Anchor: Closing,
			Default: journalLife, Floor: journalLife, Longest: journalLife, Slack: Day / 2, Ceiling: journalLife + Day,
			Purpose: "to erase again what a restored backup brings back", Basis: "legal obligation, Art. 6(1)(c) with 17 and 5(2) GDPR",
			Ground: "what a restored backup brings back must be erased again: a day longer than the oldest backup",
			Purger: "purge_journal",
		}, {
			Name: OperatorSessions, Holds: "sessions of operators: their names and when they signed in", Anchor: Creation,
			Default: Day / 2, Floor: Day / 2, Longest: Day / 2, Slack: 2 * time.Hour, Ceiling: Day,
			Purpose: "to know who looks at what is yours", Basis: "legitimate interest, Art. 6(1)(f), and 32 GDPR",
			Ground: "nobody stays signed in for longer",
			Purger: "purge_operator_sessions",
		},
		years(Breaches, "entries of the register of breaches of personal data", Closing, "purge_breaches", ""),
		// Asked for in the year after it, and answered up to 150 days later.
		atLeast(2*Year, years(Disclosures, "entries of the register of what third parties got for their direct marketing, normally none", YearEnd, "purge_disclosures", "")),
		{
			Name: APIClients, Holds: "entries of organisations that used the API with a key, after the key was revoked; and how many photos each sent on a day", Anchor: Closing,
			Default: Year, Floor: 30 * Day, Longest: Year, Slack: 2 * Day, Ceiling: Year + 7*Day,
			Purpose: "to know whose key it was", Basis: interest,
			Ground: "what was sent with a key that was stolen or misused can be asked about for a year; of a photo only its organisation is kept, and that ends with the photo",
			Purger: "purge_api_clients",
		}, {
			Name: WebhookNotices, Holds: "notices to organisations about the photos that they sent with a key: the photo's ID while there is the photo, and how it ended", Anchor: Closing,
			Default: 3 * Day, Floor: Day, Longest: 3 * Day, Slack: Day / 2, Ceiling: 4 * Day,
			Purpose: "to tell who sent your photo how it stands, and that it was erased", Basis: "what you ask for, Art. 6(1)(b), and 19 GDPR",
			Ground: "a notice is tried for a day, and whether it arrived is asked about for some days more; only that of the erasure has the ID of a photo that is gone, until it is delivered or a day is over",
			Purger: "purge_webhook_notices",
		},
		{
			Name: Backups, Holds: "backups, which leave out pictures, keys, access log, statistics and sessions", Anchor: Creation,
			Default: backupLife, Floor: Day, Longest: backupLife, Slack: Day / 2, Ceiling: 8 * Day,
			Purpose: "to bring the service back after a loss", Basis: "legitimate interest, Art. 6(1)(f), and 17 and 32 GDPR",
			Ground: "what is erased must be gone from copies soon after", Purger: "whoever makes them, by the instructions for backups",
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
func picture(n Name, holds, purpose string) Class {
	return Class{
		Name: n, Holds: holds, Anchor: LastEdit,
		Default: PictureFloor, Floor: PictureFloor, Longest: PictureLongest, Slack: 12 * time.Hour, Ceiling: PictureCeiling,
		Purpose: purpose, Basis: asked, Ground: policyWindow, Purger: "expire", Setting: "PICTURE_LIFE",
	}
}

// years is a register that is kept as proof. The daily purger has a week to be
// repaired in.
func years(n Name, holds string, a Anchor, purger, setting string) Class {
	return Class{
		Name: n, Holds: holds, Anchor: a,
		Default: 3 * Year, Floor: Year, Longest: 3 * Year, Slack: 2 * Day, Ceiling: 3*Year + 7*Day,
		Purpose: "to prove that we keep the law", Basis: obligation, Ground: proof, Purger: purger, Setting: setting,
	}
}

// atLeast raises the floor of a class.
func atLeast(floor time.Duration, c Class) Class {
	c.Floor = floor
	return c
}
