// Package accesslog notes each request as the privacy policy says and no other
// way: time, IP address, method and address, the anonymous user's ID, bytes sent,
// status, browser and operating system, and the site that led here. What could
// hold more is cut down before anything is stored: the address to its route, a
// photo's ID and settings from a list; the user agent to two names from a list;
// the referrer to its origin. So keys and tokens can't reach the log, wherever in
// a request somebody puts them.
//
// Noting costs a request next to nothing: it puts a struct into a bounded queue,
// from which a Recorder stores batches. What does not fit is lost and counted,
// never waited for.
package accesslog

import (
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Seen is a request as the server saw it. It lives in memory only.
type Seen struct {
	At        time.Time
	IP        string
	Method    string // one of HTTP's
	Route     string // the template; "none" for an address at which there is nothing
	Query     string // raw
	Photo     string // what stands at the template's place of a photo's ID
	Visitor   string // what the client gave as its anonymous ID
	UserAgent string
	Referrer  string
	Status    int
	Bytes     int64 // of the answer's body
}

// Entry is a line of the log.
type Entry struct {
	Name     string // tells entries apart; random
	At       time.Time
	IP       string
	Method   string
	Route    string
	Query    string   // listed settings only
	Photo    photo.ID // empty for none, and once the photo is erased
	Visitor  string   // empty unless an upload has set it
	Bytes    int64
	Status   int
	Browser  string // a known name, perhaps with its main version, or "other"
	OS       string
	Referrer string // an origin
}

// Entry cuts down what was seen to what is kept.
func (s Seen) Entry() Entry {
	browser, os := program(s.UserAgent)
	e := Entry{
		Name: secret.NewName(), At: s.At, IP: s.IP, Method: s.Method, Route: s.Route, Query: settings(s.Query),
		Bytes: s.Bytes, Status: s.Status, Browser: browser, OS: os, Referrer: origin(s.Referrer),
	}
	if id, ok := photo.ParseID(s.Photo); ok {
		e.Photo = id
	}
	if id, ok := ParseVisitor(s.Visitor); ok {
		e.Visitor = id
	}
	return e
}

// URL is the address without what was cut off: the route, with the photo's ID
// while the photo lives, and the settings.
func (e Entry) URL() string {
	u := e.Route
	if e.Photo != "" {
		u = strings.Replace(u, ":id", string(e.Photo), 1)
	}
	if e.Query != "" {
		u += "?" + e.Query
	}
	return u
}

// Filter says which entries are wanted: from From until before To, and of these
// the ones with IP and Status, unless these are empty and 0.
type Filter struct {
	From, To time.Time
	IP       string
	Status   int
}
