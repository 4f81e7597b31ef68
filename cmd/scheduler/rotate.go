package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
)

const rotateHelp = `scheduler rotate-master-key wraps the photos' keys, which are under a master key
of OLD_MASTER_KEY_URLS, by that of MASTER_KEY_URL, and so it seals the secrets of
the operators' authenticators and the keys of people's archives. Pictures are not
touched, and everything else may run meanwhile, with both settings. It may be broken off and
begun again at any time.

`

// rotateMasterKey is the command of that name.
func rotateMasterKey(args []string) (command.Action, error) {
	flags := flag.NewFlagSet("rotate-master-key", flag.ContinueOnError)
	flags.SetOutput(os.Stdout)
	flags.Usage = func() {
		_, _ = io.WriteString(flags.Output(), rotateHelp)
		flags.PrintDefaults()
	}
	check := flags.Bool("check", false, "change nothing, say how many keys are still under an old master key, and fail if there are any")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, errors.New("rotate-master-key takes no arguments; its settings come from the environment")
	}
	return func(ctx context.Context, cfg config.Config, _ *slog.Logger) (err error) {
		store, err := storage.Open(ctx, cfg)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		if *check {
			return checkKeys(ctx, store, os.Stdout)
		}
		terminal := isatty.IsTerminal(os.Stdout.Fd())
		return rotateKeys(ctx, store, &bar{out: os.Stdout, terminal: terminal})
	}, nil
}

func rotateKeys(ctx context.Context, store *storage.Storage, b *bar) error {
	left, err := store.Keys.Left(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(b.out, "%d keys are to be wrapped anew\n", left)
	b.of = left
	r, err := store.Keys.Rotate(ctx, b.show)
	_, _ = fmt.Fprintf(b.out, "%d keys wrapped anew\n", r.Wrapped)
	if err != nil {
		return err
	}
	if r.Refused > 0 {
		return fmt.Errorf("%d keys could not be: no configured master key opens them, or a store failed; run it again, and remove no master key", r.Refused)
	}
	sealed := 0
	for _, s := range store.Sealed() {
		n, err := store.Master.Reseal(ctx, s)
		if err != nil {
			return err
		}
		sealed += n
	}
	_, _ = fmt.Fprintf(b.out, "%d other secrets sealed anew\n", sealed)
	return checkKeys(ctx, store, b.out)
}

// errOld makes the command fail, for scripts.
var errOld = errors.New("keys are left under an old master key: run scheduler rotate-master-key once all processes have the new one")

func checkKeys(ctx context.Context, store *storage.Storage, out io.Writer) error {
	left, err := store.Keys.Left(ctx)
	if err != nil {
		return err
	}
	for _, s := range store.Sealed() {
		n, err := store.Master.Stale(ctx, s)
		if err != nil {
			return err
		}
		left += n
	}
	_, _ = fmt.Fprintf(out, "%d keys are still under an old master key\n", left)
	if left > 0 {
		return errOld
	}
	_, _ = fmt.Fprintln(out, "The old master key may be removed, once every process runs with the new MASTER_KEY_URL")
	return nil
}

// bar shows how far the work is. What is no terminal gets a line per tenth.
type bar struct {
	out      io.Writer
	terminal bool
	of       int
	tenth    int // the last one shown
}

const barWidth = 40

func (b *bar) show(done int) {
	b.of = max(b.of, done) // keys that came meanwhile
	if b.terminal {
		full := barWidth * done / b.of
		end := ""
		if done == b.of {
			end = "\n"
		}
		_, _ = fmt.Fprintf(b.out, "\r[%s%s] %3d %% %d of %d%s", strings.Repeat("#", full), strings.Repeat("-", barWidth-full), 100*done/b.of, done, b.of, end)
		return
	}
	if tenth := 10 * done / b.of; tenth > b.tenth {
		b.tenth = tenth
		_, _ = fmt.Fprintf(b.out, "%d %%, %d of %d\n", 100*done/b.of, done, b.of)
	}
}
