package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func confirmation(t *testing.T) letter.Letter {
	t.Helper()
	to, err := email.Parse("person@mail.example")
	if err != nil {
		t.Fatal(err)
	}
	w := letter.Writer{Site: "https://photos.example", From: "Fotos für alle", Zone: time.UTC}
	l, err := w.Write(letter.Envelope{To: to, About: "x", Now: noon}, letter.ConfirmAddress{
		Case: letter.Case{Matter: letter.Erasure, Reference: "r-1"}, Secrets: secret.NewPair(), Until: noon.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func server(t *testing.T, at *testservers.SMTPServer, url string) *Server {
	t.Helper()
	s, err := New(Options{
		URL: url, From: `"Fotos für \"alle\", überall" <photos@photos.example>`, ReplyTo: "privacy@photos.example",
		Roots: at.Roots, Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failed checks that a try failed for a reason and that the error says nothing else.
func failed(t *testing.T, err error, want letter.Failure) {
	t.Helper()
	var got letter.Failure
	if !errors.As(err, &got) || got != want {
		t.Errorf("got %v, want %v", err, want)
	}
	for _, secret := range []string{"person", "example", "s3cret", "desk", "127.0.0.1"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error says %q: %v", secret, err)
		}
	}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	at := testservers.SMTP(t, testservers.SMTPOptions{})
	l := confirmation(t)
	if err := server(t, at, at.URL()).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	mails := at.Mails()
	if len(mails) != 1 || mails[0].From != "photos@photos.example" || !cmp.Equal(mails[0].To, []string{"person@mail.example"}) {
		t.Fatalf("%+v", mails)
	}
	h := mails[0].Header(t)
	from, err := h.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Name != `Fotos für "alle", überall` || from[0].Address != "photos@photos.example" {
		t.Errorf("from %v, %v", from, err)
	}
	for name, want := range map[string]string{
		"To": "<person@mail.example>", "Reply-To": "<privacy@photos.example>", "Subject": l.Subject,
		"Message-Id": "<" + string(l.ID) + "@photos.example>", "Auto-Submitted": "auto-generated", "Date": noon.Format(time.RFC1123Z),
		"Bcc": "", "Cc": "", "User-Agent": "", "X-Mailer": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	text, html := l.Outgoing()
	types, bodies := mails[0].Parts(t)
	if !strings.HasPrefix(types[0], "text/plain") || !strings.HasPrefix(types[1], "text/html") {
		t.Errorf("types %v", types)
	}
	if diff := cmp.Diff([]string{text, html}, bodies); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(string(mails[0].Raw), "image/") {
		t.Error("the mail carries a picture")
	}
}

func TestPasswordsAndEncryption(t *testing.T) {
	for name, o := range map[string]testservers.SMTPOptions{
		"STARTTLS": {User: "desk", Password: "s3cret/@", STARTTLS: true},
		"TLS":      {User: "desk", Password: "s3cret/@", TLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			at := testservers.SMTP(t, o)
			s := server(t, at, at.URL())
			s.at.Plain = false // this machine's own address would be spoken to without
			if err := s.Send(t.Context(), confirmation(t)); err != nil {
				t.Fatal(err)
			}
			if len(at.Mails()) != 1 {
				t.Errorf("%d mails", len(at.Mails()))
			}
			s.at.Password = "s3cret"
			failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.LoginRefused, Code: 535})
			s.at.User = ""
			failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.Unwelcome, Code: 502})
			s.roots = nil
			failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.NotEncrypted})
		})
	}
	t.Run("not offered", func(t *testing.T) {
		at := testservers.SMTP(t, testservers.SMTPOptions{})
		s := server(t, at, at.URL())
		s.at.User, s.at.Password = "desk", "s3cret"
		failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.LoginRefused})
		s.at.Plain = false
		failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.NotEncrypted})
		if len(at.Mails()) > 0 {
			t.Error("a letter was sent in the clear")
		}
	})
}

