package privacydesk

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Find returns a request as it stands; subjectrequest.ErrNotFound for none.
func (d *Desk) Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error) {
	return d.Requests.Find(ctx, id)
}

// Open returns the request that a person's key opens, or the link or the code of the
// letter that tells of its answer; subjectrequest.ErrNotFound if it opens none.
func (d *Desk) Open(ctx context.Context, key secret.Key) (subjectrequest.Request, error) {
	return d.Locks.OfAnswer(ctx, key)
}

// Renew sends a new link to the address that the link or the code was mailed to: for
// whoever comes when its time is over. subjectrequest.ErrNotFound says that it opens
// nothing, ErrLinkUsed that the address is proved, the rest is Resend's.
func (d *Desk) Renew(ctx context.Context, link secret.Key) error {
	r, err := d.Locks.OfLink(ctx, link)
	if err != nil {
		return fmt.Errorf("renew a link: %w", err)
	}
	if !r.Link.ConfirmedAt.IsZero() {
		return subjectrequest.ErrLinkUsed
	}
	return d.Resend(ctx, r, audit.Person)
}
