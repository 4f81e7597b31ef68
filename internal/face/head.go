package face

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

// Head is where the head is in the picture. Points are in picture pixels;
// heights are measured along the face's own upright, which is square to the
// line between the eyes.
type Head struct {
	RightEye, LeftEye geom.Point // centres
	Chin              geom.Point
	Width             float64 // between the temples, px

	Hair  Crown // the top of the head with its hair
	Skull Crown // the top of the head without it, estimated
	// HairCut: the picture ends before the hair does, so Hair lies on its edge.
	HairCut bool
}

// Crown is a top of the head, as its height above the chin.
type Crown struct {
	Height      float64 // px
	Uncertainty float64 // px, plus or minus
}

// EyeMid is midway between the eye centres.
func (h Head) EyeMid() geom.Point { return geom.Mid(h.RightEye, h.LeftEye) }

// Roll is the head's turn in the picture's plane, radians, positive clockwise.
func (h Head) Roll() float64 { return h.LeftEye.Sub(h.RightEye).Angle() }

// Up is the unit vector from the chin towards the crown.
func (h Head) Up() geom.Point {
	return geom.Point{X: math.Sin(h.Roll()), Y: -math.Cos(h.Roll())}
}

// EyeHeight is the height of the eye line above the chin, px: the length that
// ISO/IEC 29794-5 calls T.
func (h Head) EyeHeight() float64 { return h.EyeMid().Sub(h.Chin).Dot(h.Up()) }

// InterEye is the distance between the eye centres, px.
func (h Head) InterEye() float64 { return h.LeftEye.Sub(h.RightEye).Length() }

// Top is the point on the face's axis at the crown's height.
func (h Head) Top(c Crown) geom.Point {
	return h.EyeMid().Add(h.Up().Times(c.Height - h.EyeHeight()))
}

// Scaled returns the head as measured in a picture k times as large.
func (h Head) Scaled(k float64) Head {
	h.RightEye, h.LeftEye, h.Chin = h.RightEye.Times(k), h.LeftEye.Times(k), h.Chin.Times(k)
	h.Width *= k
	h.Hair, h.Skull = h.Hair.scaled(k), h.Skull.scaled(k)
	return h
}

func (c Crown) scaled(k float64) Crown { return Crown{c.Height * k, c.Uncertainty * k} }

// Proportions of the head, as heights above the chin in units of T. Read by eye
// on a dozen portraits, the hair's top was at 1.76 to 2.03 with short hair, to
// 2.4 with volume and 2.5 on a small child; outside 1.7 to 2.5 (2.7) the matte
// is more likely wrong than the head. The skull lies a little under short hair.
const (
	leastHair, mostHair, mostHairChild    = 1.7, 2.5, 2.7
	leastSkull, mostSkull, mostSkullChild = 1.73, 1.97, 2.4
)

// headReading is the uncertainty of the height from the chin to the hair's top,
// as a share of T: on the annotated portraits it differed from the height read
// by eye by 0.023 to 0.033.
const headReading = 0.035

// Measure builds the head from its landmarks and the matte. young widens the
// proportions to those of a small child.
func Measure(l *Landmarks, m *matte.Matte, picture image.Rectangle, young bool) Head {
	h := Head{RightEye: l.RightEye(), LeftEye: l.LeftEye(), Chin: l.Chin(), Width: l.Width()}
	t := h.EyeHeight()
	most, mostBone := mostHair, mostSkull
	if young {
		most, mostBone = mostHairChild, mostSkullChild
	}
	h.Hair = Crown{hairTop(m, h), headReading * t}
	switch ratio := h.Hair.Height / t; {
	case ratio < leastHair:
		// The matte has lost the top, so the head may be as high as bone gets.
		h.Hair = Crown{leastHair * t, math.Max(leastHair-ratio, mostBone-leastHair) * t}
	case ratio > most:
		h.Hair = Crown{most * t, math.Max(ratio-most, most-mostSkull) * t}
	}
	h.cutAt(picture)
	low, high := math.Min(leastSkull*t, h.Hair.Height), math.Min(mostBone*t, h.Hair.Height)
	if h.HairCut { // the skull may go on where the picture ends
		low, high = leastSkull*t, mostBone*t
	}
	h.Skull = Crown{(low + high) / 2, math.Max((high-low)/2, h.Hair.Uncertainty)}
	return h
}

// cutAt notes when the hair's top lies at or beyond the picture's edge.
func (h *Head) cutAt(picture image.Rectangle) {
	top := h.Top(h.Hair)
	if inside(top, picture, 1) {
		return
	}
	h.HairCut = true
	for !inside(h.Top(h.Hair), picture, 1) && h.Hair.Height > h.EyeHeight() {
		h.Hair.Height--
	}
}

// CutOff reports whether the picture lacks a part of the head that no crop can
// do without: the chin, a temple, or the skull even at its lowest estimate.
func (h Head) CutOff(picture image.Rectangle) bool {
	across := geom.Point{X: math.Cos(h.Roll()), Y: math.Sin(h.Roll())}.Times(h.Width / 2)
	skull := h.Top(Crown{Height: h.Skull.Height - h.Skull.Uncertainty})
	for _, p := range []geom.Point{h.Chin, skull, h.EyeMid().Add(across), h.EyeMid().Sub(across)} {
		if !inside(p, picture, 0) {
			return true
		}
	}
	return false
}

func inside(p geom.Point, picture image.Rectangle, border float64) bool {
	return p.X >= border && p.Y >= border &&
		p.X <= float64(picture.Dx())-border && p.Y <= float64(picture.Dy())-border
}
