// Command calibrate shows how the checks separate good pictures from bad ones. It
// makes graded copies of portraits (blurred, dark, lit from the side, with closed eyes
// and so on), has the real pipeline judge each, and prints for every check what was
// measured at each grade, how many clearly bad copies were found, and how many clean
// ones were warned about or failed. The limits in internal/check were chosen from it;
// docs/checks.md holds its tables.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	models := flag.String("models", ".deps/models", "folder of the face models")
	more := flag.String("more", "", "folder of more portraits, JPEG files, to calibrate on")
	out := flag.String("write", "", "folder to write every copy to, for a look at them")
	only := flag.String("only", "", "make the copies of this kind of fault only")
	flag.Parse()
	if err := run(context.Background(), *models, options{*more, *out, *only}); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

type options struct{ more, write, only string }

func run(ctx context.Context, models string, o options) error {
	l, err := openLab(models)
	if err != nil {
		return err
	}
	sitters, err := l.sitters(ctx, o.more)
	if err != nil {
		return err
	}
	t := newTally()
	for _, s := range sitters {
		fmt.Fprintln(os.Stderr, s.name)
		if err := l.clean(ctx, s, t); err != nil {
			return err
		}
		for _, f := range faults() {
			if o.only != "" && o.only != f.name {
				continue
			}
			if err := l.grade(ctx, s, f, t, o.write); err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, f.name, err)
			}
		}
	}
	fmt.Print(t)
	return nil
}
