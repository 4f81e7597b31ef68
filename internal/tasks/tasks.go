// Package tasks is the contract between those who ask for work and those who do
// it: the names of the queues and task types, the payloads, and how a task is
// put into the queue and taken out again. It knows no handler.
//
// A payload holds IDs only and the version of its form, never a person's data, because queue entries
// outlive the work: Redis keeps those that failed. And since SQL is the truth,
// an entry is no more than a hint that there may be something to do; losing it
// or seeing it twice does no harm.
package tasks

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// The queues. Photos and Bulk are the lanes of photos, served by the same slots.
// Maintenance has its own, so that deletion never waits behind
// photos, Critical has what somebody waits for with the connection open, Mail has
// letters, whose server may be slow, Answers has archives for people who asked, and
// Webhooks has what API clients are told, whose servers may be slow too.
const (
	Photos      = "default"
	Bulk        = "bulk"
	Maintenance = "maintenance"
	Critical    = "critical"
	Mail        = "mail"
	Answers     = "answers"
	Webhooks    = "webhooks"
)

// Queues lists them.
func Queues() []string {
	return []string{Photos, Bulk, Maintenance, Critical, Mail, Answers, Webhooks}
}

// The task types. A job of the timetable has the type JobType with its name
// after it.
const (
	PhotoType   = "photo:develop"
	PreviewType = "preview:run"
	LetterType  = "letter:send"
	ArchiveType = "archive:build"
	WebhookType = "webhook:tell"
	JobType     = "job:"
)

// How the queue treats a photo's task. The timeout is only the last resort: a
// studio gives up on a picture long before. Retries are for the time in which
// SQL does not answer; the sweep takes over when they are used up.
const (
	photoTimeout = 2 * time.Minute
	photoRetries = 8
	jobTimeout   = 5 * time.Minute
)

type payload struct {
	ID       photo.ID `json:"id"`
	Revision int      `json:"revision"`
	Attempt  int      `json:"attempt"`
}

// ParsePhoto reads the payload of a photo's task: the claim as it was before
// the worker's own, so Attempt is 0 the first time.
func ParsePhoto(b []byte) (photo.Claim, error) {
	var p payload
	if err := unpack(b, &p); err != nil {
		return photo.Claim{}, fmt.Errorf("payload of a photo task: %w", err)
	}
	id, ok := photo.ParseID(string(p.ID))
	if !ok || p.Revision < 1 || p.Attempt < 0 {
		return photo.Claim{}, fmt.Errorf("payload of a photo task names no photo")
	}
	return photo.Claim{ID: id, Revision: p.Revision, Attempt: p.Attempt}, nil
}

var errForm = errors.New("it is not of the form that is expected")

// unpack reads a payload. Its error does not repeat what can't be read, which is none of
// ours then: the queue keeps errors.
func unpack(b []byte, into any) error {
	if json.Unmarshal(b, into) != nil {
		return errForm
	}
	return nil
}

func photoPayload(c photo.Claim) ([]byte, error) {
	return pack(payload{c.ID, c.Revision, c.Attempt})
}

// photoTaskID is predictable, so that a claim has at most one entry and an
// erasure finds a photo's entries without reading the queue.
func photoTaskID(c photo.Claim) string {
	return fmt.Sprintf("photo:%s:%d:%d", c.ID, c.Revision, c.Attempt)
}

func jobTaskID(name string, period time.Time) string {
	return name + ":" + period.UTC().Format(time.RFC3339)
}

// PeriodOf reads the start of the period from a job's entry's ID; zero if there is none
// in it.
func PeriodOf(jobTaskID string) time.Time {
	_, period, _ := strings.Cut(jobTaskID, ":")
	t, err := time.Parse(time.RFC3339, period)
	if err != nil {
		return time.Time{}
	}
	return t
}
