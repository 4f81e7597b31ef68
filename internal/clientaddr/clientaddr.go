// Package clientaddr tells which address a request comes from, when proxies stand in
// front of the service.
//
// A connection's own address can't be forged; a header can, by anybody. So a header
// counts only if the connection comes from where the operator says that proxies are,
// and of a list of addresses only the part that such proxies have added: it is read
// from its end up to the first address that is no proxy. What does not read as an
// address ends the reading too, and then the last proxy counts as the client, so that
// nobody becomes somebody else, or nobody, by sending nonsense.
package clientaddr

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are those in front that may tell who the client is. The zero value trusts
// none.
type Proxies struct {
	networks []netip.Prefix
	header   string // of a platform; holds one address
	hop      bool   // of a platform; the last address of X-Forwarded-For counts
}

// private are the networks that nobody on the internet has an address of.
var private = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

// Parse reads a list, separated by spaces or commas, of addresses, networks in CIDR
// notation and the word "private"; or one word for a platform: "fly" or "heroku". A
// platform's proxies have addresses of private networks.
func Parse(list string) (Proxies, error) {
	entries := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' })
	switch {
	case slices.Equal(entries, []string{"fly"}):
		return Proxies{networks: private, header: "Fly-Client-IP"}, nil
	case slices.Equal(entries, []string{"heroku"}):
		return Proxies{networks: private, hop: true}, nil
	}
	var p Proxies
	for _, e := range entries {
		if e == "private" {
			p.networks = append(p.networks, private...)
			continue
		}
		n, err := network(e)
		if err != nil {
			return Proxies{}, err
		}
		p.networks = append(p.networks, n)
	}
	return p, nil
}

func network(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return a.Unmap().Prefix(a.Unmap().BitLen())
	}
	n, err := netip.ParsePrefix(s)
	if err != nil || n.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8, nor \"private\"; \"fly\" and \"heroku\" stand alone", s)
	}
	if n.Bits() == 0 {
		return netip.Prefix{}, fmt.Errorf("%s is everybody: then any client could say that it is another", s)
	}
	return n.Masked(), nil
}

// Of returns the address of the client that sent the request; the zero Addr where the
// connection has none.
func (p Proxies) Of(r *http.Request) netip.Addr {
	peer, _ := address(r.RemoteAddr)
	if !p.trusts(peer) {
		return peer
	}
	if p.header != "" {
		if told := r.Header.Values(p.header); len(told) == 1 {
			if a, ok := address(told[0]); ok {
				return a
			}
		}
		return peer
	}
	return p.last(peer, strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","))
}

// last reads the addresses from the end. Each was told by the one after it, the last
// one by the peer.
func (p Proxies) last(peer netip.Addr, hops []string) netip.Addr {
	client := peer
	for _, h := range slices.Backward(hops) {
		a, ok := address(h)
		if !ok {
			return client
		}
		client = a
		if p.hop || !p.trusts(a) {
			return client
		}
	}
	return client
}

func (p Proxies) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(p.networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

// address reads an address with or without a port. The zone, which only means
// something on one machine, is left out.
func address(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if with, err := netip.ParseAddrPort(s); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return a.Unmap().WithZone(""), err == nil
}
