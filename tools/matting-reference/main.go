// Command matting-reference holds package matting against PyMatting, the
// reference implementation, on pictures of which the truth is known. README.md
// beside it says how to prepare it.
package main

import (
	"flag"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/testmattes"
)

// size and radius of the band, in pixels: what a passport photo comes to.
const size, radius = 600, 10

func main() {
	turns := flag.Int("turns", 5, "how often each case is run by both")
	keep := flag.String("keep", "", "folder to leave the pictures in; a temporary one by default")
	python := flag.String("python", ".deps/matting-reference/bin/python", "Python with PyMatting")
	flag.Parse()
	if err := run(*turns, *keep, *python); err != nil {
		fmt.Fprintln(os.Stderr, "matting-reference:", err)
		os.Exit(1)
	}
}

func run(turns int, folder, python string) error {
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "matting-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
	}
	truths, err := testmattes.Composites()
	if err != nil {
		return err
	}
	truths = append(testmattes.Drawn(size), truths...)
	ref, err := startReference(python)
	if err != nil {
		return err
	}
	defer ref.stop()
	var cases []*comparison
	for i, truth := range truths {
		c := &comparison{truth: truth, trimap: truth.Trimap(radius), folder: filepath.Join(folder, strconv.Itoa(i))}
		if err := c.write(); err != nil {
			return err
		}
		for range turns {
			if err := c.turn(ref); err != nil {
				return fmt.Errorf("%s: %w", truth.Name, err)
			}
		}
		cases = append(cases, c)
	}
	return printTable(cases)
}

// colourError is the mean absolute error of the foreground's colours, 0..1, over
// the pixels where sitter and background mix, weighted with the true alpha.
func colourError(truth *testmattes.Truth, colours image.Image) float64 {
	sum, weight := 0.0, 0.0
	for i, a := range truth.Alpha {
		if a <= 0 || a >= 1 {
			continue
		}
		r, g, b, _ := colours.At(i%size, i/size).RGBA()
		for c, v := range [3]uint32{r, g, b} {
			sum += float64(a) * math.Abs(float64(v)/0xffff-truth.Foreground[i][c])
			weight += float64(a)
		}
	}
	return sum / weight
}
