package vault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// peak reads from r and remembers how much memory was in use at most, looking
// about once a megabyte.
type peak struct {
	r     io.Reader
	reads int
	bytes uint64
}

func (p *peak) Read(b []byte) (int, error) {
	if p.reads++; p.reads%32 == 0 {
		p.bytes = max(p.bytes, inUse())
	}
	return p.r.Read(b)
}

func inUse() uint64 {
	runtime.GC() // or what is only waiting to be collected would count
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestALargePictureStreamsThroughLittleMemory(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		const size = 25 << 20
		limit := uint64(1 << 20)
		if s.s3 {
			limit = 12 << 20 // one part of 5 MiB being filled, one being sent
		}
		item := vault.OriginalOf(photo.NewID())
		s.put(t, item, "") // connections and caches are there now
		in, before := &peak{r: noise(size)}, inUse()
		if n, err := s.Put(t.Context(), item, in); err != nil || n != size {
			t.Fatalf("put %d bytes: %v", n, err)
		}

		r, err := s.Open(t.Context(), item)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		out := &peak{r: r}
		if !same(out, noise(size)) {
			t.Error("other bytes came back")
		}
		for what, p := range map[string]*peak{"put": in, "open": out} {
			if p.bytes == 0 || p.bytes > before+limit {
				t.Errorf("%s: %d KiB were in use before and up to %d KiB meanwhile", what, before>>10, p.bytes>>10)
			}
		}
	})
}

// same compares two streams chunk by chunk.
func same(a, b io.Reader) bool {
	x, y := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, errA := io.ReadFull(a, x)
		m, errB := io.ReadFull(b, y)
		if n != m || !bytes.Equal(x[:n], y[:m]) {
			return false
		}
		if errA != nil || errB != nil {
			return ended(errA) && ended(errB)
		}
	}
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func TestAReaderThatFailsLeavesNothingStored(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		broken := errors.New("the client went away")
		for _, came := range []int64{0, 1 << 10, 12 << 20} {
			item := vault.OriginalOf(photo.NewID())
			r := io.MultiReader(noise(came), iotest.ErrReader(broken))
			if n, err := s.Put(t.Context(), item, r); !errors.Is(err, broken) || n != came {
				t.Errorf("after %d bytes: %d, %v", came, n, err)
			}
			if _, err := s.blobs.Open(t.Context(), name(item)); !errors.Is(err, vault.ErrMissing) {
				t.Errorf("after %d bytes something is stored: %v", came, err)
			}
		}
	})
}

func TestACancelledPutLeavesNothingStored(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		ctx, cancel := context.WithCancel(t.Context())
		item := vault.OriginalOf(photo.NewID())
		r := io.MultiReader(noise(100_000), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, io.EOF
		}))
		if _, err := s.Put(ctx, item, r); err == nil {
			t.Error("a cancelled put is reported as done")
		}
		if _, err := s.blobs.Open(t.Context(), name(item)); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("something is stored: %v", err)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
