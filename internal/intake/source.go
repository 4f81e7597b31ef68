package intake

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// peekBytes is how far into a picture its kind and size are looked for. Cameras
// put previews and colour profiles before the size; nearly all fit in this.
const peekBytes = 256 << 10

// source reads the client's bytes, counts and hashes them, and remembers what
// went wrong on the client's side, so that this can be told from trouble in the
// store that reads it.
type source struct {
	from   *bufio.Reader
	hash   hash.Hash
	count  int64
	failed error // one of this package's errors
}

func newSource(r io.Reader) *source {
	return &source{from: bufio.NewReaderSize(r, peekBytes), hash: sha256.New()}
}

// Read implements io.Reader. It gives an error rather than a byte more than is
// allowed.
func (s *source) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	s.count += int64(n)
	s.hash.Write(b[:n])
	switch {
	case s.count > photo.MaxBytes:
		return 0, s.fail(ErrTooLarge)
	case err == io.EOF && s.count == 0:
		return 0, s.fail(ErrEmpty)
	case err != nil && err != io.EOF:
		return n, s.fail(broken(err))
	}
	return n, err
}

func (s *source) fail(err error) error {
	s.failed = err
	return err
}

// broken keeps an error that the reader gives on purpose and turns all others,
// which are the network's, into ErrTruncated.
func broken(err error) error {
	if errors.Is(err, ErrTooLarge) {
		return ErrTooLarge
	}
	return ErrTruncated
}
