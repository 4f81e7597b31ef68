package courier

import (
	"context"
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Endpoints keep where clients want to be told.
type Endpoints interface {
	Endpoint(ctx context.Context, c apiclient.ID) (webhook.Endpoint, error)
	Set(ctx context.Context, e webhook.Endpoint, did audit.Event) error
}

// Sealer hides secrets from whoever reads the database.
type Sealer interface {
	Opener
	Seal(ctx context.Context, about string, plain []byte) ([]byte, error)
}

// Desk is where endpoints are set, by operators and by clients themselves.
type Desk struct {
	Endpoints Endpoints
	Sealer    Sealer
	Loopback  bool // for development: servers on this machine are let through
	Now       func() time.Time
}

// Set has a client told at an address, from now on and also if it was switched off. An
// endpoint that had none before, or is to have another, gets a secret, which is returned
// and never again. What is wrong with the address is a webhook.URLError.
func (d *Desk) Set(ctx context.Context, want webhook.Endpoint, fresh bool, did audit.Event) (webhook.Endpoint, secret.Key, error) {
	url, err := webhook.ParseURL(want.URL, d.Loopback)
	if err != nil {
		return webhook.Endpoint{}, "", err
	}
	e := webhook.Endpoint{Client: want.Client, URL: url, Set: d.Now()}
	former, err := d.Endpoints.Endpoint(ctx, want.Client)
	switch {
	case errors.Is(err, webhook.ErrNoEndpoint):
		fresh = true
	case err != nil:
		return webhook.Endpoint{}, "", err
	default:
		e.Sealed = former.Sealed
	}
	var written secret.Key
	if fresh {
		var raw []byte
		raw, written = webhook.NewSecret()
		if e.Sealed, err = d.Sealer.Seal(ctx, webhook.About(string(want.Client)), raw); err != nil {
			return webhook.Endpoint{}, "", err
		}
	}
	if err := d.Endpoints.Set(ctx, e, did); err != nil {
		return webhook.Endpoint{}, "", err
	}
	return e, written, nil
}
