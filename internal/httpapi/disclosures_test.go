package httpapi_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
)

func eventOf(now time.Time) audit.Event {
	return audit.Event{At: now, Actor: "desk-a", Action: audit.EnterBreach, Outcome: audit.Allowed}
}

// aDisclosure are the fields of an entry of 2026; the clock is set to 2027.
func (s *service) aDisclosure() url.Values {
	s.Helper()
	s.stands("2027-03-05T19:00:00Z")
	return url.Values{"year": {"2026"}, "shown": {"2026"}, "name": {"Mailing Ltd"}, "address": {"2 Road\r\nDublin"}, "categories": {"e-mail addresses"}, "products": {""}}
}

func (s *service) addsDisclosure(form url.Values) (path string) {
	s.Helper()
	r := s.sendForm("/ops/disclosures/new/add", form.Encode(), s.officer()...)
	if r.StatusCode != http.StatusSeeOther {
		s.Fatalf("adding: %d %s", r.StatusCode, r.body)
	}
	found := regexp.MustCompile(`/ops/disclosures/[^/"]+/change`).Find(s.get(r.Header.Get("Location"), s.officer()...).body)
	return strings.TrimSuffix(string(found), "/change")
}

func TestAnOfficerKeepsTheDisclosuresByYear(t *testing.T) {
	s := newService(t)
	form := s.aDisclosure()
	s.has(s.get("/ops/disclosures", s.officer()...), 200, "Nothing was disclosed to third parties for their direct marketing in 2026.", "In 2026 we disclosed no personal information")
	path := s.addsDisclosure(form)
	s.has(s.get("/ops/disclosures?year=2026", s.officer()...), 200, "Mailing Ltd", "2 Road\nDublin", "desk-a entered it", "The third parties are:")
	s.has(s.get("/ops/disclosures?year=2025", s.officer()...), 200, "Nothing was disclosed to third parties for their direct marketing in 2025.")
	s.has(s.get("/ops/disclosures?year=1999", s.officer()...), 200, "<h2>2026</h2>")

	form.Set("version", "1")
	form.Set("products", "paper")
	s.taken(s.sendForm(path+"/change", form.Encode(), s.officer()...))
	s.has(s.get("/ops/disclosures", s.officer()...), 200, "Examples of what it markets: paper", "desk-a changed it")
	s.has(s.sendForm(path+"/remove", "version=2&shown=2026&why=", s.officer()...), 422, "Why it is removed: is missing")
	s.taken(s.sendForm(path+"/remove", "version=2&shown=2026&why=It+was+a+mistake.", s.officer()...))
	s.has(s.get("/ops/disclosures", s.officer()...), 200, "Nothing was disclosed to third parties for their direct marketing in 2026.", "It was a mistake.", "desk-a removed it")
}

func TestOfTwoOfficersAtADisclosureTheSlowerKeepsWhatWasWritten(t *testing.T) {
	s := newService(t)
	form := s.aDisclosure()
	path := s.addsDisclosure(form)
	form.Set("version", "1")
	form.Set("name", "Faster Ltd")
	s.taken(s.sendForm(path+"/change", form.Encode(), s.officer()...))
	form.Set("name", "Slower Ltd")
	s.has(s.sendForm(path+"/change", form.Encode(), s.signedIn("desk-b")...), 409, "Another officer has changed", "Faster Ltd", `value="Slower Ltd"`, `name="version" value="2"`)
	s.taken(s.sendForm(path+"/remove", "version=2&shown=2026&why=Gone.", s.officer()...))
	r := s.sendForm(path+"/change", form.Encode(), s.signedIn("desk-b")...)
	s.has(r, 409, "Another officer has removed", `value="Slower Ltd"`, `action="/ops/disclosures/new/add"`)
}

func TestWhatADisclosureLacksIsSaidBesideTheField(t *testing.T) {
	s := newService(t)
	for field, bad := range map[string]string{"year": "1999", "name": "", "address": " ", "categories": "a\x00", "products": strings.Repeat("a", disclosure.MaxWords+1)} {
		form := s.aDisclosure()
		form.Set(field, bad)
		s.has(s.sendForm("/ops/disclosures/new/add", form.Encode(), s.officer()...), 422, `id="`+field+`-add-new-problem"`)
	}
	form := s.aDisclosure()
	form.Set("address", strings.Repeat("a", 1<<20))
	s.has(s.sendForm("/ops/disclosures/new/add", form.Encode(), s.officer()...), 413)
}

func TestMarkupInADisclosureIsShownAsText(t *testing.T) {
	s := newService(t)
	form := s.aDisclosure()
	for _, field := range []string{"name", "address", "categories", "products"} {
		form.Set(field, "<b>"+field)
	}
	path := s.addsDisclosure(form)
	s.sendForm(path+"/remove", "version=1&shown=%3Cb%3Eshown&why=%3Cb%3Ewhy", s.officer()...)
	s.addsDisclosure(form)
	r := s.get("/ops/disclosures", s.officer()...)
	s.has(r, 200, "&lt;b&gt;name", "&lt;b&gt;address", "&lt;b&gt;categories", "&lt;b&gt;products", "&lt;b&gt;why")
	s.hasNot(r, "<b>name", "<b>address", "<b>categories", "<b>products", "<b>why")
}

func TestAViewerReadsTheDisclosuresOnly(t *testing.T) {
	s := newService(t)
	s.addsDisclosure(s.aDisclosure())
	r := s.get("/ops/disclosures", s.signedIn("reader")...)
	s.has(r, 200, "Mailing Ltd")
	s.hasNot(r, "Add a third party", "Remove it")
	s.has(s.sendForm("/ops/disclosures/new/add", s.aDisclosure().Encode(), s.signedIn("reader")...), 403)
}

func TestTheProcessorsPageSaysWhatOperatorsDid(t *testing.T) {
	s := newService(t)
	path := s.addsHost()
	s.has(s.get("/ops/processors", s.officer()...), 200, "desk-a entered it")
	s.taken(s.sendForm(path+"/change", aHost+"&revision=1", s.signedIn("desk-b")...))
	s.taken(s.sendForm(path+"/end", "revision=2&ended=2021-01-01", s.officer()...))
	s.has(s.get("/ops/processors", s.officer()...), 200, "desk-a entered it", "desk-b changed it", "desk-a ended it")
}
