package archivist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Errors of an archive that can't be had.
var (
	// ErrNotReady: it is not built yet, or the request is not answered with one.
	ErrNotReady = errors.New("the archive is not ready")
	// ErrExpired: its time is over, or the request is closed.
	ErrExpired = errors.New("the archive's time is over")
)

// Opener opens what the Sealer sealed.
type Opener interface {
	OpenDocument(ctx context.Context, about string, key, sealed []byte) ([]byte, error)
}

// Pictures opens blobs of photos; vault.ErrMissing for one that is not there.
type Pictures interface {
	Open(ctx context.Context, item vault.Item) (io.ReadCloser, error)
}

// ReaderOptions are what a Reader works with; all are needed.
type ReaderOptions struct {
	Requests Requests
	Archives Found
	Opener   Opener
	Photos   Photos
	Pictures Pictures
	Kept     retention.Period // of retention.Answers
	Now      func() time.Time
}

// Reader hands archives out.
type Reader struct{ ReaderOptions }

// NewReader returns a reader.
func NewReader(o ReaderOptions) *Reader { return &Reader{o} }

// Archive is one that can be handed out.
type Archive struct {
	Name string // a file's, such as access-2026-03-01.zip
	// Expires is when it can no longer be had; the photo's files may go before.
	Expires time.Time

	reader   *Reader
	document []byte
	request  subjectrequest.Request
}

// Open returns a request's archive. The caller has made sure that whoever asks may
// have it: by the request's own key, or by the secret of its answer's letter. The
// answer must not be cached anywhere (Cache-Control: no-store).
//
// ErrNotReady says that there is none yet, ErrExpired that there is none any more, and
// subjectrequest.ErrNotFound that there is no such request.
func (r *Reader) Open(ctx context.Context, id subjectrequest.ID) (*Archive, error) {
	asked, err := r.Requests.Find(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	sealed, err := r.Archives.Find(ctx, id)
	switch expires := r.Kept.ExpiresAt(sealed.Since); {
	case errors.Is(err, subjectrequest.ErrNotFound) && asked.State.Open():
		return nil, ErrNotReady
	case errors.Is(err, subjectrequest.ErrNotFound), err == nil && !r.Now().Before(expires), asked.State == subjectrequest.Closed:
		return nil, ErrExpired
	case err != nil:
		return nil, fmt.Errorf("open archive: %w", err)
	}
	document, err := r.Opener.OpenDocument(ctx, About(string(id)), sealed.Key, sealed.Document)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return &Archive{
		Name: fmt.Sprintf("%s-%s.zip", asked.Kind, asked.ArrivedOn), Expires: r.Kept.ExpiresAt(sealed.Since),
		reader: r, document: document, request: asked,
	}, nil
}

// WriteTo writes the ZIP. The photo's files are in it if the photo is there at this
// moment; nothing is copied but into w. An error before the first byte leaves w
// untouched; after it the ZIP is cut, which every program notices: break the
// connection off rather than end it.
func (a *Archive) WriteTo(ctx context.Context, w io.Writer) error {
	contents, err := a.contents(ctx)
	if err == nil {
		err = archive.Write(w, a.document, contents)
	}
	if err != nil {
		return fmt.Errorf("hand out archive: %w", err)
	}
	return nil
}

// contents opens the photo's files that there are.
func (a *Archive) contents(ctx context.Context) (open []archive.Content, err error) {
	// Of now: the photo may have been edited or erased since Open.
	now, err := a.reader.Requests.Find(ctx, a.request.ID)
	if err != nil {
		return nil, err
	}
	p, err := find(ctx, a.reader.Photos, now, a.reader.Now())
	if err != nil {
		return nil, gone(err, photo.ErrNotFound)
	}
	if p.Frozen() {
		return nil, nil // nobody sees it before a person has decided about the report
	}
	for _, f := range archive.Files(a.request.Kind, p) {
		body, err := a.reader.Pictures.Open(ctx, blob(f.Kind, p))
		if errors.Is(err, vault.ErrMissing) {
			continue // an edit or an erasure was quicker
		}
		if err != nil {
			for _, c := range open {
				err = errors.Join(err, c.Body.Close())
			}
			return nil, err
		}
		open = append(open, archive.Content{File: f, Body: body})
	}
	return open, nil
}

// blob is where a file of a photo lies.
func blob(k archive.FileKind, p photo.Photo) vault.Item {
	switch k {
	case archive.Result:
		return vault.Of(vault.Result, resultOf(p))
	case archive.Report:
		return vault.Of(vault.Report, resultOf(p))
	}
	return vault.OriginalOf(p.ID)
}
