package matte

import (
	"image"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// A person is drawn from row 100 down, between two columns, in a picture of the
// frame's own pixels.
func TestAnEdgeIsClearWhereThePersonDoesNotReachIt(t *testing.T) {
	const cells = 256
	for _, tt := range []struct {
		name      string
		left, top int
		right     int
		want      Edges
	}{
		{"room on three sides", 60, 100, 200, Edges{true, true, true}},
		{"a shoulder at the left edge", 0, 100, 200, Edges{false, true, true}},
		{"hair at the top edge", 60, 0, 200, Edges{true, false, true}},
		{"both shoulders cut", 0, 100, cells, Edges{false, true, false}},
	} {
		m := &Matte{
			Frame: raster.View{ToPicture: geom.Identity(), Size: cells}, Median: make([]float32, cells*cells),
			WholeFrame: raster.View{ToPicture: geom.Identity(), Size: cells}, Whole: make([]float32, cells*cells),
		}
		for y := tt.top; y < cells; y++ {
			for x := tt.left; x < tt.right; x++ {
				m.Median[y*cells+x] = 1
			}
		}
		if got := m.Clear(image.Rect(0, 0, cells, cells)); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
