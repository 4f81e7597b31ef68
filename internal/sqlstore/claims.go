package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Claim takes the photo for photo.Lease and returns it with its attempt raised.
// want names the attempt before this claim. photo.ErrClaimLost says that the
// photo is not to be had: it is held, has moved on, has expired, is stopped, or has
// used up its attempts.
func (p *Photos) Claim(ctx context.Context, want photo.Claim, now time.Time) (photo.Photo, error) {
	got, err := scanPhoto(p.db.QueryRowContext(ctx, `
		UPDATE photos SET status = $1, attempt = attempt + 1, lease_until = $2, task_noted_at = 0
		WHERE id = $3 AND revision = $4 AND attempt = $5 AND attempt < $6 AND expires_at > $7 AND `+goesOn+`
			AND (status = $8 OR status = $1 AND lease_until <= $7)
		RETURNING `+columns,
		photo.Processing, sqldb.Millis(now.Add(photo.Lease)),
		want.ID, want.Revision, want.Attempt, photo.MaxAttempts, sqldb.Millis(now),
		photo.Queued))
	if err != nil {
		return photo.Photo{}, fmt.Errorf("claim photo: %w", absent(err, photo.ErrClaimLost))
	}
	return got, nil
}

// Renew keeps the claim for another photo.Lease; photo.ErrClaimLost if another
// has the photo, its time is over or it was stopped.
func (p *Photos) Renew(ctx context.Context, held photo.Claim, now time.Time) error {
	kept, err := p.change(ctx, `UPDATE photos SET lease_until = $1 WHERE expires_at > $2 AND `+isHeld(3),
		append([]any{sqldb.Millis(now.Add(photo.Lease)), sqldb.Millis(now)}, holder(held)...)...)
	return changedOrLost("renew claim", kept, err)
}

// Finish records how the claim's work ended; photo.ErrClaimLost if another has
// the photo, or its time was over at o.Now: then nothing is changed, and what this holder stored is to be
// deleted.
func (p *Photos) Finish(ctx context.Context, held photo.Claim, o photo.Outcome) error {
	if !o.Status.Settled() {
		return fmt.Errorf("finish photo: %q is not an outcome", o.Status)
	}
	result := 0
	if o.Status == photo.Ready {
		result = held.Attempt
	}
	err := p.settle(ctx, webhook.Event{Verdict: o.Verdict, At: o.Now}, `
		UPDATE photos SET status = $1, reason = $2, result_attempt = $3, lease_until = 0,
			stale_revision = 0, stale_attempt = 0,
			analysis_revision = CASE WHEN $4 THEN revision ELSE analysis_revision END,
			analysis_attempt = CASE WHEN $4 THEN attempt ELSE analysis_attempt END
		WHERE expires_at > $5 AND `+isHeld(6),
		append([]any{o.Status, o.Reason, result, o.Analysis, sqldb.Millis(o.Now)}, holder(held)...)...)
	if err != nil {
		return fmt.Errorf("finish photo: %w", err)
	}
	return nil
}

// settle changes a photo with the statement and tells its API client in the same
// transaction, if the photo has come to an end by it; photo.ErrClaimLost if nothing was
// changed. e is what is not in the record.
func (p *Photos) settle(ctx context.Context, e webhook.Event, update string, args ...any) error {
	return inTx(ctx, p.db, func(tx *sql.Tx) error {
		told, err := scanSettled(tx.QueryRowContext(ctx, update+settled, args...))
		if err != nil {
			return absent(err, photo.ErrClaimLost)
		}
		return told.tell(ctx, tx, e)
	})
}

// settled is what scanSettled reads of a photo that was changed.
const settled = ` RETURNING id, COALESCE(api_client, ''), status, reason, document, revision`

// settledPhoto is what an API client may be told of its photo.
type settledPhoto struct {
	id       photo.ID
	client   apiclient.ID
	status   photo.Status
	reason   photo.Reason
	document string
	revision int
}

func scanSettled(row sqldb.Row) (s settledPhoto, err error) {
	err = row.Scan(&s.id, &s.client, &s.status, &s.reason, &s.document, &s.revision)
	return s, err
}

// tell tells the client how the photo ended, if it has.
func (s settledPhoto) tell(ctx context.Context, tx *sql.Tx, e webhook.Event) error {
	kind, tells := webhook.KindOf(s.status)
	if !tells {
		return nil
	}
	e.Kind, e.Photo, e.Reason, e.Document, e.Revision = kind, s.id, s.reason, s.document, s.revision
	return tellOf(ctx, tx, s.client, e)
}

// Release hands the photo back for another worker, without a strike.
func (p *Photos) Release(ctx context.Context, held photo.Claim, now time.Time) error {
	done, err := p.change(ctx, `
		UPDATE photos SET status = $1, queued_at = $2, lease_until = 0
		WHERE `+isHeld(3),
		append([]any{photo.Queued, sqldb.Millis(now)}, holder(held)...)...)
	return changedOrLost("release photo", done, err)
}

// Strike records that a process died on the picture, and returns what became of
// the photo: queued again, or failed with photo.KillsChild.
func (p *Photos) Strike(ctx context.Context, held photo.Claim, now time.Time) (photo.Status, error) {
	var struck settledPhoto
	err := inTx(ctx, p.db, func(tx *sql.Tx) (err error) {
		struck, err = scanSettled(tx.QueryRowContext(ctx, `
			UPDATE photos SET strikes = strikes + 1, lease_until = 0, queued_at = $1,
				status = CASE WHEN strikes + 1 >= $2 THEN $3 ELSE $4 END,
				reason = CASE WHEN strikes + 1 >= $2 THEN $5 ELSE reason END
			WHERE `+isHeld(6)+settled,
			append([]any{sqldb.Millis(now), photo.MaxStrikes, photo.Failed, photo.Queued, photo.KillsChild},
				holder(held)...)...))
		if err != nil {
			return absent(err, photo.ErrClaimLost)
		}
		return struck.tell(ctx, tx, webhook.Event{At: now})
	})
	if err != nil {
		return "", fmt.Errorf("strike photo: %w", err)
	}
	return struck.status, nil
}

// isHeld is the fence: it holds while the claim in the four arguments from
// number n on, which holder gives, is the current one. A photo that is stopped is
// held by nobody: what stops it ends the turn under way.
func isHeld(n int) string {
	return fmt.Sprintf("id = $%d AND revision = $%d AND attempt = $%d AND status = $%d", n, n+1, n+2, n+3)
}

func holder(c photo.Claim) []any { return []any{c.ID, c.Revision, c.Attempt, photo.Processing} }

func changedOrLost(doing string, changed bool, err error) error {
	if err == nil && !changed {
		err = photo.ErrClaimLost
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
