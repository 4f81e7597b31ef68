package testservers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate is a server's certificate for 127.0.0.1, from an authority that nobody
// else knows, as files in PEM.
type Certificate struct {
	CA, File, Key string
	Pool          *x509.CertPool // with the authority
}

// NewCertificate makes one, good for an hour.
func NewCertificate(t testing.TB) Certificate {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("make a certificate: %v", err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(err)
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of tests"}, NotBefore: now.Add(-time.Minute), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "a server of tests"}, NotBefore: now.Add(-time.Minute), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	ca, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	ok(err)
	server, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), key)
	ok(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ok(err)
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(dir, name)
		ok(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return file
	}
	c := Certificate{write("ca.pem", "CERTIFICATE", ca), write("server.pem", "CERTIFICATE", server), write("server.key", "PRIVATE KEY", private), x509.NewCertPool()}
	parsed, err := x509.ParseCertificate(ca)
	ok(err)
	c.Pool.AddCert(parsed)
	return c
}
