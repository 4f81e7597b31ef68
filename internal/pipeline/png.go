package pipeline

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/passportphotogenie/passportphotogenie/internal/density"
)

// encodePNG saves a photo with a see-through background, with its resolution.
func encodePNG(img *image.NRGBA, dpi int) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("as PNG: %w", err)
	}
	return density.PNG(b.Bytes(), dpi), nil
}
