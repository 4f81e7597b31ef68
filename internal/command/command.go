// Package command is what the processes' main functions share: flags, settings,
// log, signals and exit codes. Only here are signals known.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	standard "log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
)

// Exit codes.
const (
	ok      = 0
	failed  = 1
	misused = 2 // flags, arguments or configuration
)

// Action is what a command does until it is done or ctx ends.
type Action func(ctx context.Context, cfg config.Config, log *slog.Logger) error

// Verb reads the arguments after a word and returns what is to be done. Its error
// is flag.ErrHelp when it has shown its help.
type Verb func(args []string) (Action, error)

// Tool is what a command does with its arguments, without any configuration.
type Tool func(args []string, in io.Reader, out io.Writer) error

// Command is one process's command line.
type Command struct {
	Process config.Process
	Usage   string            // stands above the settings in the help; may be empty
	Serve   Action            // without an argument
	Actions map[string]Action // by the first argument
	Verbs   map[string]Verb   // the same; they get the arguments after it
	Tools   map[string]Tool   // the same
}

// Run does everything but end the process, and returns the exit code.
func (c Command) Run(args []string) int {
	flags := flag.NewFlagSet(string(c.Process), flag.ContinueOnError)
	flags.SetOutput(os.Stdout)
	flags.Usage = func() {
		_, _ = io.WriteString(flags.Output(), c.Usage)
		_ = config.Help(flags.Output(), c.Process)
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return ok
		}
		return misused
	}
	if flags.NArg() == 0 {
		return c.do(c.Serve)
	}
	word, rest := flags.Arg(0), flags.Args()[1:]
	if tool := c.Tools[word]; tool != nil {
		return use(tool, rest)
	}
	if verb := c.Verbs[word]; verb != nil {
		do, err := verb(rest)
		if errors.Is(err, flag.ErrHelp) {
			return ok
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return misused
		}
		return c.do(do)
	}
	if do := c.Actions[word]; do != nil {
		return c.do(do)
	}
	fmt.Fprintf(os.Stderr, "%s does not know %q; its settings come from the environment, see -help\n", c.Process, word)
	return misused
}

// do loads the settings and acts by them.
func (c Command) do(do Action) int {
	cfg, err := config.Load(c.Process, environment())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return misused
	}
	log := logging.New(logging.Options{
		Out: os.Stdout, Level: cfg.LogLevel, JSON: cfg.Environment == config.Production, Process: string(c.Process),
	})
	// Libraries write there, and may say anything.
	standard.SetFlags(0)
	standard.SetOutput(logging.Lines(log))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := do(ctx, cfg, log); err != nil {
		log.Error("stopped", "error", err)
		return failed
	}
	return ok
}

func use(tool Tool, args []string) int {
	if err := tool(args, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return misused
	}
	return ok
}

func environment() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return env
}

// Closers are closed together, last first.
type Closers []io.Closer

// Add notes what is to be closed.
func (c *Closers) Add(more ...io.Closer) { *c = append(*c, more...) }

// Close closes all of them. A listener that its server has closed is no error.
func (c Closers) Close() error {
	var errs []error
	for i := len(c) - 1; i >= 0; i-- {
		if err := c[i].Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
