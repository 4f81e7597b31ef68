// Package apiclient is the register of organisations whose servers use the API with a
// key of their own. A key is never needed: people use the service without one. It
// gives an organisation a quota by which it can plan, and webhooks, and it lets the
// operators tell one organisation's traffic from another's and end it.
//
// A client may have two keys for a while, so that one can be replaced without a gap.
// Of a key only its hash is kept, and the last characters by which people tell keys
// apart. Nothing here is about a person: the name is an organisation's, and of a key's
// use only the day is known.
package apiclient

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a client. It is no secret.
type ID string

// NewID returns a fresh ID.
func NewID() ID { return ID(secret.NewName()) }

// Client is an organisation that uses the API.
type Client struct {
	ID           ID
	Name         string // of the organisation, as the operator typed it
	PhotosPerDay int    // its quota for each day in UTC, 1 to MaxPhotosPerDay
	Revision     int    // raised by each change; the first is 1
	Added        time.Time
	Revoked      time.Time // zero while it is a client
	Keys         []KeyRecord
}

// Limits of an entry.
const (
	MaxName         = 200       // characters
	MaxPhotosPerDay = 1_000_000 // more is no limit
	MaxKeys         = 2         // valid at a time
	Overlap         = 7 * 24 * time.Hour
)

// ErrQuota says that the client has had its photos of the day.
var ErrQuota = errors.New("the client's photos of this day are used up")

// ErrUnknownKey says that no client has this key, or not any more.
var ErrUnknownKey = errors.New("the key belongs to no client")

// Check returns an entry as it can be kept, or a register.FieldError.
func (c Client) Check() (Client, error) {
	c.Name = strings.TrimSpace(c.Name)
	switch {
	case c.Name == "":
		return c, register.FieldError{Field: "name", Detail: "is missing"}
	case !utf8.ValidString(c.Name) || strings.ContainsFunc(c.Name, unicode.IsControl):
		return c, register.FieldError{Field: "name", Detail: "must be one line of text"}
	case utf8.RuneCountInString(c.Name) > MaxName:
		return c, register.FieldError{Field: "name", Detail: fmt.Sprintf("has more than %d characters", MaxName)}
	case c.PhotosPerDay < 1 || c.PhotosPerDay > MaxPhotosPerDay:
		return c, register.FieldError{Field: "photos_per_day", Detail: fmt.Sprintf("must be a whole number from 1 to %d", MaxPhotosPerDay)}
	}
	return c, nil
}

// Day is the beginning of the day in UTC by which photos are counted.
func Day(now time.Time) time.Time { return now.UTC().Truncate(24 * time.Hour) }

// Quota is how a client's day stands.
type Quota struct {
	PerDay int
	Used   int
	Resets time.Time // when the next day begins
}

// QuotaOf is the quota of a client that has used so many photos of the day.
func QuotaOf(c Client, used int, now time.Time) Quota {
	return Quota{PerDay: c.PhotosPerDay, Used: used, Resets: Day(now).Add(24 * time.Hour)}
}

// Left is how many photos more the client may send today; never negative.
func (q Quota) Left() int { return max(q.PerDay-q.Used, 0) }
