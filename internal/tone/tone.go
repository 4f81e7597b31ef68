// Package tone changes the light of a finished photo: brightness, contrast,
// warmth, and sharpness. Each pixel is treated alike, wherever it lies, so
// nothing about a face can be changed by it; and the strongest settings go as
// far as another lamp in the room would, not further.
package tone

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// What the strongest setting does.
const (
	strongestGamma    = 0.6  // exponent 2^-0.6 or 2^0.6: a middle grey of 118 becomes 153 or 73
	strongestContrast = 0.6  // share of a smooth S-curve, or of a flattening to 0.7
	flattest          = 0.7  // slope at the lowest contrast
	strongestWarmth   = 0.18 // of red up and blue down, in linear light
)

// Apply returns the picture in the light of the settings; the picture itself
// when they change none. It must be opaque.
func Apply(img *image.RGBA, s edit.Settings) *image.RGBA {
	if !s.Light() {
		return img
	}
	out := image.NewRGBA(img.Rect)
	curves := curvesOf(s)
	for i := 0; i < len(img.Pix); i += 4 {
		out.Pix[i] = curves[0][img.Pix[i]]
		out.Pix[i+1] = curves[1][img.Pix[i+1]]
		out.Pix[i+2] = curves[2][img.Pix[i+2]]
		out.Pix[i+3] = img.Pix[i+3]
	}
	if s.Sharpness > 0 {
		return sharpened(out, strongestSharpness*share(s.Sharpness))
	}
	return out
}

// curve gives each value of a channel its new one.
type curve [256]uint8

func curvesOf(s edit.Settings) [3]*curve {
	gains := gainsOf(share(s.Warmth))
	var curves [3]*curve
	for c := range curves {
		curves[c] = new(curve)
		for v := range curves[c] {
			x := toSRGB(gains[c] * toLinear(float64(v)/255))
			x = brightened(math.Min(x, 1), share(s.Brightness))
			curves[c][v] = uint8(math.Round(255 * contrasted(x, share(s.Contrast)))) // #nosec G115 -- 0..1
		}
	}
	return curves
}

func share(setting int) float64 { return float64(setting) / edit.MostLight }

// gainsOf warms in linear light and keeps the luminance of grey (BT.709).
func gainsOf(warmth float64) [3]float64 {
	r, b := 1+strongestWarmth*warmth, 1-strongestWarmth*warmth
	luminance := 0.2126*r + 0.7152 + 0.0722*b
	return [3]float64{r / luminance, 1 / luminance, b / luminance}
}

// brightened bends the values by a power, which keeps black and white.
func brightened(x, by float64) float64 { return math.Pow(x, math.Pow(2, -strongestGamma*by)) }

// contrasted blends with a smooth S-curve, or flattens about the middle.
func contrasted(x, by float64) float64 {
	if by >= 0 {
		return x + strongestContrast*by*(x*x*(3-2*x)-x)
	}
	return x - by*(flattest-1)*(x-0.5)
}

// The transfer functions of IEC 61966-2-1.
func toLinear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func toSRGB(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}
