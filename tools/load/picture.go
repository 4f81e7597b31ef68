package main

import (
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// writePicture writes the portrait, with bytes after its end up to the size, as
// phones put a short film there. They can't be compressed. A size of 0 means the
// portrait as it is.
func writePicture(path string, size int) error {
	picture, err := portraits.Smiling.Read()
	if err != nil {
		return err
	}
	if size > 0 {
		if len(picture) > size {
			return fmt.Errorf("the portrait alone has %d bytes", len(picture))
		}
		var noise [32]byte
		more := make([]byte, size-len(picture))
		_, _ = rand.NewChaCha8(noise).Read(more) // it never fails
		picture = append(picture[:len(picture):len(picture)], more...)
	}
	return os.WriteFile(path, picture, 0o600)
}
