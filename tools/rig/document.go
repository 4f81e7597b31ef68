package rig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// WritePart puts text into a document between the comments that mark a part:
//
//	<!-- NAME: begin -->
//	<!-- NAME: end -->
//
// What stood there is replaced. A document without the marks, or that is not there
// yet, gets the part at its end.
func WritePart(path, name, text string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	renewed, err := replacePart(string(old), name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(renewed), 0o644) // #nosec G306 -- a document
}

func replacePart(document, name, text string) (string, error) {
	begin, end := "<!-- "+name+": begin -->", "<!-- "+name+": end -->"
	part := begin + "\n" + strings.TrimSpace(text) + "\n" + end
	before, rest, began := strings.Cut(document, begin)
	if !began {
		if document != "" {
			document = strings.TrimRight(document, "\n") + "\n\n"
		}
		return document + part + "\n", nil
	}
	_, after, ended := strings.Cut(rest, end)
	if !ended {
		return "", fmt.Errorf("the part %s begins and does not end", name)
	}
	return before + part + after, nil
}
