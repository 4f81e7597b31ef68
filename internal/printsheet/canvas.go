package printsheet

import (
	"image"
	"image/color"
)

// canvas is the picture of a page that is never held whole: an A4 page at 600
// DPI has 35 million pixels, nearly all white. It knows what lies where, in
// small squares, and answers with the pixel of what it finds there.
type canvas struct {
	size  image.Point
	blank pixel
	cols  int
	cells [][]layer
}

// cellBits is the side of a square as a power of two: 16 pixels, those of the
// blocks in which the JPEG encoder asks.
const cellBits = 4

// layer is a picture at a place.
type layer struct {
	at   image.Point
	what *pixels
}

// pixels is a picture without transparency.
type pixels struct {
	w, h int
	pix  []pixel
}

// pixel is a colour whose address is a color.Color: handing out millions of
// them allocates nothing.
type pixel struct{ r, g, b uint8 }

// RGBA implements color.Color.
func (p *pixel) RGBA() (r, g, b, a uint32) {
	return uint32(p.r) * 0x101, uint32(p.g) * 0x101, uint32(p.b) * 0x101, 0xffff
}

func newCanvas(w, h int) *canvas {
	cols, rows := w>>cellBits+1, h>>cellBits+1
	return &canvas{image.Pt(w, h), pixel{255, 255, 255}, cols, make([][]layer, cols*rows)}
}

// lay puts a picture onto the canvas, below those that lie there already.
func (c *canvas) lay(l layer) {
	for y := l.at.Y >> cellBits; y <= (l.at.Y+l.what.h-1)>>cellBits; y++ {
		for x := l.at.X >> cellBits; x <= (l.at.X+l.what.w-1)>>cellBits; x++ {
			if i := y*c.cols + x; x < c.cols && i < len(c.cells) {
				c.cells[i] = append(c.cells[i], l)
			}
		}
	}
}

// ink lays a black rectangle.
func (c *canvas) ink(r image.Rectangle) {
	c.lay(layer{r.Min, &pixels{r.Dx(), r.Dy(), make([]pixel, r.Dx()*r.Dy())}})
}

// At implements image.Image.
func (c *canvas) At(x, y int) color.Color {
	for _, l := range c.cells[y>>cellBits*c.cols+x>>cellBits] {
		if dx, dy := x-l.at.X, y-l.at.Y; uint(dx) < uint(l.what.w) && uint(dy) < uint(l.what.h) {
			return &l.what.pix[dy*l.what.w+dx]
		}
	}
	return &c.blank
}

// Bounds implements image.Image.
func (c *canvas) Bounds() image.Rectangle { return image.Rectangle{Max: c.size} }

// ColorModel implements image.Image.
func (c *canvas) ColorModel() color.Model { return color.RGBAModel }

// pixelsOf copies an opaque picture, turned clockwise by a quarter if asked.
func pixelsOf(m *image.RGBA, turned bool) *pixels {
	size := m.Bounds().Size()
	p := &pixels{size.X, size.Y, make([]pixel, size.X*size.Y)}
	if turned {
		p.w, p.h = size.Y, size.X
	}
	for y := range size.Y {
		row := m.Pix[y*m.Stride:]
		for x := range size.X {
			to := y*p.w + x
			if turned {
				to = x*p.w + p.w - 1 - y
			}
			p.pix[to] = pixel{row[4*x], row[4*x+1], row[4*x+2]}
		}
	}
	return p
}
