package main

import (
	"fmt"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/testmattes"
)

// refinedSide is that of a photo of 2 x 2 inches at 300 DPI, px.
const refinedSide = 600

// cellSide is what a cell of the network's matte comes to in such a photo, px.
const cellSide = 3

// printMattes refines mattes of which the truth is known, drawn heads and the
// astronaut, from what the network would say of them: the same in coarse cells.
func printMattes(runs int) error {
	composites, err := testmattes.Composites()
	if err != nil {
		return err
	}
	t := newTable(fmt.Sprintf("%d x %d", refinedSide, refinedSide))
	for _, truth := range slices.Concat(testmattes.Drawn(refinedSide), composites) {
		coarse := coarsened(truth)
		took, err := timed(runs, func() error {
			_, err := matte.Refine(truth.Picture, coarse)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", truth.Name, err)
		}
		t.set(truth.Name, "ms", milliseconds(took))
	}
	t.print()
	return nil
}

// coarsened is the truth in the network's cells. The faces of all these pictures
// lie in the same place.
func coarsened(truth *testmattes.Truth) *matte.Coarse {
	c := &matte.Coarse{
		Width: refinedSide, Height: refinedSide,
		Median: make([]float32, refinedSide*refinedSide),
		Head:   matte.Head{Centre: geom.Point{X: 0.5 * refinedSide, Y: 0.46 * refinedSide}, Height: 0.45 * refinedSide},
	}
	for y := range refinedSide {
		for x := range refinedSide {
			c.Median[y*refinedSide+x] = cellMean(truth.Alpha, x/cellSide*cellSide, y/cellSide*cellSide)
		}
	}
	c.Lowest = c.Median // as if all views agreed
	return c
}

// cellMean is the mean over the cell that begins at a pixel.
func cellMean(alpha []float32, x, y int) (mean float32) {
	for i := range cellSide * cellSide {
		mean += alpha[(y+i/cellSide)*refinedSide+x+i%cellSide] / (cellSide * cellSide)
	}
	return mean
}
