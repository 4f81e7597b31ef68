package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
)

// migrate prepares both databases and ends. It may run any number of times, and
// in several places at once.
func migrate(ctx context.Context, cfg config.Config, log *slog.Logger) (err error) {
	store, err := storage.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	log.Info("the databases are at this program's version")
	return nil
}
