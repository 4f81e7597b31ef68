package testservers

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"sync/atomic"
	"testing"
	"time"
)

// Mail is one that a mail server kept.
type Mail struct {
	From string
	To   []string
	Raw  []byte
}

// Header is the mail's header.
func (m Mail) Header(t testing.TB) mail.Header {
	t.Helper()
	return m.parse(t).Header
}

// Parts are the bodies by content type, decoded, in the order of the mail.
func (m Mail) Parts(t testing.TB) (types []string, bodies []string) {
	t.Helper()
	parsed := m.parse(t)
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	// Raw, because the reader would decode one encoding only and hide which.
	for r := multipart.NewReader(parsed.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if err == io.EOF { //nolint:errorlint // as documented
			return types, bodies
		}
		if err != nil {
			t.Fatal(err)
		}
		if how := part.Header.Get("Content-Transfer-Encoding"); how != "quoted-printable" {
			t.Fatalf("a part is encoded as %q", how)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, part.Header.Get("Content-Type"))
		bodies = append(bodies, string(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))))
	}
}

func (m Mail) parse(t testing.TB) *mail.Message {
	t.Helper()
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// fragile makes connections that can be made to break.
type fragile struct{ net.Listener }

func (f fragile) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	return &fragileConn{Conn: c}, err
}

type fragileConn struct {
	net.Conn
	last atomic.Bool // the next write is the last
}

func (c *fragileConn) breakAfterWrite() { c.last.Store(true) }

func (c *fragileConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if c.last.Load() {
		_ = c.Close()
	}
	return n, err
}

// selfSigned makes a certificate for this machine's own address.
func selfSigned(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, roots
}
