package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// posted has a letter in the outbox.
func posted(t *testing.T, store *storage.Storage, now time.Time) letter.Letter {
	t.Helper()
	to, err := email.Parse("person@mail.example")
	if err != nil {
		t.Fatal(err)
	}
	l, err := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}.Write(letter.Envelope{To: to, About: "arequest", Now: now},
		letter.Acknowledge{Case: letter.Case{Matter: letter.Complaint, Reference: "r-1"}, Received: now, AnswerBy: now})
	if err == nil {
		err = store.Letters.Write(t.Context(), l, letter.StandardRation())
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shows reports whether the metrics have a line.
func (r running) shows(line string) bool {
	r.Helper()
	_, figures := testapp.Get(r, r.ops+"/metrics")
	return strings.Contains(figures, line+"\n")
}

func TestALetterGoesOutWhenTheMailServerIsBack(t *testing.T) {
	in, server := testapp.Install(t), testservers.SMTP(t, testservers.SMTPOptions{})
	in.Env = append(in.Env, "SMTP_URL="+server.URL(), "MAIL_FROM=Photos <photos@photos.example>", "PRIVACY_EMAIL=privacy@photos.example")
	store := in.Migrated(t)
	server.Stop()
	posted(t, store, midnight)
	s := start(t, in, midnight)
	eventually(t, "a try failed", func() bool {
		return s.shows(`passportphoto_letters_sent_total{kind="acknowledgement",result="waiting"} 1`)
	})
	if !s.shows(`passportphoto_letters{state="waiting"} 1`) {
		t.Error("the letter does not wait")
	}
	server.Start(t)
	s.clock.Forward(time.Minute)
	eventually(t, "the letter was sent", func() bool { return s.shows(`passportphoto_letters{state="sent"} 1`) })
	mails := server.Mails()
	if len(mails) != 1 || mails[0].Header(t).Get("Reply-To") != "<privacy@photos.example>" {
		t.Errorf("%d mails", len(mails))
	}
	if strings.Contains(s.log.String(), "person@") {
		t.Error("the log names the addressee")
	}
}

func TestAMailServerThatHangsHoldsUpNoDeletion(t *testing.T) {
	in, server := testapp.Install(t), testservers.SMTP(t, testservers.SMTPOptions{})
	in.Env = append(in.Env, "SMTP_URL="+server.URL(), "MAIL_FROM=photos@photos.example")
	store := in.Migrated(t)
	server.Be(testservers.Hangs)
	for range 5 { // more than are sent at a time
		posted(t, store, midnight)
	}
	s := start(t, in, midnight)
	<-server.Arrivals()
	before := s.ran("expire")
	s.clock.Forward(time.Minute)
	eventually(t, "expiry ran", func() bool { return s.ran("expire") > before })
}

func TestTheTraceOfALetterTellsWhatKindItIsAndNothingElseOfIt(t *testing.T) {
	in, server, collector := testapp.Install(t), testservers.SMTP(t, testservers.SMTPOptions{}), testservers.StartCollector(t)
	in.Env = append(in.Env, "SMTP_URL="+server.URL(), "MAIL_FROM=photos@photos.example", "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL)
	store := in.Migrated(t)
	l := posted(t, store, midnight)
	s := start(t, in, midnight)
	eventually(t, "the letter was sent", func() bool { return s.shows(`passportphoto_letters{state="sent"} 1`) })
	s.Stop()
	by, way := map[string]testservers.Span{}, ""
	for _, span := range collector.Spans() {
		by[span.ID] = span
		for _, secret := range []string{"person@", string(l.ID), "arequest", "r-1"} {
			if told := fmt.Sprintf("%+v", span); strings.Contains(told, secret) {
				t.Errorf("%q is in %s", secret, told)
			}
		}
	}
	for _, span := range by {
		if span.Name == "send a letter" {
			for up := span; up.Name != ""; up = by[up.Parent] {
				way += up.Name + " < "
			}
			if diff := cmp.Diff(map[string]string{"letter.kind": "acknowledgement"}, span.Attributes); diff != "" {
				t.Error(diff)
			}
		}
	}
	if way != "send a letter < letter:send < enqueue letter:send < job send_letters < " {
		t.Errorf("the way of the letter is %q", way)
	}
}

func TestWithoutAMailServerTheLogSaysSo(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	s := start(t, in, midnight)
	if !strings.Contains(s.log.String(), "no mail server is configured (SMTP_URL)") {
		t.Error("it does not")
	}
}
