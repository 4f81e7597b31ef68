package tracing

import (
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Attribute is something that a span tells. These are all that there are, and none
// takes a text that could come from a person.
type Attribute struct{ bare attribute.KeyValue }

func text(key, value string) Attribute { return Attribute{attribute.String(key, value)} }

// waited is how long an entry was in its queue.
func waited(d time.Duration) Attribute {
	return Attribute{attribute.Int64("queue.waited_ms", max(d.Milliseconds(), 0))}
}

// Status is an answer's HTTP status.
func Status(code int) Attribute { return Attribute{attribute.Int("http.response.status_code", code)} }

// Queue is the name of one of the queues.
func Queue(name string) Attribute { return text("queue.name", name) }

// Retries is how often an entry was tried before.
func Retries(count int) Attribute { return Attribute{attribute.Int("queue.retries", count)} }

// Kind is what is stored.
func Kind(k vault.Kind) Attribute { return text("blob.kind", string(k)) }

// Size is how many bytes are stored.
func Size(bytes int64) Attribute { return Attribute{attribute.Int64("blob.bytes", bytes)} }

// Attempt is the number of a turn with a photo.
func Attempt(n int) Attribute { return Attribute{attribute.Int("photo.attempt", n)} }

// Outcome is what became of a photo, and why there is none.
func Outcome(s photo.Status, r photo.Reason) []Attribute {
	return []Attribute{text("photo.outcome", string(s)), text("photo.reason", string(r))}
}

// LetterKind is what a letter is about.
func LetterKind(k letter.Kind) Attribute { return text("letter.kind", string(k)) }

func bare(with []Attribute) []attribute.KeyValue {
	all := make([]attribute.KeyValue, len(with))
	for i, a := range with {
		all[i] = a.bare
	}
	return all
}
