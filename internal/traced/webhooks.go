package traced

import (
	"context"

	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Webhooks returns a poster with a span around each notice that is posted.
func Webhooks(p courier.Poster, t *tracing.Tracer) courier.Poster { return poster{p, t} }

type poster struct {
	courier.Poster
	tracer *tracing.Tracer
}

func (p poster) Post(ctx context.Context, n webhook.Notice, secret []byte) (err error) {
	ctx, span := p.tracer.Begin(ctx, "post a notice")
	defer func() { span.End(err) }()
	return p.Poster.Post(ctx, n, secret)
}
