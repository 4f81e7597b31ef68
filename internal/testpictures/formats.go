package testpictures

import (
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
)

// HEIC encodes as HEVC, as iPhones do.
func HEIC(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, plain(".heic[Q=90,effort=0,compression=hevc]"))
}

// AVIF encodes as AV1.
func AVIF(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, plain(".avif[Q=90,effort=0]"))
}

// WebP encodes with loss.
func WebP(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, plain(".webp[Q=95]"))
}

// AnimatedWebP shows the upper and the lower half of a picture in turn.
func AnimatedWebP(t T, img *image.RGBA) []byte {
	t.Helper()
	even := img.SubImage(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()/2*2)).(*image.RGBA)
	return save(t, even, options{suffix: ".webp[Q=80]", frames: 2})
}

// TIFF encodes with LZW, as scanning programs do.
func TIFF(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, plain(".tif[compression=lzw]"))
}

// Progressive is a JPEG that comes in scans over the whole picture.
func Progressive(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, plain(".jpg[Q=95,interlace]"))
}

// CMYK is a JPEG in printing colours, with its profile.
func CMYK(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, options{suffix: ".jpg[Q=95]", profile: "cmyk"})
}

// CMYKWithoutProfile leaves the reader to guess what the inks look like.
func CMYKWithoutProfile(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, options{suffix: ".jpg[Q=95,strip]", profile: "cmyk"})
}

// DisplayP3 is a JPEG in the wider colour space of recent telephones.
func DisplayP3(t T, img *image.RGBA) []byte {
	t.Helper()
	return save(t, img, options{suffix: ".jpg[Q=95]", profile: "p3"})
}

// Grey drops the colour.
func Grey(img *image.RGBA) *image.Gray {
	out := image.NewGray(img.Rect)
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

// Sixteen widens to 16 bits a channel. PNG keeps them.
func Sixteen(img *image.RGBA) *image.RGBA64 {
	out := image.NewRGBA64(img.Rect)
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

// Palette reduces to 256 fixed colours.
func Palette(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Rect, palette.Plan9)
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

// Alpha fades the picture out towards its right edge, opaque on the left.
func Alpha(img *image.RGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	width := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		for x := range width {
			c := img.RGBAAt(x, y)
			out.SetNRGBA(x, y, color.NRGBA{c.R, c.G, c.B, uint8(255 - 255*x/max(1, width-1))})
		}
	}
	return out
}

// AlphaSixteen is Alpha at 16 bits a channel.
func AlphaSixteen(img *image.RGBA) *image.NRGBA64 {
	out := image.NewNRGBA64(img.Rect)
	draw.Draw(out, out.Rect, Alpha(img), img.Rect.Min, draw.Src)
	return out
}

// OnWhite is what a picture with alpha looks like on paper, as a new picture
// that begins at the origin.
func OnWhite(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}
