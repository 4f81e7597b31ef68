package check

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// leastBlocks is how many blocks the face must be wide for their edges to be told
// from its own.
const leastBlocks = 12

// measureBlocking returns by how much more the face's pixels jump at the edges of
// the blocks that the file was compressed in than elsewhere: 1 where no block can be
// seen. A file that was turned or cropped has its blocks elsewhere, so the place
// with the largest jumps counts. NaN where there are no blocks to look for.
func measureBlocking(s Subject) float64 {
	img := s.level()
	box := bounds(s.Landmarks.Oval()).Intersect(img.Rect)
	if s.Blocks < 4 || box.Dx() < leastBlocks*s.Blocks || box.Dy() < leastBlocks*s.Blocks {
		return math.NaN()
	}
	return max(jumps(img, box, s.Blocks, true), jumps(img, box, s.Blocks, false))
}

// jumps compares the places within a block along rows or columns.
func jumps(img *image.RGBA, box image.Rectangle, block int, along bool) float64 {
	var sum, count [8]float64
	step, across, length, lines := 4, img.Stride, box.Dx(), box.Dy()
	if !along {
		step, across, length, lines = img.Stride, 4, box.Dy(), box.Dx()
	}
	start := img.PixOffset(box.Min.X, box.Min.Y)
	for line := range lines {
		at := start + line*across + 1 // green is most of the luminance
		for k := 2; k < length-1; k++ {
			i := at + k*step
			here := gap(img.Pix, i, i-step)
			beside := (gap(img.Pix, i-step, i-2*step) + gap(img.Pix, i+step, i)) / 2
			sum[k%block] += math.Max(here-beside, 0)
			count[k%block]++
		}
	}
	most, total := 0.0, 0.0
	for k := range block {
		v := sum[k] / count[k]
		most, total = math.Max(most, v), total+v
	}
	others := (total - most) / float64(block-1)
	return (most + grain) / (others + grain)
}

// grain keeps the ratio of a perfectly smooth face finite, in steps of 255.
const grain = 0.05

func gap(pix []uint8, i, j int) float64 { return math.Abs(float64(pix[i]) - float64(pix[j])) }

// compressionArtifacts binds only where blocks could be looked for: no office asks for
// a kind of file in which they can.
func compressionArtifacts(in Input) Check {
	c := mostBlocking.reading(in.Traits.Blocking, Ratio).check(CompressionArtifacts, docspec.Baseline, map[Outcome]string{
		Pass:        "No traces of strong compression can be seen in the face.",
		Warn:        "The picture was compressed until blocks begin to show. Send the camera's own file rather than a copy out of a messenger.",
		Fail:        "The picture was compressed so strongly that blocks show in the face. Send the camera's own file rather than a copy out of a messenger.",
		NotAssessed: "How strongly this file was compressed can't be told from its kind or size.",
	}).at(in.around(in.facePoints()))
	c.Binding = c.Outcome != NotAssessed
	return c
}

// bounds is the rectangle around points, in whole pixels; empty where one of them lies
// beyond any picture.
func bounds(points []geom.Point) image.Rectangle {
	var box image.Rectangle
	for _, p := range points {
		if math.Abs(p.X) > 1e6 || math.Abs(p.Y) > 1e6 {
			return image.Rectangle{}
		}
		at := image.Pt(int(p.X), int(p.Y))
		box = box.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
	}
	return box
}
