package httpapi

import (
	"context"
	"errors"
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// ownComplaints are the complaints as a letter's link reaches them, or their key.
type ownComplaints struct{ *API }

func (o ownComplaints) confirm(ctx context.Context, link secret.Key) (webui.Message, error) {
	c, err := o.ComplaintDesk.Confirm(ctx, link)
	if errors.Is(err, complaint.ErrNotFound) {
		err = errNotOurs
	}
	if err != nil {
		return webui.Message{}, err
	}
	return webui.ConfirmedComplaint(c, o.Zone), nil
}

func (o ownComplaints) renew(ctx context.Context, link secret.Key) error {
	err := o.ComplaintDesk.Renew(ctx, link)
	if errors.Is(err, complaint.ErrNotFound) {
		return errNotOurs
	}
	return toAddress(err)
}

func (o ownComplaints) answer(ctx context.Context, key secret.Key) (shown, error) {
	c, err := o.Complaints.OfAnswer(ctx, key)
	if errors.Is(err, complaint.ErrNotFound) {
		err = errNotOurs
	}
	if err != nil {
		return nil, err
	}
	view := webui.OwnComplaint{Complaint: c, Key: key.Reveal(), Document: o.documentName(c.About.Document), Zone: o.Zone}
	return func(p *webui.Pages, w io.Writer) error { return p.OwnComplaint(w, view) }, nil
}
