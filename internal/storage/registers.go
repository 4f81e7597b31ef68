package storage

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Register keeps the things of one retention class, each for its period.
type Register interface {
	// Purge deletes at most limit things whose anchor is the cutoff or earlier.
	Purge(ctx context.Context, cutoff time.Time, limit int) (int, error)
	// Oldest is the earliest anchor; false if there is none.
	Oldest(ctx context.Context) (time.Time, bool, error)
}

// Registers are those of all classes that are purged by age. What ends with a photo
// and what lies in the queue is not among them.
func (s *Storage) Registers() map[retention.Name]Register {
	return map[retention.Name]Register{
		retention.AccessLog:        s.AccessLog,
		retention.UsageStatistics:  s.Statistics,
		retention.AuditTrail:       s.Audit,
		retention.Contests:         s.Contests,
		retention.SubjectRequests:  s.Requests,
		retention.Letters:          s.Letters,
		retention.ChildReports:     s.ChildReports,
		retention.Answers:          s.Archives,
		retention.Reminders:        s.Reminders,
		retention.ErasureReceipts:  s.Receipts,
		retention.ErasureJournal:   s.Journal,
		retention.OperatorSessions: s.OperatorSessions,
		retention.Breaches:         s.Breaches,
		retention.Disclosures:      s.Disclosures,
		retention.Complaints:       s.Complaints,
		retention.SupportNotes:     s.SupportNotes,
		retention.APIClients:       s.APIClients,
		retention.WebhookNotices:   s.Webhooks,
	}
}
