package httpapi_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// deskBrowser is a browser in which an officer is signed in.
func (s *service) deskBrowser() *browser {
	s.Helper()
	b := s.browse()
	_, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Cookie": s.officer()[1]}})
	s.must(err)
	return b
}

// at is where the browser is, below the site's address.
func (b *browser) at() string {
	b.Helper()
	where, err := chromedp.Run(b.ctx, chromedp.Location())
	b.must(err)
	return where[len(b.url):]
}

// types presses keys that lead to another page, and waits for that.
func (b *browser) types(keys string) {
	b.Helper()
	_, err := chromedp.RunResponse(b.ctx, chromedp.KeyEvent(keys))
	b.must(err)
}

func TestTheDeskIsUsedWithKeysAlone(t *testing.T) {
	s := newService(t)
	first, second := s.arrived(subjectrequest.Access, 9), s.arrived(subjectrequest.Erasure, 8)
	b := s.deskBrowser()
	b.visit("/ops/desk")
	b.do(chromedp.KeyEvent("jjjk"))
	b.types("\r")
	if got := b.at(); got != pageOf(first) {
		t.Errorf("j and k lead to %s", got)
	}
	b.visit("/ops/desk")
	b.do(chromedp.KeyEvent("jj"))
	b.types("\r")
	if got := b.at(); got != pageOf(second) {
		t.Errorf("j leads to %s", got)
	}
	b.do(chromedp.KeyEvent("/n?j")) // typed into the search
	sought, err := chromedp.Run(b.ctx, chromedp.Value("#find"))
	s.must(err)
	if sought != "n?j" {
		t.Errorf("the search has %q", sought)
	}
	b.visit("/ops/desk")
	b.do(chromedp.WaitVisible("#keys summary"), chromedp.KeyEvent("?"), chromedp.WaitVisible("#keys dl"), chromedp.KeyEvent("?"), chromedp.WaitNotVisible("#keys dl"))
	b.types("n")
	if got := b.at(); got != "/ops/desk/requests/new" {
		t.Errorf("n leads to %s", got)
	}
}

func TestAnOfficerWithoutScriptsAnswersARequest(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Objection, 3)
	b := s.deskBrowser()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	s.must(err)
	b.visit("/ops/desk")
	b.do(chromedp.WaitNotVisible("#keys"))
	b.press(`a[href="` + pageOf(r) + `"]`)
	b.press("button.next")
	b.do(chromedp.WaitVisible("textarea"))
	b.press("button.next")
	s.has(s.get(pageOf(r), s.officer()...), 200, "desk-a answered it")
}
