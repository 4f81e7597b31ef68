package mail

import (
	"errors"
	"net"
	"net/url"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Place is where a mail server is and how it is spoken to.
type Place struct {
	Host     string
	Port     int
	User     string
	Password secret.Key // which does not print
	Implicit bool       // TLS from the first byte
	Plain    bool       // no TLS at all
}

// ErrURL says what a mail server's address looks like, and does not repeat the one that
// is wrong.
var ErrURL = errors.New("want smtp://USER:PASSWORD@HOST:587 (with STARTTLS) or smtps://USER:PASSWORD@HOST:465")

// ParseURL reads smtps://, where all is encrypted, and smtp://, where encryption begins
// by STARTTLS and is insisted on. Without encryption goes smtp:// to this machine
// itself, or with ?tls=off; then there can be no password.
func ParseURL(s string) (Place, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return Place{}, ErrURL
	}
	p := Place{Host: u.Hostname(), User: u.User.Username()}
	password, _ := u.User.Password()
	p.Password = secret.Key(password)
	port := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if port == 0 || p.User == "" != (password == "") {
		return Place{}, ErrURL
	}
	if p.Port = port; u.Port() != "" {
		if p.Port, err = strconv.Atoi(u.Port()); err != nil || p.Port < 1 || p.Port > 65535 {
			return Place{}, ErrURL
		}
	}
	p.Implicit = u.Scheme == "smtps"
	switch u.RawQuery {
	case "":
		p.Plain = !p.Implicit && p.Local()
	case "tls=off":
		p.Plain = true
	default:
		return Place{}, ErrURL
	}
	if p.Plain && (p.Implicit || p.User != "" && !p.Local()) {
		return Place{}, ErrURL
	}
	return p, nil
}

// Local reports whether only this machine can be meant.
func (p Place) Local() bool {
	return p.Host == "localhost" || net.ParseIP(p.Host).IsLoopback()
}
