package main

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
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
	used, err := cfg.Kept(retention.UsageStatistics)
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, scheduler.PurgeArchived(archive, failed), scheduler.RollUp(store.Statistics, used))
	for class, purger := range map[retention.Name]scheduler.Purger{
		retention.AccessLog:       store.AccessLog,
		retention.UsageStatistics: store.Statistics,
		retention.AuditTrail:      store.Audit,
		retention.Contests:        store.Contests,
		retention.ErasureReceipts: store.Receipts,
		retention.ErasureJournal:  store.Journal,
	} {
		kept, err := cfg.Kept(class)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, scheduler.Purge(purger, kept, m))
	}
	return jobs, nil
}

// ages are the classes whose oldest item is watched.
func ages(cfg config.Config, store *storage.Storage) (watched []metrics.Aged, err error) {
	for class, oldest := range map[retention.Name]func(context.Context) (time.Time, bool, error){
		retention.Original:        store.Photos.OldestEdit,
		retention.AccessLog:       store.AccessLog.Oldest,
		retention.UsageStatistics: store.Statistics.Oldest,
	} {
		kept, err := cfg.Kept(class)
		if err != nil {
			return nil, err
		}
		watched = append(watched, metrics.Aged{Class: string(class), Alert: kept.Alert(), Oldest: oldest})
	}
	return watched, nil
}
