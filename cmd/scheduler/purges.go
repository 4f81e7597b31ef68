package main

import (
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
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
	jobs = append(jobs, scheduler.PurgeArchived(archive, failed, m), scheduler.RollUp(store.Statistics, used))
	for class, register := range store.Registers() {
		kept, err := cfg.Kept(class)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, scheduler.Purge(register, kept, m))
	}
	return jobs, nil
}

// ages are the classes whose oldest item is watched.
func ages(g *proof.Gatherer) (watched []metrics.Aged) {
	for _, w := range g.Classes {
		if w.Oldest != nil {
			watched = append(watched, metrics.Aged{Class: string(w.Kept.Class().Name), Alert: w.Kept.Alert(), Oldest: w.Oldest})
		}
	}
	return watched
}
