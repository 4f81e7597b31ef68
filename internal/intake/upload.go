package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Why an upload is refused, beside the photo.Reasons that a header already
// tells (too many pixels, animated).
var (
	ErrEmpty       = errors.New("the picture has no bytes")
	ErrTooLarge    = errors.New("the picture is larger than allowed")
	ErrTruncated   = errors.New("the upload ended before the picture did")
	ErrMismatch    = errors.New("the idempotency key was used for another upload")
	ErrRunning     = errors.New("the upload with this idempotency key is still running")
	ErrWeakKey     = errors.New("the idempotency key is too short or too long")
	ErrUnavailable = errors.New("the upload could not be stored")
)

// UnsupportedError says what the file is instead of a picture that is taken.
type UnsupportedError struct {
	LooksLike string // such as "a PDF document"; empty when unknown
}

// Error names the kind of file.
func (e UnsupportedError) Error() string { return "unsupported format: " + e.LooksLike }

// Upload is one picture on its way in.
type Upload struct {
	// IdempotencyKey is empty, or has 22 to 200 visible characters.
	IdempotencyKey string
	// Client is whose API key it came with; empty for none.
	Client apiclient.ID
	Body   io.Reader
	// Order is asked once, when Body has been read to its end, because a form's
	// fields may follow the picture. Its error ends the upload and is returned
	// as it is.
	Order func() (photo.Order, error)
	// Statement is asked after Order for what was stated before the upload; nil
	// means nothing.
	Statement func() photo.Statement
	// Lane is asked after Order; nil means the fast one.
	Lane func() photo.Lane
}

// Vault stores the picture.
type Vault interface {
	Put(ctx context.Context, item vault.Item, r io.Reader) (int64, error)
	EraseKey(ctx context.Context, id photo.ID) error
	EraseBlobs(ctx context.Context, id photo.ID) error
}

// checkIdempotencyKey asks for 22 to 200 visible characters: 22 of base64 hold
// 128 random bits, and the key must not be guessable because it opens the
// photo's key.
func checkIdempotencyKey(key string) error {
	if key == "" {
		return nil
	}
	if len(key) < 22 || len(key) > 200 {
		return ErrWeakKey
	}
	different := map[rune]bool{}
	for _, r := range key {
		if r <= ' ' || r > '~' {
			return ErrWeakKey
		}
		different[r] = true
	}
	if len(different) < 8 { // "1111..." has the length but not the chance
		return ErrWeakKey
	}
	return nil
}

func (u Upload) statement() photo.Statement {
	if u.Statement == nil {
		return photo.Statement{}
	}
	return u.Statement()
}

func (u Upload) lane() photo.Lane {
	if u.Lane == nil {
		return ""
	}
	return u.Lane()
}

// store streams the picture into its blob and returns all that is known of it.
func (in *Intake) store(ctx context.Context, u Upload, id photo.ID) (photo.Received, error) {
	body := newSource(u.Body)
	original, err := body.sniff()
	if err != nil {
		return photo.Received{}, err
	}
	_, err = in.Vault.Put(ctx, vault.OriginalOf(id), body)
	switch {
	case body.failed != nil: // the client's doing, which Put only passes on
		return photo.Received{}, body.failed
	case err != nil && ctx.Err() != nil:
		return photo.Received{}, ErrTruncated
	case err != nil:
		return photo.Received{}, unavailable("store the picture", err)
	}
	order, err := u.Order()
	if err != nil {
		return photo.Received{}, err
	}
	original.Bytes = body.count
	now := in.Now()
	return photo.Received{
		Statement: u.statement(), Lane: u.lane(),
		Document: order.Document, AgeBand: order.AgeBand, Original: original,
		BodyHash: body.hashWith(order), Reference: statistics.NewReference(), Now: now, ExpiresAt: in.Life.ExpiresAt(now),
	}, nil
}

// Known tells whether there is an upload with this idempotency key, so that its replay can
// be answered while new uploads are not taken. It is false when that can't be told.
func (in *Intake) Known(ctx context.Context, idempotencyKey string) bool {
	if idempotencyKey == "" || checkIdempotencyKey(idempotencyKey) != nil {
		return false
	}
	hash, _, err := in.SealKey(idempotencyKey, photo.NewKey())
	if err != nil {
		return false
	}
	_, err = in.Replays.ByIdempotency(ctx, hash)
	return err == nil
}

// replay answers a repeated upload like the first one. The body is read again,
// to see that it is the same, and goes nowhere.
func (in *Intake) replay(ctx context.Context, u Upload, hash [32]byte) (Accepted, error) {
	earlier, err := in.Replays.ByIdempotency(ctx, hash)
	if errors.Is(err, photo.ErrNotFound) {
		return Accepted{}, ErrRunning // it ended between the two looks: come again
	}
	if err != nil {
		return Accepted{}, unavailable("find the earlier upload", err)
	}
	if s := earlier.Photo.Status; s == photo.Receiving || s == photo.Erasing || earlier.Photo.Expired(in.Now()) {
		return Accepted{}, ErrRunning // it is coming, or going
	}
	body := newSource(u.Body)
	if _, err := io.Copy(io.Discard, body); err != nil {
		return Accepted{}, body.failed
	}
	order, err := u.Order()
	if err != nil {
		return Accepted{}, err
	}
	if body.hashWith(order) != earlier.BodyHash {
		return Accepted{}, ErrMismatch
	}
	key, err := in.OpenKey(u.IdempotencyKey, earlier.SealedKey)
	if err != nil {
		return Accepted{}, unavailable("open the photo's key", err)
	}
	return Accepted{earlier.Photo, key}, nil
}

// hashWith is the hash of the whole upload: picture, document and age band. An
// upload chooses no settings.
func (s *source) hashWith(o photo.Order) [32]byte {
	h := sha256.New()
	h.Write(s.hash.Sum(nil))
	h.Write([]byte(o.Document + "\x00" + string(o.AgeBand)))
	return [32]byte(h.Sum(nil))
}
