package httpapi_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// complaints are what the browser says against pages from now on.
func (b *browser) complaints() *[]string {
	b.Helper()
	said := &[]string{}
	b.must(chromedp.Listen(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			*said = append(*said, e.Entry.Text)
		case *runtime.EventExceptionThrown:
			*said = append(*said, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type != runtime.ConsoleAPICalledTypeError {
				return
			}
			for _, a := range e.Args {
				*said = append(*said, string(a.Value)+a.Description)
			}
		}
	}))
	return said
}

// picture keeps what the browser shows; see `go test -artifacts`.
func (b *browser) picture(name string) {
	b.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	b.must(err)
	b.must(os.WriteFile(filepath.Join(b.ArtifactDir(), name+".png"), shot, 0o600))
}

// signIn signs an officer in and goes to a page.
func (b *browser) signIn(next string) {
	b.Helper()
	b.visit("/ops/login?next=" + next)
	b.do(chromedp.SetValue(`input[name="name"]`, "desk-a"), chromedp.SetValue(`input[name="password"]`, password))
	b.press(`main button[type="submit"]`)
}

func TestABrowserShowsTheQueuesAndItsButtonsWork(t *testing.T) {
	s := newService(t)
	s.must(s.queue.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	b := s.browse()
	said := b.complaints()
	b.signIn("/ops/queues")
	b.do(chromedp.WaitVisible(`a[href="/ops/queues/queues/default"]`))
	b.picture("queues")
	b.visit("/ops/queues/queues/default?status=pending")
	b.do(chromedp.WaitVisible(`tbody tr input[type="checkbox"]`))
	b.picture("queue")
	b.do(chromedp.Click(`thead input[type="checkbox"]`), chromedp.Click(`[title="Delete"] button, button[title="Delete"], [aria-label="Delete"]`))
	s.until("the entry is gone", func() bool { return s.pending() == 0 })
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(*said) > 0 {
		t.Errorf("the browser complains: %q", *said)
	}
	if delete(b.hosts, strings.TrimPrefix(s.url, "http://")); len(b.hosts) > 0 {
		t.Errorf("the pages also asked %v", b.hosts)
	}
}
