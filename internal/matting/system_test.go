package matting

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// The whole matrix, written out as the paper has it and solved by elimination,
// is what the sparse half and the iterations are held against.
func TestTheSolutionIsThatOfTheEquationInThePaper(t *testing.T) {
	const w, h = 14, 11
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	tri := NewTrimap(w, h)
	for i := range w * h {
		x := i % w
		for c := range 3 {
			img.Pix[4*i+c] = uint8(20*c + 15*x + rng.IntN(40))
		}
		img.Pix[4*i+3] = 255
		switch {
		case x > 10:
			tri.Marks[i] = Foreground
		case x > 2:
			tri.Marks[i] = Unknown
		}
	}
	alpha, err := Alpha(img, tri, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := eliminate(written(newPicture(img), tri))
	for i := range alpha {
		if a := min(max(want[i], 0), 1); math.Abs(float64(alpha[i])-a) > 1e-3 {
			t.Errorf("alpha %v at pixel %d, want %v", alpha[i], i, a)
		}
	}
}

// written returns the rows of the system over all pixels, each with its right
// hand side last.
func written(p *picture, t *Trimap) [][]float64 {
	n := p.width * p.height
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
	}
	for y := 1; y < p.height-1; y++ {
		for x := 1; x < p.width-1; x++ {
			var at []int
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					at = append(at, (y+dy)*p.width+x+dx)
				}
			}
			for i, row := range windowMatrix(p, at) {
				for j, v := range row {
					a[at[i]][at[j]] += v
				}
			}
		}
	}
	for i, m := range t.Marks {
		if m != Unknown {
			clear(a[i])
			a[i][i], a[i][n] = 1, float64(m)/float64(Foreground)
		}
	}
	return a
}

func windowMatrix(p *picture, at []int) (out [9][9]float64) {
	var mean [3]float64
	for _, i := range at {
		for c := range 3 {
			mean[c] += float64(p.at[i][c]) / 9
		}
	}
	cov := make([][]float64, 3)
	for c := range cov {
		cov[c] = make([]float64, 4)
		cov[c][c] = epsilon / 9
		for d := range 3 {
			for _, i := range at {
				cov[c][d] += (float64(p.at[i][c]) - mean[c]) * (float64(p.at[i][d]) - mean[d]) / 9
			}
		}
	}
	for j := range 9 {
		system := make([][]float64, 3)
		for c := range system {
			system[c] = append([]float64{}, cov[c]...)
			system[c][3] = float64(p.at[at[j]][c]) - mean[c]
		}
		x := eliminate(system)
		for i := range 9 {
			v := 1.0
			for c := range 3 {
				v += (float64(p.at[at[i]][c]) - mean[c]) * x[c]
			}
			out[i][j] = -v / 9
			if i == j {
				out[i][j]++
			}
		}
	}
	return out
}

// eliminate solves by Gauss's method with pivoting.
func eliminate(a [][]float64) []float64 {
	n := len(a)
	for k := range n {
		best := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[best][k]) {
				best = i
			}
		}
		a[k], a[best] = a[best], a[k]
		for i := range n {
			if f := a[i][k] / a[k][k]; i != k && f != 0 {
				for j := k; j <= n; j++ {
					a[i][j] -= f * a[k][j]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = a[i][n] / a[i][i]
	}
	return x
}
