package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// ownChildReports are the reports about children as a letter's link reaches them.
type ownChildReports struct{ *API }

func (o ownChildReports) confirm(ctx context.Context, link secret.Key) (webui.Message, error) {
	r, err := o.ChildDesk.Confirm(ctx, link.Reveal())
	switch {
	case errors.Is(err, childreport.ErrNotFound):
		return webui.Message{}, errNotOurs
	case errors.Is(err, childreport.ErrLink):
		return webui.Message{}, linkOver()
	case err != nil:
		return webui.Message{}, err
	}
	return webui.ConfirmedChildReport(r), nil
}

// renew has nothing to offer: a report is decided before its link's time is over.
func (ownChildReports) renew(context.Context, secret.Key) error { return errNotOurs }

func (o ownChildReports) answer(ctx context.Context, key secret.Key) (shown, error) {
	r, err := o.ChildReports.FindByAnswer(ctx, key.Reveal())
	if errors.Is(err, childreport.ErrNotFound) || err == nil && !r.Opens(key.Reveal(), o.Now()) {
		err = errNotOurs
	}
	if err != nil {
		return nil, err
	}
	return func(p *webui.Pages, w io.Writer) error { return p.OwnChildReport(w, webui.OwnChildReport{Report: r}) }, nil
}

func linkOver() *Problem {
	return problem(http.StatusGone, "link_over", "This link has been used, or its time is over. If you confirmed your address before, there is nothing more to do.")
}
