// Package testpdf reads PDFs back with Poppler, which others wrote and which
// shares no code with this project: what it sees on a page is on it. Only tests
// import it.
package testpdf

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// DPI is what Page renders at.
const DPI = 600

// File is the path of a PDF.
type File string

// Write writes a PDF into a file that ends with the test.
func Write(t testing.TB, pdf []byte) File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return File(name)
}

// Page is the first page, at DPI.
func (f File) Page(t testing.TB) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(poppler(t, "pdftoppm", "-r", strconv.Itoa(DPI), "-png", "-singlefile", string(f))))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Info is what the file says of itself, a line each, with times as in ISO 8601.
func (f File) Info(t testing.TB) string {
	t.Helper()
	return string(poppler(t, "pdfinfo", "-isodates", string(f)))
}

// Text is what stands on the pages, with single spaces.
func (f File) Text(t testing.TB) string {
	t.Helper()
	return strings.Join(strings.Fields(string(poppler(t, "pdftotext", "-layout", string(f), "-"))), " ")
}

// poppler runs one of Poppler's programs, which must have nothing to say against
// the file.
func poppler(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...) // #nosec G204 -- our own arguments
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%s (of poppler-utils): %v: %s", program, err, complaints.String())
	}
	return out
}
