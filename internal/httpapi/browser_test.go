package httpapi_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// browser is a fresh Chromium that looks at a service.
type browser struct {
	*service
	ctx context.Context

	mu    sync.Mutex
	hosts map[string]bool // that it has asked
}

func (s *service) browse() *browser {
	s.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		s.Skip("no chromium to look at pages with")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium), chromedp.NoSandbox)
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	s.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	s.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	s.Cleanup(cancel)
	b := &browser{service: s, ctx: ctx, hosts: map[string]bool{}}
	s.must(chromedp.Do(ctx)) // starts it
	s.must(chromedp.Listen(ctx, func(event any) {
		if r, asks := event.(*network.EventRequestWillBeSent); asks {
			u, _ := url.Parse(r.Request.URL)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.hosts[u.Host] = true
		}
	}))
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	b.must(chromedp.Do(b.ctx, steps...))
}

func (b *browser) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// press clicks on what leads to another page, and waits for that.
func (b *browser) press(selector string) {
	b.Helper()
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click(selector))
	b.must(err)
}

// keeps checks which cookies the browser has, and that it has nothing else.
func (b *browser) keeps(want ...string) {
	b.Helper()
	got, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{})
	b.must(err)
	names := map[string]bool{}
	for _, c := range got.Cookies {
		names[c.Name] = true
	}
	if has := slices.Sorted(maps.Keys(names)); !slices.Equal(has, slices.Sorted(slices.Values(want))) {
		b.Errorf("the browser keeps the cookies %v, want %v", has, want)
	}
	left, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](
		`(async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length + (await caches.keys()).length)()`, chromedp.EvalAwaitPromise))
	b.must(err)
	if left != 0 {
		b.Errorf("the pages have left %d other things in the browser", left)
	}
}

func listed(statistics bool) (names []string) {
	for _, c := range policy.Cookies(statistics) {
		if c.Name != policy.OperatorCookie {
			names = append(names, c.Name)
		}
	}
	return names
}

func TestABrowserKeepsTheListedCookiesAndAsksNoOtherHost(t *testing.T) {
	s := newService(t)
	b := s.browse()
	for _, path := range []string{"/", "/privacy", "/privacy/1", "/privacy/requests", "/privacy/confirm", "/privacy/answer", "/photos/unknown"} {
		b.visit(path)
		b.keeps()
	}

	b.visit("/")
	b.do(chromedp.SetValue("#document", "us-passport"),
		chromedp.Click("#notice button"), chromedp.WaitNotPresent("#notice"))
	chosen, err := chromedp.Run(b.ctx, chromedp.Value("#document"))
	s.must(err)
	if chosen != "us-passport" {
		t.Errorf("closing the notice has lost the choice: %q", chosen)
	}
	b.keeps(policy.NoticeCookie)

	picture := filepath.Join(t.TempDir(), "me.jpg")
	s.must(os.WriteFile(picture, []byte(portrait(t)), 0o600))
	b.do(chromedp.SetUploadFiles("#file", []string{picture}),
		chromedp.Click("#statement"), chromedp.Click("#face_points"),
		chromedp.Click("#upload button"), chromedp.WaitVisible("#making"))
	b.keeps(listed(false)...)

	b.mu.Lock()
	defer b.mu.Unlock()
	ours, _ := url.Parse(s.url)
	if delete(b.hosts, ours.Host); len(b.hosts) > 0 {
		t.Errorf("the pages also asked %v", b.hosts)
	}
}

func TestWithoutScriptsTheNoticeClosesAndTheFormAsksForTheStatement(t *testing.T) {
	s := newService(t)
	b := s.browse()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	s.must(err)
	b.visit("/privacy")
	b.press("#notice button")
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	s.must(err)
	if at != s.url+"/privacy" {
		t.Errorf("it leads to %s", at)
	}
	b.do(chromedp.WaitNotPresent("#notice"))
	b.visit("/")
	b.do(chromedp.WaitNotPresent("#notice"))

	picture := filepath.Join(t.TempDir(), "me.jpg")
	s.must(os.WriteFile(picture, []byte(portrait(t)), 0o600))
	b.do(chromedp.SetUploadFiles("#file", []string{picture}), chromedp.Click("#upload button"))
	s.nothingLeft() // the browser itself wants the boxes ticked
	b.do(chromedp.Click("#statement"), chromedp.Click("#face_points"))
	b.press("#upload button")
	b.do(chromedp.WaitVisible("#making"))
}

func TestABrowserLoadsTheOutsideScriptWhileItsOwnerSaysYes(t *testing.T) {
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/javascript")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		_, _ = io.WriteString(w, `document.documentElement.dataset.counted = "yes"`)
	}))
	defer elsewhere.Close()
	s := newService(t, func(o *httpapi.Options) { o.Facts.Statistics = elsewhere.URL + "/count.js" })
	b := s.browse()
	counts := func(when string, want bool) {
		t.Helper()
		ran, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.documentElement.dataset.counted === "yes"`))
		s.must(err)
		if ran != want || asked.Swap(0) > 0 != want {
			t.Errorf("%s the script ran: %t", when, ran)
		}
	}
	b.visit("/")
	counts("without a choice", false)
	b.press(`button[value="refuse"]`)
	counts("after a no", false)
	b.keeps(policy.ChoiceCookie)
	b.press(`footer button[value="accept"]`)
	counts("after a yes", true)
	b.visit("/photos/unknown")
	counts("where a photo would be", false)

	_, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Sec-GPC": "1"}})
	s.must(err)
	b.visit("/")
	counts("against the browser's signal", false)
	_, err = chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{}})
	s.must(err)
	b.visit("/")
	counts("after the signal", true)
	b.press(`footer button[value="refuse"]`)
	counts("after the yes was taken back", false)
}
