package main

import (
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
)

// purges are the jobs that keep each class to its configured period; pictures
// have one of their own.
func purges(cfg config.Config, store *storage.Storage, archive scheduler.Archive, m scheduler.PurgeMeter) (jobs []scheduler.Job, err error) {
	failed, err := cfg.Kept(retention.QueueEntries)
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, scheduler.PurgeArchived(archive, failed))
	for class, purger := range map[retention.Name]scheduler.Purger{
		retention.AuditTrail:      store.Audit,
		retention.Contests:        store.Contests,
		retention.ErasureReceipts: store.Receipts,
	} {
		kept, err := cfg.Kept(class)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, scheduler.Purge(purger, kept, m))
	}
	return jobs, nil
}
