package testservers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mood is how a mail server behaves.
type Mood int

// The moods.
const (
	Friendly            Mood = iota
	DefersAddressees         // 451
	RefusesAddressees        // 550
	RefusesRelaying          // 550 5.7.1, as a server does that we may not use
	RefusesSender            // 553
	RefusesContent           // 554 after all of a mail
	Hangs                    // keeps a mail and never answers
	BreaksOff                // keeps a mail and breaks off instead of answering
	BreaksOffAfterwards      // keeps a mail, answers and breaks off
)

// SMTPOptions say what a mail server wants of its clients.
type SMTPOptions struct {
	User, Password string // none wanted if empty
	STARTTLS       bool   // offered
	TLS            bool   // from the first byte
}

// SMTPServer is a mail server that keeps what it gets, and that a test can take down,
// bring back and put in a mood.
type SMTPServer struct {
	Roots *x509.CertPool // of its certificate

	options SMTPOptions
	tls     *tls.Config
	addr    string
	run     *smtp.Server // nil while stopped
	ended   chan struct{}
	door    net.Listener

	mu       sync.Mutex
	mood     Mood
	mails    []Mail
	arrivals chan struct{}
}

// SMTP starts a mail server, which stops with the test.
func SMTP(t testing.TB, o SMTPOptions) *SMTPServer {
	t.Helper()
	certificate, roots := selfSigned(t)
	s := &SMTPServer{
		Roots: roots, options: o, addr: fmt.Sprintf("127.0.0.1:%d", freePort(t)), arrivals: make(chan struct{}, 1000),
		tls: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	s.Start(t)
	t.Cleanup(s.Stop)
	return s
}

// URL is the server's address with its user and password.
func (s *SMTPServer) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.addr}
	if s.options.TLS {
		u.Scheme = "smtps"
	}
	if s.options.User != "" {
		u.User = url.UserPassword(s.options.User, s.options.Password)
	}
	return u.String()
}

// Be puts the server in a mood.
func (s *SMTPServer) Be(m Mood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mood = m
}

// Mails are all that the server ever kept.
func (s *SMTPServer) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Arrivals has an entry for each mail, as soon as the server has all of it.
func (s *SMTPServer) Arrivals() <-chan struct{} { return s.arrivals }

// Start brings a stopped server back, at the same address and with the mails that it
// had.
func (s *SMTPServer) Start(t testing.TB) {
	t.Helper()
	if s.run != nil {
		return
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", s.addr)
	if err != nil {
		t.Fatalf("mail server: %v", err)
	}
	s.door = l
	l = fragile{l}
	if s.options.TLS {
		l = tls.NewListener(l, s.tls)
	}
	s.run = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &smtpSession{server: s, conn: c}, nil
	}))
	s.run.Domain, s.run.AllowInsecureAuth, s.run.MaxMessageBytes = "mail.example", true, 1<<20
	s.run.ErrorLog = log.New(io.Discard, "", 0)
	if s.options.STARTTLS {
		s.run.TLSConfig = s.tls
	}
	s.ended = make(chan struct{})
	go func(run *smtp.Server, ended chan struct{}) {
		defer close(ended)
		_ = run.Serve(l) // ends with Stop
	}(s.run, s.ended)
}

// Stop takes the server down, in the middle of whatever it does.
func (s *SMTPServer) Stop() {
	if s.run != nil {
		_ = s.run.Close()
		_ = s.door.Close() // which the server may not know yet
		<-s.ended
		s.run = nil
	}
}

func (s *SMTPServer) keep(m Mail) Mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mood != RefusesContent {
		s.mails = append(s.mails, m)
		s.arrivals <- struct{}{}
	}
	return s.mood
}

// smtpSession is one connection.
type smtpSession struct {
	server *SMTPServer
	conn   *smtp.Conn
	known  bool
	mail   Mail
}

func refuse(code int, enhanced smtp.EnhancedCode) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "not like this, person@mail.example"}
}

func (s *smtpSession) now() Mood {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return s.server.mood
}

func (s *smtpSession) AuthMechanisms() []string {
	if s.server.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.options.User || password != s.server.options.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	switch {
	case s.server.options.User != "" && !s.known:
		return smtp.ErrAuthRequired
	case s.now() == RefusesSender:
		return refuse(553, smtp.EnhancedCode{5, 1, 8})
	}
	s.mail = Mail{From: from}
	return nil
}

func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch s.now() {
	case DefersAddressees:
		return refuse(451, smtp.EnhancedCode{4, 7, 1})
	case RefusesAddressees:
		return refuse(550, smtp.EnhancedCode{5, 1, 1})
	case RefusesRelaying:
		return refuse(550, smtp.EnhancedCode{5, 7, 1})
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *smtpSession) Data(r io.Reader) (err error) {
	if s.mail.Raw, err = io.ReadAll(r); err != nil {
		return err
	}
	switch s.server.keep(s.mail) {
	case RefusesContent:
		return refuse(554, smtp.EnhancedCode{5, 6, 0})
	case Hangs:
		_, _ = s.conn.Conn().Read(make([]byte, 1)) // until the client has had enough
		return errors.New("too late")
	case BreaksOff:
		return s.conn.Conn().Close()
	case BreaksOffAfterwards:
		s.conn.Conn().(*fragileConn).breakAfterWrite()
	}
	return nil
}

func (s *smtpSession) Reset()        {}
func (s *smtpSession) Logout() error { return nil }
