package check

import (
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// frontal are landmarks of a face that fills a good part of a picture of one megapixel:
// what matters to the benchmarks is how many pixels are looked at.
func frontal() *face.Landmarks {
	l := new(face.Landmarks)
	for i := range l {
		l[i] = geom.Point{X: 500, Y: 520}
	}
	put := func(i int, x, y float64) { l[i] = geom.Point{X: 500 + x, Y: 520 + y} }
	for i, k := range [...]int{33, 161, 160, 159, 158, 157, 133} { // right eye, upper lid
		put(k, -105+float64(i)*12, -90-float64(3-abs(i-3))*4)
	}
	for i, k := range [...]int{163, 144, 145, 153, 154} {
		put(k, -93+float64(i)*12, -90+float64(2-abs(i-2))*4)
	}
	for i, k := range [...]int{263, 388, 387, 386, 385, 384, 362} {
		put(k, 105-float64(i)*12, -90-float64(3-abs(i-3))*4)
	}
	for i, k := range [...]int{390, 373, 374, 380, 381} {
		put(k, 93-float64(i)*12, -90+float64(2-abs(i-2))*4)
	}
	for i, k := range [...]int{
		10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
		152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
	} { // around the face, clockwise from the forehead
		angle := 2 * math.Pi * float64(i) / 36
		put(k, 150*math.Sin(angle), -10-210*math.Cos(angle))
	}
	put(61, -55, 100)
	put(291, 55, 100)
	put(1, 0, 20)
	return l
}

func abs(i int) int { return max(i, -i) }

func subject() Subject {
	return Subject{Picture: speckled(1000, 1000), Landmarks: frontal(), Blocks: 8}
}

func BenchmarkExamine(b *testing.B) {
	s := subject()
	for b.Loop() {
		Examine(s)
	}
}

func BenchmarkTraits(b *testing.B) {
	s := subject()
	a, ok := align(s)
	if !ok {
		b.Fatal("no face")
	}
	luma := closeUp(s, a)
	for name, f := range map[string]func(){
		"aligned face":          func() { align(s) },
		"light":                 func() { measureLight(a) },
		"close-up":              func() { closeUp(s, a) },
		"sharpness":             func() { sharpnessOf(luma) },
		"noise":                 func() { noiseOf(luma) },
		"compression_artifacts": func() { measureBlocking(s) },
		"eyes":                  func() { lookAtEyes(s) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

func BenchmarkExamineBackground(b *testing.B) {
	photo, m := speckled(600, 600), evenMatte(0)
	b.ReportAllocs()
	for b.Loop() {
		ExamineBackground(photo, m, geom.Turn(geom.Point{}, 0, 4))
	}
}

func BenchmarkAssess(b *testing.B) {
	c, err := catalogue()
	if err != nil {
		b.Fatal(err)
	}
	spec, err := c.Find("us-passport")
	if err != nil {
		b.Fatal(err)
	}
	in := ordinary(spec)
	in.Landmarks = frontal()
	b.ReportAllocs()
	for b.Loop() {
		Assess(in)
	}
}
