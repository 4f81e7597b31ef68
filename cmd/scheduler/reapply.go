package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/ops"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// reapply erases again, in a database of records that was restored from a backup,
// what was erased since, and ends. It may run any number of times.
func reapply(ctx context.Context, cfg config.Config, log *slog.Logger) (err error) {
	store, err := storage.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	signer, err := storage.Signer(cfg)
	if err != nil {
		return err
	}
	redis, err := tasks.ParseRedis(cfg.RedisURL)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	queue := tasks.NewQueue(redis)
	defer func() { err = errors.Join(err, queue.Close()) }()
	catalogue, err := docspec.Load()
	if err != nil {
		return err
	}
	figures := metrics.New(string(process), ops.Version())
	means := store.Erasure(signer, queue, statistics.NewRecorder(statistics.Options{
		Store: store.Statistics, Catalogue: catalogue, Meter: figures.NewStatistics(), Log: log, Now: time.Now,
	}))
	means.Meter, means.Log, means.Now = figures.NewErasures(), log, time.Now
	done, err := store.Reapplier(erasure.New(means)).Reapply(ctx)
	log.Info("photos erased again", "count", done.Erased)
	log.Info("photos kept", "count", done.Kept)
	log.Info("receipts that the database has again", "count", done.Receipts)
	return err
}
