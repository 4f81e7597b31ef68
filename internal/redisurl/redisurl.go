// Package redisurl reads the address of Redis, of whichever kind it is: one server,
// servers that Sentinels watch, or a cluster, each with or without TLS. It connects to
// nothing. What may stand in an address is a short list, and what is not on it is
// refused: an option that nobody reads might be one that was relied on.
//
//	redis://[USER:PASSWORD@]HOST[:6379][/DB]
//	unix://[USER:PASSWORD@]/PATH[?db=DB]
//	redis-sentinel://[USER:PASSWORD@]HOST[:26379],HOST[:26379],...[/DB]?master=NAME
//	redis-cluster://[USER:PASSWORD@]HOST[:6379],HOST[:6379],...
//
// With rediss in the place of redis all connections use TLS. USER and PASSWORD are
// those of the Redis servers; what the Sentinels want to know, if anything, is in the
// options sentinel_username and sentinel_password. The option pool_size is how many
// connections one process may have to each server. With TLS each server has to show a
// certificate for the name or number under which it is reached, from an authority that
// the system trusts or, with the option ca, one in that PEM file.
package redisurl

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Kind is how the servers at an address stand together.
type Kind string

// The kinds.
const (
	Single   Kind = "single"
	Sentinel Kind = "sentinel"
	Cluster  Kind = "cluster"
)

// Login is a name and a password; both may be empty.
type Login struct{ User, Password string }

// Address is where Redis is.
type Address struct {
	Kind      Kind
	TLS       bool
	CAFile    string   // of the authorities that the servers' certificates are from; the system's if empty
	Socket    string   // path of the socket of a single server on this machine; then there are no hosts
	Hosts     []string // HOST:PORT; of Sentinels if those are asked
	DB        int
	Login     Login  // at the Redis servers
	Master    string // the name under which Sentinels know the servers
	Sentinels Login  // at the Sentinels
	PoolSize  int    // most connections to each server; 0 for the library's default
}

// ErrForm says that an address is of none of the forms.
var ErrForm = errors.New("write redis://HOST:PORT/DB, unix://PATH, redis-sentinel://HOST,HOST/DB?master=NAME or redis-cluster://HOST,HOST, and rediss in the place of redis for TLS")

type scheme struct {
	kind Kind
	port string // where there is none
}

var schemes = map[string]scheme{
	"redis": {Single, "6379"}, "redis-sentinel": {Sentinel, "26379"}, "redis-cluster": {Cluster, "6379"},
}

// Parse reads an address. Its errors do not repeat the address, which may hold a
// password.
func Parse(address string) (Address, error) {
	name, rest, ok := strings.Cut(address, "://")
	if !ok {
		return Address{}, ErrForm
	}
	plain := strings.Replace(name, "rediss", "redis", 1)
	s, known := schemes[plain]
	if name == "unix" {
		s, known = scheme{kind: Single}, true
	}
	if !known {
		return Address{}, ErrForm
	}
	a := Address{Kind: s.kind, TLS: name != plain}
	hosts, u, err := split(rest)
	if err != nil {
		return Address{}, err
	}
	a.Login = loginOf(u.User)
	if name == "unix" {
		a.Socket, u.Path = u.Path, ""
	} else if err := a.setHosts(hosts, s.port); err != nil {
		return Address{}, err
	}
	if err := a.setDB(strings.Trim(u.Path, "/")); err != nil {
		return Address{}, err
	}
	if err := a.setOptions(u.Query()); err != nil {
		return Address{}, err
	}
	return a, a.whole()
}

// split takes the list of hosts out of what follows a scheme: net/url knows only one.
func split(rest string) (hosts string, u *url.URL, err error) {
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	user := ""
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		user, authority = authority[:i+1], authority[i+1:]
	}
	if u, err = url.Parse("redis://" + user + "host" + tail); err != nil {
		return "", nil, ErrForm
	}
	return authority, u, nil
}

func loginOf(u *url.Userinfo) Login {
	password, _ := u.Password()
	return Login{u.Username(), password}
}

func (a *Address) setHosts(list, port string) error {
	for host := range strings.SplitSeq(list, ",") {
		// A URL reader that knows one host knows what a host is.
		u, err := url.Parse("redis://" + host)
		if err != nil || u.Hostname() == "" || u.User != nil {
			return errors.New("it names no host, or one that can't be: separate several with commas, without spaces")
		}
		p := u.Port()
		if p == "" {
			p = port
		}
		a.Hosts = append(a.Hosts, net.JoinHostPort(u.Hostname(), p))
	}
	if a.Kind == Single && len(a.Hosts) > 1 {
		return errors.New("it names several hosts: write redis-cluster:// or redis-sentinel:// before them")
	}
	return nil
}

func (a *Address) setDB(number string) (err error) {
	if number == "" {
		return nil
	}
	if a.DB, err = strconv.Atoi(number); err != nil || a.DB < 0 {
		return errors.New("its database is no number: write /0 after the host")
	}
	if a.Kind == Cluster && a.DB != 0 {
		return errors.New("a cluster has the database 0 alone")
	}
	return nil
}

func (a *Address) setOptions(options url.Values) error {
	for name, values := range options {
		value, err := values[len(values)-1], error(nil)
		switch {
		case name == "db" && a.Socket != "":
			err = a.setDB(value)
		case name == "pool_size":
			if a.PoolSize, err = strconv.Atoi(value); err != nil || a.PoolSize < 1 {
				err = errors.New("its pool_size must be at least 1")
			}
		case name == "ca" && a.TLS:
			a.CAFile = value
		case name == "master" && a.Kind == Sentinel:
			a.Master = value
		case name == "sentinel_username" && a.Kind == Sentinel:
			a.Sentinels.User = value
		case name == "sentinel_password" && a.Kind == Sentinel:
			a.Sentinels.Password = value
		case name == "skip_verify" || name == "ssl_cert_reqs":
			err = errors.New("certificates are always verified: name the file of their authority, ?ca=/PATH")
		default:
			err = fmt.Errorf("it has an option that is not known: %.40q", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// whole reports what is missing.
func (a *Address) whole() error {
	switch {
	case a.Kind == Sentinel && a.Master == "":
		return errors.New("it does not say which servers the Sentinels are asked for: add ?master=NAME")
	case len(a.Hosts) == 0 && a.Socket == "":
		return errors.New("it names no path: write unix:///PATH")
	}
	return nil
}

// Guarded reports whether strangers on the network can neither read what is said to
// Redis nor say something themselves: TLS, a password, or a server on this machine.
// Sentinels and clusters name further servers, which may be anywhere.
func (a Address) Guarded() bool {
	if a.TLS || a.Login.Password != "" || a.Socket != "" {
		return true
	}
	host, _, err := net.SplitHostPort(a.Hosts[0])
	return err == nil && a.Kind == Single && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
