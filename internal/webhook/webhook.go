// Package webhook is what the service tells an API client's server about the photos
// that were sent with its key, by the rules of Standard Webhooks: that one is ready,
// rejected, failed or erased.
//
// A notice is a row that is written in the transaction of what it tells, so that neither
// is there without the other, and is delivered at least once. It always has the same ID,
// by which the receiver knows that it has it already. It holds the photo's ID and words
// of ours, no key, no picture and nothing of a person.
//
// When a photo is erased, the notices about it that have not gone out are dropped, and
// those that have forget its ID: there is no photo any more that could be fetched. Only
// the notice of the erasure itself has the ID, because the receiver must know what to
// erase too (Art. 19 GDPR). It forgets it when it is delivered or given up, a day later
// at the latest.
package webhook

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a notice, in each of its deliveries.
type ID string

// NewID returns a fresh ID.
func NewID() ID { return ID(secret.NewName()) }

// Kind is what a notice tells.
type Kind string

// The kinds. They are part of the API.
const (
	PhotoReady    Kind = "photo.ready"
	PhotoRejected Kind = "photo.rejected"
	PhotoFailed   Kind = "photo.failed"
	PhotoErased   Kind = "photo.erased"
	Test          Kind = "webhook.test" // asked for, to try the endpoint
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{PhotoReady, PhotoRejected, PhotoFailed, PhotoErased, Test} }

// KindOf is what tells that a photo has come to a status; false for one of which nothing
// is told.
func KindOf(s photo.Status) (Kind, bool) {
	k, tells := map[photo.Status]Kind{photo.Ready: PhotoReady, photo.Rejected: PhotoRejected, photo.Failed: PhotoFailed}[s]
	return k, tells
}

// Event is what happened.
type Event struct {
	Kind     Kind
	Photo    photo.ID // empty for a Test
	Document string
	Revision int    // 0 when the photo is erased
	Verdict  string // of the report, when it is ready
	Reason   photo.Reason
	At       time.Time
}

// Notice is an event on its way to a client.
type Notice struct {
	ID     ID
	Client apiclient.ID
	Event
	Until time.Time // when telling it has no point any more

	// Where it goes to, as the endpoint was when this try began.
	URL    string
	Sealed []byte // the endpoint's secret
	Set    time.Time
}

// KeepTrying is how long a notice is tried.
const KeepTrying = 24 * time.Hour

// NewNotice returns a notice of an event.
func NewNotice(c apiclient.ID, e Event) Notice {
	return Notice{ID: NewID(), Client: c, Event: e, Until: e.At.Add(KeepTrying)}
}

type payload struct {
	Type      Kind      `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      data      `json:"data"`
}

type data struct {
	ID       photo.ID     `json:"id,omitempty"`
	Status   string       `json:"status"`
	Revision int          `json:"revision,omitempty"`
	Document string       `json:"document,omitempty"`
	Verdict  string       `json:"verdict,omitempty"`
	Reason   photo.Reason `json:"reason,omitempty"`
}

// Payload is what is sent, the same bytes each time.
func (n Notice) Payload() ([]byte, error) {
	status := map[Kind]string{PhotoReady: "ready", PhotoRejected: "rejected", PhotoFailed: "failed", PhotoErased: "erased", Test: "test"}[n.Kind]
	if status == "" {
		return nil, fmt.Errorf("a notice of no known kind: %q", n.Kind)
	}
	b, err := json.Marshal(payload{n.Kind, n.At.UTC(), data{n.Photo, status, n.Revision, n.Document, n.Verdict, n.Reason}})
	if err != nil {
		return nil, fmt.Errorf("write a notice: %w", err)
	}
	return b, nil
}
