// Command scheduler runs the timetable: it finds photos that were left behind and
// erases those whose time is over. `scheduler migrate` prepares the databases,
// `scheduler rotate-master-key` wraps the photos' keys by a new master key, and
// `scheduler reapply-erasures` makes a restored database forget what was erased since
// its backup.
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

const process = config.Scheduler

func main() {
	os.Exit(command.Command{
		Process: process,
		Serve:   serve,
		Usage: "scheduler runs the timetable; scheduler migrate prepares the databases and ends;\n" +
			"scheduler rotate-master-key changes the master key, see its -help;\n" +
			"scheduler reapply-erasures makes a restored database forget what was erased since its backup, and ends.\n\n",
		Actions: map[string]command.Action{"migrate": migrate, "reapply-erasures": reapply},
		Verbs:   map[string]command.Verb{"rotate-master-key": rotateMasterKey},
	}.Run(os.Args[1:]))
}

func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	app, err := New(ctx, cfg, Surroundings{Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	return errors.Join(app.Run(ctx), app.Close())
}
