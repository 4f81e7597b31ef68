package studio

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// A frame is one byte for its kind, four for the length of what follows (big
// endian), and that. The parent sends job, then the original and the analysis, each
// as some chunks and end, for either may be left out; the child first of all sends
// ready, and then for each picture some steps and either a fault or outcome,
// picture, report, analysis, which are empty where there is none.
type frameKind byte

const (
	frameJob   frameKind = 'j'
	frameChunk frameKind = 'c'
	frameEnd   frameKind = 'e'

	frameReady   frameKind = 'R'
	frameStep    frameKind = 'S'
	frameFault   frameKind = 'F'
	frameOutcome frameKind = 'O'
	framePicture frameKind = 'P'
	frameReport  frameKind = 'T'
	frameKept    frameKind = 'A'
)

// chunkSize is how much of a picture the parent holds.
const chunkSize = 64 << 10

const headerSize = 5

// limit is the longest payload a frame may have; -1 for an unknown kind.
func (k frameKind) limit() int64 {
	switch k {
	case frameJob:
		return 256 << 10
	case frameChunk:
		return chunkSize
	case frameEnd:
		return 0
	case frameReady, frameFault:
		return 1 << 10
	case frameStep:
		return 32
	case frameOutcome:
		return 16 << 10
	case framePicture:
		return 16 << 20
	case frameReport:
		return 1 << 20
	case frameKept:
		return maxAnalysis
	}
	return -1
}

// wire is one direction of the pipe to write to. It writes a frame at once, so
// that a reader never waits for half of one longer than the write takes.
type wire struct {
	w   io.Writer
	buf []byte
}

func (w *wire) send(k frameKind, payload []byte) error {
	if int64(len(payload)) > k.limit() {
		return fmt.Errorf("a frame %q of %d bytes is too long", k, len(payload))
	}
	w.buf = append(w.buf[:0], byte(k))
	w.buf = binary.BigEndian.AppendUint32(w.buf, uint32(len(payload))) // #nosec G115 -- below limit
	w.buf = append(w.buf, payload...)
	if _, err := w.w.Write(w.buf); err != nil {
		return fmt.Errorf("write to the pipe: %w", err)
	}
	if cap(w.buf) > 2*chunkSize {
		w.buf = nil // do not hold on to a finished photo
	}
	return nil
}

func (w *wire) sendJSON(k frameKind, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write to the pipe: %w", err)
	}
	return w.send(k, b)
}

// receive reads one frame. The payload is read as it comes, so that a length
// alone makes nobody allocate.
func receive(r *bufio.Reader) (frameKind, []byte, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	k, n := frameKind(head[0]), int64(binary.BigEndian.Uint32(head[1:]))
	if n > k.limit() {
		return 0, nil, fmt.Errorf("a frame of kind %d and %d bytes is not allowed", k, n)
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, n); err != nil {
		return 0, nil, err
	}
	return k, b.Bytes(), nil
}

// expect reads one frame that must be of the given kind.
func expect(r *bufio.Reader, want frameKind) ([]byte, error) {
	got, payload, err := receive(r)
	if err == nil && got != want {
		err = fmt.Errorf("a frame of kind %d where %d belongs", got, want)
	}
	return payload, err
}

// The longest original and analysis that either side passes on.
const (
	maxOriginal = photo.MaxBytes
	maxAnalysis = 24 << 20
)
