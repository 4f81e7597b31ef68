package check

import "math"

// Luminance is the standard's: sRGB made linear, weighted 0.2126, 0.7152 and
// 0.0722, and brought back to the sRGB curve, 0..255.

// curveSteps is how finely the curve back is kept: between two steps an 8-bit
// value changes by less than one.
const curveSteps = 1 << 14

var (
	linear  = linearCurve()
	encoded = encodedCurve()
)

func linearCurve() (c [256]float32) {
	for i := range c {
		v := float64(i) / 255
		if v <= 0.04045 {
			c[i] = float32(v / 12.92)
		} else {
			c[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return c
}

func encodedCurve() (c [curveSteps + 1]uint8) {
	for i := range c {
		v := float64(i) / curveSteps
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		c[i] = uint8(math.Round(255 * v))
	}
	return c
}

// luminanceOf takes sRGB values, 0..1.
func luminanceOf(r, g, b float32) uint8 {
	return luminanceOfBytes(uint8(255*r+0.5), uint8(255*g+0.5), uint8(255*b+0.5))
}

func luminanceOfBytes(r, g, b uint8) uint8 {
	y := 0.2126*linear[r] + 0.7152*linear[g] + 0.0722*linear[b]
	return encoded[int(y*curveSteps+0.5)]
}
