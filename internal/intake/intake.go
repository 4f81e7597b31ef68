// Package intake takes in what people ask for: an upload, or an edit of one.
//
// For an upload a row is reserved first, then the picture
// streams through, encrypted, into its blob while its kind, its size and its
// hash are taken from the same pass; one update then makes the photo `queued`,
// and from that moment it is kept whatever happens: telling the queue is only a
// hint, which the sweep repeats. Until that update any trouble leaves nothing:
// no row, no blob, no key.
//
// The picture is never held in memory, and never decoded: this package reads
// headers.
package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// How long the two things may take that must happen even after the client has
// gone.
const (
	enqueueLimit = time.Second
	settleLimit  = 10 * time.Second
)

// Records keeps the row of an upload.
type Records interface {
	// Reserve answers photo.ErrDuplicate when the idempotency hash is taken.
	Reserve(ctx context.Context, r photo.Reservation) error
	Queue(ctx context.Context, id photo.ID, r photo.Received) error
	Abandon(ctx context.Context, id photo.ID) error
}

// Replays finds the upload that an idempotency key belongs to.
type Replays interface {
	ByIdempotency(ctx context.Context, hash [32]byte) (photo.Replay, error)
}

// Dispatch records that the queue knows of a photo, so that the sweep need not
// tell it.
type Dispatch interface {
	Enqueued(ctx context.Context, c photo.Claim, now time.Time) error
}

// Queue is told that a photo waits.
type Queue interface {
	EnqueuePhoto(ctx context.Context, c photo.Claim) error
}

// Statistics notes what the person does, for support; it never fails.
type Statistics interface {
	Received(ctx context.Context, p photo.Photo)
}

// Parts are what an Intake works with. All are needed.
type Parts struct {
	Records    Records
	Replays    Replays
	Revisions  Revisions
	Dispatch   Dispatch
	Vault      Vault
	Queue      Queue
	Statistics Statistics
	Life       retention.PictureLife
	Log        *slog.Logger
	Now        func() time.Time

	// SealKey keeps a photo's key readable for whoever has the idempotency key;
	// its hash finds the upload again. OpenKey reads it.
	SealKey func(idempotencyKey string, key photo.Key) (hash [32]byte, sealed []byte, err error)
	OpenKey func(idempotencyKey string, sealed []byte) (photo.Key, error)
}

// Intake takes uploads in.
type Intake struct{ Parts }

// New returns an intake over its parts.
func New(p Parts) *Intake { return &Intake{p} }

// Accepted is the answer to an upload. Key is the only copy that is ever given
// out.
type Accepted struct {
	Photo photo.Photo
	Key   photo.Key
}

// Accept takes the upload in. Errors are those of this package, a photo.Reason,
// apiclient.ErrQuota, or whatever u.Order answered; ErrUnavailable covers all that is our own fault.
func (in *Intake) Accept(ctx context.Context, u Upload) (Accepted, error) {
	if err := checkIdempotencyKey(u.IdempotencyKey); err != nil {
		return Accepted{}, err
	}
	fresh, reservation, err := in.reserve(ctx, u)
	if errors.Is(err, photo.ErrDuplicate) {
		return in.replay(ctx, u, reservation.Idempotency.Hash)
	}
	if err != nil {
		return Accepted{}, err
	}
	p := photo.Photo{ID: reservation.ID, KeyHash: reservation.KeyHash, Status: photo.Queued, Revision: 1, CreatedAt: reservation.Now}
	if err := in.receive(ctx, u, &p); err != nil {
		in.leaveNothing(ctx, p.ID)
		return Accepted{}, err
	}
	in.dispatch(ctx, p.Claim())
	in.Statistics.Received(ctx, p)
	return Accepted{p, fresh}, nil
}

func (in *Intake) reserve(ctx context.Context, u Upload) (photo.Key, photo.Reservation, error) {
	key := photo.NewKey()
	r := photo.Reservation{ID: photo.NewID(), KeyHash: key.Hash(), Client: u.Client, Now: in.Now()}
	if u.IdempotencyKey != "" {
		hash, sealed, err := in.SealKey(u.IdempotencyKey, key)
		if err != nil {
			return "", r, unavailable("seal the photo's key", err)
		}
		r.Idempotency = &photo.Idempotency{Hash: hash, SealedKey: sealed}
	}
	err := in.Records.Reserve(ctx, r)
	if err != nil && !errors.Is(err, photo.ErrDuplicate) && !errors.Is(err, apiclient.ErrQuota) {
		err = unavailable("reserve", err)
	}
	return key, r, err
}

// receive stores the picture and queues the photo. It does not queue for a
// client that is gone, and does not let one that goes now stop half-way.
func (in *Intake) receive(ctx context.Context, u Upload, p *photo.Photo) error {
	got, err := in.store(ctx, u, p.ID)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ErrTruncated
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	err = in.Records.Queue(ctx, p.ID, got)
	if errors.Is(err, apiclient.ErrQuota) {
		return err
	}
	if err != nil {
		return unavailable("queue", err)
	}
	p.Document, p.AgeBand, p.Original = got.Document, got.AgeBand, got.Original
	p.LastEditedAt, p.ExpiresAt, p.Reference, p.Statement, p.Lane = got.Now, got.ExpiresAt, got.Reference, got.Statement, got.Lane
	return nil
}

// dispatch tells the queue. Failing is harmless: the sweep finds the photo.
func (in *Intake) dispatch(ctx context.Context, c photo.Claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enqueueLimit)
	defer cancel()
	if err := in.Queue.EnqueuePhoto(ctx, c); err != nil {
		in.Log.WarnContext(ctx, "the queue does not answer; the sweep will enqueue the photo", "photo", string(c.ID), "error", err)
		return
	}
	if err := in.Dispatch.Enqueued(ctx, c, in.Now()); err != nil {
		in.Log.WarnContext(ctx, "the queue knows the photo, its record does not say so", "photo", string(c.ID), "error", err)
	}
}

// leaveNothing undoes a reservation. The row goes last: as long as it stands,
// the sweep of unfinished uploads can do what failed here.
func (in *Intake) leaveNothing(ctx context.Context, id photo.ID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	err := in.Vault.EraseKey(ctx, id)
	if err == nil {
		err = in.Vault.EraseBlobs(ctx, id)
	}
	if err == nil {
		err = in.Records.Abandon(ctx, id)
	}
	if err != nil {
		in.Log.ErrorContext(ctx, "an upload that failed left something; the sweep will remove it", "photo", string(id), "error", err)
	}
}

func unavailable(doing string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, err)
}
