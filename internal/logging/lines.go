package logging

import (
	"io"
	"log/slog"
	"strings"
)

// Lines is for what libraries write into Go's standard log, line by line: it goes where
// our own lines go, with the same veil over IDs.
func Lines(l *slog.Logger) io.Writer { return lines{l} }

type lines struct{ log *slog.Logger }

// Write implements io.Writer; the standard log hands over one line at a time.
func (w lines) Write(b []byte) (int, error) {
	w.log.Warn("a library says", "cause", strings.TrimSpace(string(b)))
	return len(b), nil
}
