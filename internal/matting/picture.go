package matting

import "image"

// rgb is a colour as the file has it: sRGB, each channel 0..1.
type rgb [3]float32

// picture is an opaque image in numbers, row by row.
type picture struct {
	width, height int
	at            []rgb
}

func newPicture(img *image.RGBA) *picture {
	p := &picture{width: img.Rect.Dx(), height: img.Rect.Dy()}
	p.at = make([]rgb, p.width*p.height)
	for y := range p.height {
		row := img.Pix[y*img.Stride:][:4*p.width]
		out := p.at[y*p.width:][:p.width]
		for x := range out {
			out[x] = rgb{float32(row[4*x]) / 255, float32(row[4*x+1]) / 255, float32(row[4*x+2]) / 255}
		}
	}
	return p
}

// half averages blocks of four pixels; an odd last row or column counts twice.
func (p *picture) half() *picture {
	h := &picture{width: (p.width + 1) / 2, height: (p.height + 1) / 2}
	h.at = make([]rgb, h.width*h.height)
	for y := range h.height {
		top := p.at[2*y*p.width:][:p.width]
		low := p.at[min(2*y+1, p.height-1)*p.width:][:p.width]
		for x := range h.width {
			x0, x1 := 2*x, min(2*x+1, p.width-1)
			for c := range 3 {
				h.at[y*h.width+x][c] = (top[x0][c] + top[x1][c] + low[x0][c] + low[x1][c]) / 4
			}
		}
	}
	return h
}
