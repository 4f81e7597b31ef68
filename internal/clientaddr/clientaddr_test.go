package clientaddr

import (
	"net/http"
	"testing"
)

func TestOnlyProxiesThatAreTrustedTellWhoTheClientIs(t *testing.T) {
	const client, liar = "203.0.113.9", "198.51.100.66"
	for _, tt := range []struct {
		name, trusted, peer string
		headers             []string
		want                string
	}{
		{"nobody is trusted", "", "10.0.0.1:80", []string{"X-Forwarded-For", liar}, "10.0.0.1"},
		{"a trusted proxy tells", "10.0.0.0/8", "10.0.0.1:80", []string{"X-Forwarded-For", client}, client},
		{"a client sends the header itself, through the proxy", "10.0.0.0/8", "10.0.0.1:80", []string{"X-Forwarded-For", liar + ", " + client}, client},
		{"it says that it is a proxy", "10.0.0.0/8", "10.0.0.1:80", []string{"X-Forwarded-For", liar + ",10.9.9.9, " + client}, client},
		{"the proxy adds a header of its own", "10.0.0.0/8", "10.0.0.1:80", []string{"X-Forwarded-For", liar, "X-Forwarded-For", client}, client},
		{"a client that comes directly", "10.0.0.0/8", client + ":4711", []string{"X-Forwarded-For", liar}, client},
		{"two proxies", "10.0.0.0/8 192.0.2.7", "192.0.2.7:80", []string{"X-Forwarded-For", liar + ", " + client + ", 10.3.0.1"}, client},
		{"the first of two is not trusted", "10.0.0.0/8", "10.0.0.1:80", []string{"X-Forwarded-For", client + ", 192.0.2.7"}, "192.0.2.7"},
		{"a client within the proxies' network", "private", "10.0.0.1:80", []string{"X-Forwarded-For", "192.168.1.2"}, "192.168.1.2"},
		{"nothing is told", "private", "10.0.0.1:80", nil, "10.0.0.1"},
		{"an empty header", "private", "10.0.0.1:80", []string{"X-Forwarded-For", ""}, "10.0.0.1"},
		{"garbage at the end", "private", "10.0.0.1:80", []string{"X-Forwarded-For", liar + ", unknown"}, "10.0.0.1"},
		{"garbage before a proxy", "private", "10.0.0.1:80", []string{"X-Forwarded-For", liar + ", <script>, 10.0.0.2"}, "10.0.0.2"},
		{"other headers say nothing", "private", "10.0.0.1:80", []string{"X-Real-Ip", liar, "Forwarded", "for=" + liar, "Fly-Client-Ip", liar, "True-Client-Ip", liar}, "10.0.0.1"},
		{"a port", "private", "10.0.0.1:80", []string{"X-Forwarded-For", client + ":50123"}, client},
		{"IPv6", "private", "[fd00::1]:80", []string{"X-Forwarded-For", "2001:db8::7"}, "2001:db8::7"},
		{"IPv6 in brackets, with a port", "private", "[fd00::1]:80", []string{"X-Forwarded-For", "[2001:db8::7]:443"}, "2001:db8::7"},
		{"IPv6 in brackets", "private", "[fd00::1]:80", []string{"X-Forwarded-For", "[2001:db8::7]"}, "2001:db8::7"},
		{"IPv6 with a zone", "private", "[fe80::1%eth0]:80", []string{"X-Forwarded-For", "fe80::7%eth1"}, "fe80::7"},
		{"IPv4 in the clothes of IPv6", "10.0.0.0/8", "[::ffff:10.0.0.1]:80", []string{"X-Forwarded-For", "::ffff:" + client}, client},
		{"no address at all", "private", "@", []string{"X-Forwarded-For", liar}, "invalid IP"},

		{"Fly's proxy tells", "fly", "172.16.0.1:80", []string{"Fly-Client-Ip", client, "X-Forwarded-For", liar}, client},
		{"nothing of Fly's", "fly", "172.16.0.1:80", []string{"X-Forwarded-For", liar}, "172.16.0.1"},
		{"garbage of Fly's", "fly", "172.16.0.1:80", []string{"Fly-Client-Ip", "me"}, "172.16.0.1"},
		{"two of Fly's", "fly", "172.16.0.1:80", []string{"Fly-Client-Ip", liar, "Fly-Client-Ip", client}, "172.16.0.1"},
		{"Fly's header from the internet", "fly", client + ":4711", []string{"Fly-Client-Ip", liar}, client},
		{"Heroku's router tells", "heroku", "10.1.2.3:80", []string{"X-Forwarded-For", liar + "," + client}, client},
		{"the hop before Heroku's router is no proxy, whatever its address", "heroku", "10.1.2.3:80", []string{"X-Forwarded-For", liar + ",10.0.0.9"}, "10.0.0.9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Parse(tt.trusted)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: tt.peer, Header: http.Header{}}
			for i := 0; i < len(tt.headers); i += 2 {
				r.Header.Add(tt.headers[i], tt.headers[i+1])
			}
			if got := p.Of(r).String(); got != tt.want {
				t.Errorf("the client is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWhatTrustsNobodyOrEverybodyByMistakeIsRefused(t *testing.T) {
	for _, list := range []string{"10.0.0.0/33", "proxy.example", "fly private", "heroku,10.0.0.0/8", "0.0.0.0/0", "::/0", "10.0.0", "fe80::1%eth0", "::ffff:10.0.0.0/104", "*"} {
		if p, err := Parse(list); err == nil {
			t.Errorf("%q is read as %v", list, p)
		}
	}
	for _, list := range []string{"", " ", "127.0.0.1 ::1", "10.0.0.0/8,fd00::/8", "private, 192.0.2.7"} {
		if _, err := Parse(list); err != nil {
			t.Errorf("%q: %v", list, err)
		}
	}
}
