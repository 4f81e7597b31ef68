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
	looks := map[retention.Name]func(context.Context) (time.Time, bool, error){retention.QueueEntries: archive.OldestArchived}
	for class, register := range s.Registers() {
		looks[class] = register.Oldest
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
