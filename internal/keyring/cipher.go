package keyring

import (
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"

	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// segment is the size of the encrypted chunks: what a stream holds in memory,
// and the most that is decrypted before it is authenticated.
const segment = 64 << 10

// streamCipher implements vault.Cipher with Tink's AES256-GCM-HKDF: each stream
// has a key of its own, derived from the data key, a random salt and bound.
type streamCipher struct{ tink *subtle.AESGCMHKDF }

func newCipher(key dataKey) (vault.Cipher, error) {
	tink, err := subtle.NewAESGCMHKDF(key[:], "SHA256", len(key), segment, 0)
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	return streamCipher{tink}, nil
}

// Encrypt returns a writer whose Close ends the encrypted stream but leaves w open.
func (c streamCipher) Encrypt(w io.Writer, bound []byte) (io.WriteCloser, error) {
	return c.tink.NewEncryptingWriter(w, bound)
}

// Decrypt returns a reader that fails before it gives out a byte that is not
// authentic, and fails at the end if the stream was cut.
func (c streamCipher) Decrypt(r io.Reader, bound []byte) (io.Reader, error) {
	plain, err := c.tink.NewDecryptingReader(r, bound)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // an empty blob is a cut one, not an end
	}
	if err != nil {
		return nil, err
	}
	return &failing{r: plain}, nil
}

// failing repeats an error for ever. Tink's reader, asked again after it found
// the last segment forged, would say that the stream has ended.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.r.Read(p)
	f.err = err
	return n, err
}
