package photo

// Format is the kind of file that a person uploaded, told by its first bytes,
// never by its name.
type Format string

// The formats that are taken. Anything else is refused at the door.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	WebP Format = "webp"
	HEIC Format = "heic"
	AVIF Format = "avif"
	TIFF Format = "tiff"
)

// Limits of an upload. MaxPixels covers the 48-megapixel telephones; a raster of
// that size takes 200 MB decoded, which a studio process is allowed.
const (
	MaxBytes  = 25 << 20
	MaxPixels = 50_000_000
)
