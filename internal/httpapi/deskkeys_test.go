package httpapi_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// deskBrowser is a browser in which an officer is signed in.
func (s *service) deskBrowser() *browser {
	s.Helper()
	b := s.browse()
	b.visit("/ops/login")
	b.do(chromedp.SetValue("#name", "desk-a"), chromedp.SetValue("#password", password))
	b.press("form.card button")
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
	b.do(chromedp.KeyEvent("/"), chromedp.WaitVisible("#find:focus"), chromedp.KeyEvent("n?j")) // typed into it
	sought, err := chromedp.Run(b.ctx, chromedp.Value("#find"))
	s.must(err)
	if !strings.HasSuffix(sought, "n?j") || b.at() != pageOf(second) {
		t.Errorf("at %s the search has %q", b.at(), sought)
	}
	b.visit("/ops/desk")
	b.do(chromedp.WaitVisible("#keys"), chromedp.KeyEvent("?"), chromedp.WaitReady("#keys[open]"), chromedp.KeyEvent("?"), chromedp.WaitReady("#keys:not([open])"))
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
	b.do(chromedp.WaitReady("#keys[hidden]"))
	b.press(`a[href="` + pageOf(r) + `"]`)
	b.press("button.next")
	b.do(chromedp.WaitVisible("form:has(button.next) textarea"))
	b.press("button.next")
	s.has(s.get(pageOf(r), s.officer()...), 200, "desk-a answered it")
}
