package main

import (
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// refused is a request that an officer has refused.
func refused(t *testing.T, store *storage.Storage, now time.Time) subjectrequest.Request {
	t.Helper()
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	by := subjectrequest.By{Actor: "desk-a", Now: now, Calendar: calendar}
	filed, _, err := subjectrequest.New(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter, Email: "ada@example.org"}, by)
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.Requests.File(t.Context(), filed)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Refuse(subjectrequest.Refusal{Reason: "We hold nothing.", Authority: "The authority", Remedy: "The court"}, by)
	if err == nil {
		err = store.Requests.Save(t.Context(), c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.Request
}

func TestAnAnsweredRequestIsClosedByItselfOnTheControllersDay(t *testing.T) {
	in := testapp.Install(t)
	in.Env = append(in.Env, "CONTROLLER_TIME_ZONE=America/New_York")
	store := in.Migrated(t)
	r := refused(t, store, midnight)
	s := start(t, in, midnight.AddDate(0, 0, subjectrequest.AnswerDays))
	now := func() subjectrequest.Request {
		found, err := store.Requests.Find(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	eventually(t, "the job ran", func() bool { return s.ran("settle_requests") == 1 })
	if now().State != subjectrequest.Refused {
		t.Error("it was closed while it is still the day before in New York")
	}
	if !strings.Contains(s.log.String(), "no public holidays are known for CONTROLLER_COUNTRY") {
		t.Error("the log does not say that no holidays are known")
	}

	s.clock.Forward(4 * time.Hour) // New York has put its clocks forward
	eventually(t, "the job ran again", func() bool { return s.ran("settle_requests") == 2 })
	if found := now(); found.State != subjectrequest.Closed || found.Email != (email.Address{}) {
		t.Errorf("on the next day it is %s, and the address %q", found.State, found.Email)
	}
	if strings.Contains(s.log.String(), "ada@") {
		t.Error("the log names the person")
	}
}
