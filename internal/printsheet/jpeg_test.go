package printsheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAPrintedJPEGMeasuresWhatItSays(t *testing.T) {
	for _, tt := range []struct {
		paper  string
		dpi    int
		copies int
	}{
		{"10x15", 300, 4}, {"4x6", 300, 6}, {"4x6", 600, 2}, {"a4", 300, 1}, {"13x18", 600, 9},
	} {
		t.Run(fmt.Sprintf("%s at %d DPI", tt.paper, tt.dpi), func(t *testing.T) {
			perMM := geom.PixelsPerMM(float64(tt.dpi))
			doc := spec(35, 45, 1)
			s := plan(t, Order{Spec: doc, Paper: paper(t, tt.paper), Format: JPEG, Copies: tt.copies})
			b, err := s.JPEG(context.Background(), aPhoto(t, doc), tt.dpi)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := b[:18], []byte{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 1,
				byte(tt.dpi >> 8), byte(tt.dpi), byte(tt.dpi >> 8), byte(tt.dpi)}; !bytes.Equal(got, want) {
				t.Errorf("the file begins with % x, want % x", got, want)
			}
			m := decoded(t, b)
			near(t, "the page's width", m.Bounds().Dx(), perMM, s.Paper.W)
			near(t, "the page's height", m.Bounds().Dy(), perMM, s.Paper.H)
			for _, p := range s.Photos {
				got := measured(m, int(float64(p.X+p.W/2)*perMM), int(float64(p.Y+p.H/2)*perMM))
				near(t, "left edge", got.Min.X, perMM, p.X)
				near(t, "top edge", got.Min.Y, perMM, p.Y)
				near(t, "width", got.Dx(), perMM, p.W)
				near(t, "height", got.Dy(), perMM, p.H)
			}
			near(t, "the bar", longestBlack(m, int(float64(s.Photos[0].Y)*perMM)), perMM, BarLength)
			isClear(t, m, int(float64(Clear)*perMM))
		})
	}
}

// isClear checks that nothing is drawn within some pixels of the edge. What a
// JPEG adds beside an edge is far lighter than this.
func isClear(t *testing.T, m image.Image, px int) {
	t.Helper()
	inner := m.Bounds().Inset(px)
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if image.Pt(x, y).In(inner) {
				continue
			}
			if r, g, b, _ := m.At(x, y).RGBA(); min(r, g, b) < 0xe000 {
				t.Fatalf("pixel %d, %d is not white", x, y)
			}
		}
	}
}

func TestAPhotoOfTheSheetsResolutionKeepsItsPixels(t *testing.T) {
	doc := spec(35, 45, 1)
	photo := decoded(t, aPhoto(t, doc))
	s := plan(t, Order{Spec: doc, Paper: paper(t, "10x15"), Format: JPEG})
	g := grid(geom.PixelsPerMM(300))
	c := newCanvas(g.length(s.Paper.W), g.length(s.Paper.H))
	s.layPhotos(c, g, photo)
	corner := g.pixels(s.Photos[0]).Min
	for y := range photo.Bounds().Dy() {
		for x := range photo.Bounds().Dx() {
			wr, wg, wb, _ := photo.At(x, y).RGBA()
			r, g, b, _ := c.At(corner.X+x, corner.Y+y).RGBA()
			if wr>>8 != r>>8 || wg>>8 != g>>8 || wb>>8 != b>>8 {
				t.Fatalf("pixel %d, %d differs", x, y)
			}
		}
	}
}

func TestWhoeverHasGoneGetsNoSheet(t *testing.T) {
	doc := spec(35, 45, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := plan(t, Order{Spec: doc, Paper: paper(t, "10x15"), Format: JPEG})
	if _, err := s.JPEG(ctx, aPhoto(t, doc), 600); !errors.Is(err, context.Canceled) {
		t.Errorf("JPEG says %v", err)
	}
}

func BenchmarkJPEG600(b *testing.B) {
	doc := spec(35, 45, 2)
	photo := aPhoto(b, doc)
	s := plan(b, Order{Spec: doc, Paper: paper(b, "a4"), Format: JPEG, Fill: true})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.JPEG(context.Background(), photo, 600); err != nil {
			b.Fatal(err)
		}
	}
}
