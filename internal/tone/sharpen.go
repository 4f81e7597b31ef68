package tone

import "image"

// strongestSharpness is the share of the detail that is added at most. Detail
// is what a blur of about a pixel takes away.
const strongestSharpness = 0.8

// sharpened adds detail to the three channels alike, by the luminance's detail,
// so that no coloured fringes appear.
func sharpened(img *image.RGBA, amount float64) *image.RGBA {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	luma := make([]float64, width*height)
	for i := range luma {
		p := img.Pix[4*i:]
		luma[i] = 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
	}
	soft := blurred(luma, width, height)
	out := image.NewRGBA(img.Rect)
	for i := range luma {
		detail := amount * (luma[i] - soft[i])
		for c := range 3 {
			out.Pix[4*i+c] = clamp(float64(img.Pix[4*i+c]) + detail)
		}
		out.Pix[4*i+3] = img.Pix[4*i+3]
	}
	return out
}

// blurred is the picture under the binomial kernel 1 4 6 4 1 in both
// directions; the edge's pixels go on beyond the edge.
func blurred(in []float64, width, height int) []float64 {
	across, down := make([]float64, len(in)), make([]float64, len(in))
	for y := range height {
		row := in[y*width : (y+1)*width]
		for x := range width {
			at := func(d int) float64 { return row[min(max(x+d, 0), width-1)] }
			across[y*width+x] = (at(-2) + 4*at(-1) + 6*at(0) + 4*at(1) + at(2)) / 16
		}
	}
	for y := range height {
		for x := range width {
			at := func(d int) float64 { return across[min(max(y+d, 0), height-1)*width+x] }
			down[y*width+x] = (at(-2) + 4*at(-1) + 6*at(0) + 4*at(1) + at(2)) / 16
		}
	}
	return down
}

func clamp(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }
