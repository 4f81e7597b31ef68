// Command worker makes the photos that wait in the queue.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
)

const process = config.Worker

// Exit codes.
const (
	ok      = 0
	failed  = 1
	misused = 2 // flags or configuration
)

func main() { os.Exit(run(os.Args[1:])) }

// run does everything but end the process. Only it knows of signals.
func run(args []string) int {
	flags := flag.NewFlagSet(string(process), flag.ContinueOnError)
	flags.Usage = func() { _ = config.Help(flags.Output(), process) }
	flags.SetOutput(os.Stdout)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return ok
		}
		return misused
	}
	cfg, err := config.Load(process, environment())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return misused
	}
	log := logging.New(logging.Options{
		Out: os.Stdout, Level: cfg.LogLevel, JSON: cfg.Environment == config.Production, Process: string(process),
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "%s takes no arguments; its settings come from the environment, see -help\n", process)
		return misused
	}
	if err := serve(ctx, cfg, log); err != nil {
		log.Error("stopped", "error", err)
		return failed
	}
	return ok
}

func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	app, err := New(ctx, cfg, Surroundings{Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	return errors.Join(app.Run(ctx), app.Close())
}

func environment() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return env
}
