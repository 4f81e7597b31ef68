package storage

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Archive tells when the entry that failed first and is still in the queue did.
type Archive interface {
	OldestArchived(ctx context.Context) (time.Time, bool, error)
}

// Gatherer gathers the evidence of every class of the retention table.
func (s *Storage) Gatherer(cfg config.Config, archive Archive) (*proof.Gatherer, error) {
	looks := map[retention.Name]func(context.Context) (time.Time, bool, error){
		retention.QueueEntries:    archive.OldestArchived,
		retention.AccessLog:       s.AccessLog.Oldest,
		retention.UsageStatistics: s.Statistics.Oldest,
		retention.AuditTrail:      s.Audit.Oldest,
		retention.Contests:        s.Contests.Oldest,
		retention.SubjectRequests: s.Requests.Oldest,
		retention.Letters:         s.Letters.Oldest,
		retention.ErasureReceipts: s.Receipts.Oldest,
		retention.ErasureJournal:  s.Journal.Oldest,

		retention.OperatorSessions: s.OperatorSessions.Oldest,
	}
	// These end with the photo.
	for _, n := range []retention.Name{retention.Original, retention.Result, retention.AnalysisCache, retention.PhotoRecord} {
		looks[n] = s.Photos.OldestEdit
	}
	var watched []proof.Watched
	for _, class := range retention.Classes() {
		kept, err := cfg.Kept(class.Name)
		if err != nil {
			return nil, err
		}
		watched = append(watched, proof.Watched{Kept: kept, Oldest: looks[class.Name]})
	}
	return proof.New(proof.Sources{Classes: watched, Ledger: s.Ledger, Erasures: s.Receipts, Restrictions: s.Restrictions}), nil
}
