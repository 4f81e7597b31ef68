// Command bench prints the figures that the README quotes: how long each step of
// a photo takes, what keeping it encrypted takes of that, an edit, a refined matte, a print sheet, what the queue adds, how
// many photos a minute one and two workers make, how much memory they need, and how
// long a preview takes while photos are made and while none are. It
// runs the real binaries on a Redis and databases of its own, in a temporary
// folder; nothing else should run on the machine. Figures of one run compare with
// each other; those of two machines, or of two busy minutes, do not.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
)

func main() {
	runs := flag.Int("runs", 15, "photos per picture and figure")
	photos := flag.Int("photos", 120, "photos in the queue for the throughput")
	only := flag.String("only", "", "measure only the `part`: studio, vault or previews")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *runs, *photos, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, runs, photos int, only string) error {
	models, err := filepath.Abs(".deps/models")
	if err != nil {
		return err
	}
	pictures := []picture{newPicture(0.4), newPicture(1), newPicture(12)}
	switch only {
	case "":
		if err := benchStudio(ctx, models, pictures, runs); err != nil {
			return err
		}
	case "studio":
		return benchStudio(ctx, models, pictures, runs)
	case "vault":
		return benchVault(ctx, models, pictures, runs)
	case "previews":
	default:
		return fmt.Errorf("there is no part %q to measure: studio, vault or previews", only)
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := startServices(ctx, dir, models)
	if err != nil {
		return err
	}
	defer s.stop()
	if only == "" {
		if err := benchServices(ctx, s, pictures, runs, photos); err != nil {
			return err
		}
	}
	fmt.Printf("\n# Previews of %d pixels, one after the other, WORKER_CONCURRENCY=%d\n", photo.MaxPreviewSide, runtime.NumCPU())
	return printPreviews(ctx, s, pictures[1], 4*runs)
}

func benchServices(ctx context.Context, s *services, pictures []picture, runs, photos int) error {
	fmt.Println("\n# Through API, queue and worker, median of", runs, "photos, ms")
	if err := printEndToEnd(ctx, s, pictures, runs); err != nil {
		return err
	}
	fmt.Println("\n# Throughput, a queue of", photos, "photos of 1 megapixel filled beforehand, WORKER_CONCURRENCY=1")
	return printThroughput(ctx, s, pictures[1], photos)
}

// benchStudio prints what one studio, as a worker has it, does by itself. It is
// gone before workers with studios of their own are measured.
func benchStudio(ctx context.Context, models string, pictures []picture, runs int) error {
	pool, err := openStudio(models)
	if err != nil {
		return err
	}
	defer pool.Close()
	fmt.Println("# Steps, median of", runs, "photos in one studio, ms")
	if err := printSteps(ctx, pool, pictures, runs); err != nil {
		return err
	}
	fmt.Println("\n# The vault's share of a photo, mean of", runs, "photos, ms")
	if err := printVault(ctx, pool, pictures, runs); err != nil {
		return err
	}
	fmt.Println("\n# Edits made from the analysis of a first photo, median of", runs, "in one studio, ms")
	if err := printEdits(ctx, pool, runs); err != nil {
		return err
	}
	fmt.Println("\n# Mattes refined, median of", runs, "(against PyMatting: go run ./tools/matting-reference)")
	if err := printMattes(runs); err != nil {
		return err
	}
	fmt.Println("\n# Print sheets, median of", runs)
	return printSheets(ctx, pool, pictures[1], runs)
}

// benchVault prints the vault's share and nothing else.
func benchVault(ctx context.Context, models string, pictures []picture, runs int) error {
	pool, err := openStudio(models)
	if err != nil {
		return err
	}
	defer pool.Close()
	fmt.Println("# The vault's share of a photo, mean of", runs, "photos, ms")
	return printVault(ctx, pool, pictures, runs)
}

// picture is the smiling portrait at some size, as a JPEG.
type picture struct {
	megapixels float64
	file       []byte
}

func newPicture(megapixels float64) picture {
	return picture{megapixels, testpictures.Megapixels(driver{}, megapixels)}
}

// driver stands in for a test where test pictures are made.
type driver struct{}

// Helper does nothing.
func (driver) Helper() {}

// Fatalf ends the program: without its pictures there is nothing to measure.
func (driver) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
	os.Exit(1)
}
