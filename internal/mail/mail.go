// Package mail hands letters to a mail server by SMTP. It opens a connection for each
// letter, because letters are few and a connection that is kept is one that can be
// found broken.
//
// Name, password and addressees never get into an error: what a mail server says may
// repeat them, so that only the number of its answer is passed on.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"sync"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Options say which mail server, and in whose name.
type Options struct {
	URL     string         // as ParseURL reads it
	From    string         // an address, with a name before it if wanted
	ReplyTo string         // an address; empty for From's
	Roots   *x509.CertPool // who may vouch for the server; the system's if nil
	Now     func() time.Time
}

// Server is a mail server that takes our letters.
type Server struct {
	at      Place
	from    netmail.Address
	domain  string // of From's address
	replyTo string
	roots   *x509.CertPool
	now     func() time.Time
}

// New returns the server. It is not contacted yet. Errors name the setting that is
// wrong.
func New(o Options) (*Server, error) {
	at, err := ParseURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	name, from, err := email.Sender(o.From)
	if err != nil {
		return nil, fmt.Errorf("MAIL_FROM: %w", err)
	}
	s := &Server{at: at, from: netmail.Address{Name: name, Address: from.Reveal()}, domain: from.Domain(), roots: o.Roots, now: o.Now}
	if o.ReplyTo != "" {
		to, err := email.Parse(o.ReplyTo)
		if err != nil {
			return nil, fmt.Errorf("PRIVACY_EMAIL: %w", err)
		}
		s.replyTo = to.Reveal()
	}
	return s, nil
}

// answerLimit is how long a mail server may be silent.
const answerLimit = 20 * time.Second

// Send hands the letter to the mail server. The error is a letter.Failure. After one
// the server may have the letter all the same: the connection can break between its
// taking it and its saying so.
func (s *Server) Send(ctx context.Context, l letter.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, letter.SendLimit)
	defer cancel()
	message, err := s.message(l)
	if err != nil {
		return letter.Failure{Reason: letter.Refused} // no other try would make it a mail
	}
	line := &line{server: s}
	defer line.close()
	defer context.AfterFunc(ctx, line.close)()
	client, err := s.client(line)
	if err != nil {
		return letter.Failure{Reason: letter.Unreachable}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return whyNoConnection(err)
	}
	err = client.Send(message)
	if message.IsDelivered() {
		err = nil // what failed afterwards takes nothing back
		_ = client.Close()
	}
	return whyNotTaken(err)
}

func (s *Server) client(l *line) (*mail.Client, error) {
	policy := mail.TLSMandatory
	if s.at.Plain {
		policy = mail.NoTLS
	}
	options := []mail.Option{
		mail.WithPort(s.at.Port), mail.WithTimeout(answerLimit), mail.WithHELO(s.domain), mail.WithoutNoop(),
		mail.WithTLSPolicy(policy), mail.WithTLSConfig(s.tlsConfig()), mail.WithDialContextFunc(l.dial),
	}
	if s.at.Implicit {
		options = append(options, mail.WithSSL())
	}
	if s.at.User != "" {
		options = append(options, mail.WithUsername(s.at.User), mail.WithPassword(s.at.Password.Reveal()),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return mail.NewClient(s.at.Host, options...)
}

func (s *Server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.at.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// message is the letter as a mail. The Message-ID is the letter's own, so that a mail
// that arrives twice is recognised.
func (s *Server) message(l letter.Letter) (*mail.Msg, error) {
	text, html := l.Outgoing()
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	err := errors.Join(m.From(s.from.String()), m.To(l.To.Reveal()))
	if s.replyTo != "" {
		err = errors.Join(err, m.ReplyTo(s.replyTo))
	}
	m.SetMessageIDWithValue(string(l.ID) + "@" + s.domain)
	m.SetDateWithValue(s.now())
	m.Subject(l.Subject)
	// Nobody's absence note or list is to answer.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, text)
	m.AddAlternativeString(mail.TypeTextHTML, html)
	return m, err
}

// line is the connection of one try. The library leaves one open when its beginning
// fails, so we close it.
type line struct {
	server *Server

	mu   sync.Mutex
	conn net.Conn
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	l.mu.Unlock()
	if !l.server.at.Implicit {
		return conn, nil
	}
	encrypted := tls.Client(conn, l.server.tlsConfig())
	return encrypted, encrypted.HandshakeContext(ctx)
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
