// Package outbound posts notices to the servers of API clients: to addresses that
// somebody else chose. It is made so that nobody can use it to reach what only we can
// reach, and so that no server can hold it up.
//
// Where a name leads is looked at on the connection itself, after it was resolved, so
// that a name that leads elsewhere the next time gains nothing. Only public addresses at
// port 443 are dialled. No redirect is followed, no proxy used, and an answer is read
// for a few seconds and a few kilobytes. Errors say which kind of trouble it was and
// nothing of the address or of what was answered.
package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Rule says before a connection is made whether it may be: the error is why not.
type Rule func(network, address string, _ syscall.RawConn) error

// Public lets through what anybody can reach, at the port of https.
func Public() Rule { return ssrf.New(ssrf.WithPorts(443)).Safe }

// Loopback is for development and tests: it lets through this machine's own addresses,
// at any port, and what Public does.
func Loopback() Rule {
	public := Public()
	return func(network, address string, c syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if err == nil && net.ParseIP(host).IsLoopback() {
			return nil
		}
		return public(network, address, c)
	}
}

// Limits of a try, beside webhook.PostLimit for all of it.
const (
	dialLimit     = 5 * time.Second
	headerLimit   = 10 * time.Second
	headerBytes   = 16 << 10
	bodyBytes     = 4 << 10
	idleLimit     = 30 * time.Second
	idlePerServer = 2
)

// Options say how notices are posted.
type Options struct {
	Rule  Rule
	Roots *x509.CertPool // who may vouch for servers; the system's if nil
	Now   func() time.Time
}

// Poster posts notices.
type Poster struct {
	client *http.Client
	now    func() time.Time
}

// New returns a poster.
func New(o Options) *Poster {
	dialer := &net.Dialer{Timeout: dialLimit, Control: o.Rule}
	return &Poster{now: o.Now, client: &http.Client{
		Transport: &http.Transport{
			Proxy: nil, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: dialLimit,
			ResponseHeaderTimeout: headerLimit, MaxResponseHeaderBytes: headerBytes,
			MaxIdleConnsPerHost: idlePerServer, IdleConnTimeout: idleLimit, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close closes the connections that are kept for the next notice.
func (p *Poster) Close() error {
	p.client.CloseIdleConnections()
	return nil
}

// Post posts a notice, signed with the endpoint's secret as Standard Webhooks says. The
// error is a webhook.Failure. After one the server may have the notice all the same.
func (p *Poster) Post(ctx context.Context, n webhook.Notice, secret []byte) error {
	ctx, cancel := context.WithTimeout(ctx, webhook.PostLimit)
	defer cancel()
	r, err := p.request(ctx, n, secret)
	if err != nil {
		return webhook.Failure{Trouble: webhook.Unreachable}
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return webhook.Failure{Trouble: troubleOf(err)}
	}
	// What it says is of no interest; it is read so that the connection can be kept.
	_, _ = io.CopyN(io.Discard, answer.Body, bodyBytes)
	_ = answer.Body.Close()
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
		return nil
	case answer.StatusCode == http.StatusGone:
		return webhook.Failure{Trouble: webhook.Answered410, Code: answer.StatusCode}
	}
	return webhook.Failure{Trouble: webhook.Refused, Code: answer.StatusCode}
}

// agent names us to servers.
const agent = "PassPortphotoGenie-Webhooks/1"

func (p *Poster) request(ctx context.Context, n webhook.Notice, secret []byte) (*http.Request, error) {
	body, err := n.Payload()
	if err != nil {
		return nil, err
	}
	signer, err := standardwebhooks.NewWebhookRaw(secret)
	if err != nil {
		return nil, err
	}
	now := p.now()
	signature, err := signer.Sign(string(n.ID), now, body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", agent)
	r.Header.Set(standardwebhooks.HeaderWebhookID, string(n.ID))
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return r, nil
}

// troubleOf says in one word why there was no answer.
func troubleOf(err error) webhook.Trouble {
	var timeout net.Error
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return webhook.NotAllowed
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return webhook.NotTrusted
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return webhook.TooSlow
	}
	return webhook.Unreachable
}
