// Command api serves the pages and the JSON API, takes uploads in and tells the
// queue of them.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

const process = config.API

const usage = `Usage: bin/api                            serves
       bin/api hash-password NAME ROLE    reads a password from its input, prints an entry for OPERATORS

`

func main() {
	os.Exit(command.Command{
		Process: process,
		Usage:   usage,
		Serve:   serve,
		Tools:   map[string]command.Tool{"hash-password": hashPassword},
	}.Run(os.Args[1:]))
}

func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	app, err := New(ctx, cfg, Surroundings{Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	return errors.Join(app.Run(ctx), app.Close())
}
