package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const aHost = "name=Host+Ltd&role=runs+machines&region=Ireland&safeguard=&contract_date=2020-02-03"

func (s *service) addsHost() (path string) {
	s.Helper()
	if r := s.sendForm("/ops/processors/new/add", aHost, s.officer()...); r.StatusCode != http.StatusSeeOther {
		s.Fatalf("adding: %d %s", r.StatusCode, r.body)
	}
	found := regexp.MustCompile(`/ops/processors/[^/"]+/change`).Find(s.get("/ops/processors", s.officer()...).body)
	return strings.TrimSuffix(string(found), "/change")
}

func TestAnOfficerKeepsTheListOfProcessorsThatThePolicyShows(t *testing.T) {
	s := newService(t)
	path := s.addsHost()
	s.has(s.get("/privacy"), 200, "Host Ltd", "Ireland")
	s.has(s.sendForm(path+"/end", "revision=1&ended=2019-01-01", s.officer()...), 422, "is before the contract", "2019-01-01")
	if r := s.sendForm(path+"/end", "revision=1&ended=2021-01-01", s.officer()...); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("ending: %d %s", r.StatusCode, r.body)
	}
	s.has(s.get("/ops/processors", s.officer()...), 200, "Host Ltd", "ended 2021-01-01")
	if strings.Contains(string(s.get("/privacy").body), "Host Ltd") {
		t.Error("the policy still names it")
	}
}

func TestOfTwoOfficersTheSlowerKeepsWhatWasWritten(t *testing.T) {
	s := newService(t)
	path := s.addsHost()
	change := strings.Replace(aHost, "Ireland", "Iceland", 1) + "&revision=1"
	if r := s.sendForm(path+"/change", change, s.officer()...); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("changing: %d %s", r.StatusCode, r.body)
	}
	slower := strings.Replace(aHost, "Ireland", "Norway", 1) + "&revision=1"
	s.has(s.sendForm(path+"/change", slower, s.signedIn("desk-b")...), 409, "Another officer has changed", "Iceland", `value="Norway"`, `name="revision" value="2"`)
}

func TestWhatAnEntryLacksIsSaidBesideTheField(t *testing.T) {
	s := newService(t)
	for _, field := range []string{"name", "role", "region", "contract_date"} {
		form := regexp.MustCompile(field+`=[^&]+`).ReplaceAllString(aHost, field+"=")
		s.has(s.sendForm("/ops/processors/new/add", form, s.officer()...), 422, `id="`+field+`-new-problem"`, "is missing")
	}
}

func TestMarkupInAnEntryIsShownAsText(t *testing.T) {
	s := newService(t)
	form := "name=%3Cb%3En&role=%3Cb%3Er&region=%3Cb%3Eg&safeguard=%3Cb%3Es&contract_date=2020-02-03"
	s.sendForm("/ops/processors/new/add", form, s.officer()...)
	s.has(s.get("/ops/processors", s.officer()...), 200, "&lt;b&gt;n", "&lt;b&gt;r", "&lt;b&gt;g", "&lt;b&gt;s")
}

func TestAViewerReadsTheProcessorsOnly(t *testing.T) {
	s := newService(t)
	s.addsHost()
	r := s.get("/ops/processors", s.signedIn("reader")...)
	s.has(r, 200, "Host Ltd")
	if strings.Contains(string(r.body), "Add one") {
		t.Error("a viewer is offered a form")
	}
	s.has(s.sendForm("/ops/processors/new/add", aHost, s.signedIn("reader")...), 403)
}
