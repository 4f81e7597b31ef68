package archive

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema that every Document is written by.
func Schema() []byte { return bytes.Clone(schema) }

// Content is a file of the photo that is open. Write closes it.
type Content struct {
	File
	Body io.ReadCloser
}

// Write writes the archive as a ZIP. It needs no more memory than the Document: the
// contents pass through. An error leaves a ZIP that no program takes for whole.
func Write(w io.Writer, document []byte, contents []Content) (err error) {
	var files []File
	for i := range contents {
		defer func() { err = errors.Join(err, contents[i].Body.Close()) }()
		if err := contents[i].settle(); err != nil {
			return err
		}
		files = append(files, contents[i].File)
	}
	var d Document
	if err := json.Unmarshal(document, &d); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	var about bytes.Buffer
	if err := readme(&about, d, files); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	z := parcel{zip.NewWriter(w), d}
	for _, text := range []struct {
		name    string
		content []byte
	}{{"README.txt", about.Bytes()}, {"archive.json", document}, {"archive.schema.json", schema}} {
		if err := z.add(text.name, zip.Deflate, bytes.NewReader(text.content)); err != nil {
			return err
		}
	}
	for _, c := range contents {
		if err := z.add(c.Name, zip.Store, c.Body); err != nil { // pictures don't get smaller
			return err
		}
	}
	return z.Close()
}

// settle gives a finished photo the ending of its name: what it is, its bytes tell.
func (c *Content) settle() error {
	if c.Kind != Result {
		return nil
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(c.Body, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the finished photo: %w", err)
	}
	ending := map[string]string{"image/jpeg": ".jpg", "image/png": ".png"}[http.DetectContentType(head[:n])]
	c.Name += ending
	c.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head[:n]), c.Body), c.Body}
	return nil
}

// parcel is a ZIP under way.
type parcel struct {
	*zip.Writer
	of Document
}

func (p parcel) add(name string, method uint16, from io.Reader) error {
	w, err := p.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.of.MadeAt})
	if err == nil {
		_, err = io.Copy(w, from)
	}
	if err != nil {
		return fmt.Errorf("write archive: %s: %w", name, err)
	}
	return nil
}
