package endtoend

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer stands before several APIs and does what all load balancers do: it takes
// turns, leaves out who is not ready, and asks the next one when nobody takes the
// connection. A request that was sent is not sent again.
type balancer struct {
	*httptest.Server
	transport *http.Transport
	backends  []*backend
	turn      atomic.Int64
	refused   atomic.Int64 // connections that nobody took
}

type backend struct {
	addr  string
	ready atomic.Bool
}

// pollEvery is how often the balancer asks who is ready.
const pollEvery = 50 * time.Millisecond

func balance(t *testing.T, addrs ...string) *balancer {
	t.Helper()
	b := &balancer{transport: &http.Transport{MaxIdleConnsPerHost: 10}}
	for _, addr := range addrs {
		b.backends = append(b.backends, &backend{addr: addr})
	}
	b.poll()
	end := make(chan struct{})
	var polling sync.WaitGroup
	polling.Go(func() {
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				b.poll()
			}
		}
	})
	b.Server = httptest.NewServer(b)
	t.Cleanup(func() { close(end); polling.Wait(); b.Close(); b.transport.CloseIdleConnections() })
	return b
}

func (b *balancer) poll() {
	for _, each := range b.backends {
		each.ready.Store(status("http://"+each.addr+"/readyz") == http.StatusOK)
	}
}

// ServeHTTP passes a request on.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "the body broke off", http.StatusBadRequest)
		return
	}
	first := b.turn.Add(1)
	for i := range b.backends {
		to := b.backends[(int(first)+i)%len(b.backends)]
		if !to.ready.Load() {
			continue
		}
		out, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+to.addr+r.URL.RequestURI(), io.NopCloser(bytes.NewReader(body)))
		if err != nil {
			break
		}
		out.Header, out.ContentLength = r.Header.Clone(), int64(len(body))
		resp, err := b.transport.RoundTrip(out)
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			b.refused.Add(1)
			continue
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body) // the asker may be gone
		return
	}
	http.Error(w, "nobody is ready", http.StatusServiceUnavailable)
}