func TestWhatAMailServerSaysIsForGoodOnlyAboutTheLetter(t *testing.T) {
	at := testservers.SMTP(t, testservers.SMTPOptions{})
	s := server(t, at, at.URL())
	for mood, want := range map[testservers.Mood]letter.Failure{
		testservers.DefersAddressees:  {Reason: letter.Deferred, Code: 451},
		testservers.RefusesAddressees: {Reason: letter.Refused, Code: 550},
		testservers.RefusesRelaying:   {Reason: letter.Unwelcome, Code: 550},
		testservers.RefusesSender:     {Reason: letter.Unwelcome, Code: 553},
		testservers.RefusesContent:    {Reason: letter.Refused, Code: 554},
		testservers.BreaksOff:         {Reason: letter.Unreachable},
	} {
		at.Be(mood)
		t.Run(fmt.Sprint(want), func(t *testing.T) { failed(t, s.Send(t.Context(), confirmation(t)), want) })
	}
	at.Stop()
	failed(t, s.Send(t.Context(), confirmation(t)), letter.Failure{Reason: letter.Unreachable})
}

func TestWhatWasTakenStaysTakenThoughTheServerBreaksOffAfterwards(t *testing.T) {
	at := testservers.SMTP(t, testservers.SMTPOptions{})
	at.Be(testservers.BreaksOffAfterwards)
	if err := server(t, at, at.URL()).Send(t.Context(), confirmation(t)); err != nil {
		t.Error(err)
	}
}

func TestAServerThatHangsIsLeftWhenThereIsNoTime(t *testing.T) {
	at := testservers.SMTP(t, testservers.SMTPOptions{})
	at.Be(testservers.Hangs)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-at.Arrivals()
		cancel()
	}()
	began := time.Now()
	failed(t, server(t, at, at.URL()).Send(ctx, confirmation(t)), letter.Failure{Reason: letter.Unreachable})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAServerThatDoesNotGreetIsLeftWhenThereIsNoTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		cancel()
		if err == nil {
			_, err = c.Read(make([]byte, 1)) // until the client closes
		}
		gone <- err
	}()
	s, err := New(Options{URL: "smtp://" + l.Addr().String(), From: "a@photos.example", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	failed(t, s.Send(ctx, confirmation(t)), letter.Failure{Reason: letter.Unreachable})
	select {
	case err := <-gone:
		if err == nil {
			t.Error("the client said something")
		}
	case <-time.After(5 * time.Second):
		t.Error("the connection was left open")
	}
}

func TestAddressesOfMailServers(t *testing.T) {
	for in, want := range map[string]Place{
		"smtp://u:p%40@mail.example":         {Host: "mail.example", Port: 587, User: "u", Password: "p@"},
		"smtps://u:p@mail.example":           {Host: "mail.example", Port: 465, User: "u", Password: "p", Implicit: true},
		"smtp://mail.example:25":             {Host: "mail.example", Port: 25},
		"smtp://localhost:1025":              {Host: "localhost", Port: 1025, Plain: true},
		"smtp://[::1]:1025":                  {Host: "::1", Port: 1025, Plain: true},
		"smtps://localhost":                  {Host: "localhost", Port: 465, Implicit: true},
		"smtp://mailpit:1025?tls=off":        {Host: "mailpit", Port: 1025, Plain: true},
		"smtp://u:p@localhost:1025?tls=off/": {},
	} {
		got, err := ParseURL(in)
		if want == (Place{}) {
			if err == nil {
				t.Errorf("%s was taken", in)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "mail.example", "smtp://", "http://mail.example", "smtp://u@mail.example", "smtp://u:p@mail.example/path", "smtp://mail.example:0",
		"smtp://mail.example:99999", "smtp://u:s3cret@mail.example?tls=off", "smtps://mail.example?tls=off", "smtp://u:s3cret@mail.example:port", "smtp://mail.example#x",
	} {
		if _, err := ParseURL(in); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	good := Options{URL: "smtp://localhost", From: "a@photos.example", ReplyTo: "b@photos.example"}
	for name, spoil := range map[string]func(*Options){
		"SMTP_URL": func(o *Options) { o.URL = "x" }, "MAIL_FROM": func(o *Options) { o.From = "x" }, "PRIVACY_EMAIL": func(o *Options) { o.ReplyTo = "x" },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
