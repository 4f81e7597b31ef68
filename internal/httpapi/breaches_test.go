package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func dublin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// stands sets the clock to a moment.
func (s *service) stands(moment string) {
	s.Helper()
	at, err := time.Parse(time.RFC3339, moment)
	s.must(err)
	s.clock.Forward(at.Sub(s.clock.Now()))
}

// aBreach are the fields of a new entry; the clock is set to a spring evening.
func (s *service) aBreach() url.Values {
	s.Helper()
	s.stands("2027-03-05T19:00:00Z")
	return url.Values{"happened": {"A list was sent to a stranger."}, "aware": {"2027-03-05"}, "aware_clock": {"18:30"}}
}

// enters enters a breach and returns its page's path.
func (s *service) enters(form url.Values) string {
	s.Helper()
	r := s.sendForm("/ops/breaches/new/add", form.Encode(), s.officer()...)
	if r.StatusCode != http.StatusSeeOther {
		s.Fatalf("entering: %d %s", r.StatusCode, r.body)
	}
	return r.Header.Get("Location")
}

// steps sends a form of a breach's page, of the version that it shows.
func (s *service) steps(path, action, form string) reply {
	s.Helper()
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindSubmatch(s.get(path, s.officer()...).body)
	if version == nil {
		s.Fatal("the page has no form")
	}
	return s.sendForm(path+"/"+action, form+"&version="+string(version[1]), s.officer()...)
}

func (s *service) taken(r reply) {
	s.Helper()
	if r.StatusCode != http.StatusSeeOther {
		s.Fatalf("a step was not taken: %d %s", r.StatusCode, r.body)
	}
}

// drafts holds a file to its words.
func (s *service) drafts(r reply, texts ...string) {
	s.Helper()
	for _, text := range texts {
		if r.StatusCode != http.StatusOK || !strings.Contains(string(r.body), text) {
			s.Errorf("%d, and the draft lacks %q:\n%s", r.StatusCode, text, r.body)
		}
	}
}

func (s *service) hasNot(r reply, words ...string) {
	s.Helper()
	for _, w := range words {
		if strings.Contains(string(r.body), w) {
			s.Errorf("the page has %q", w)
		}
	}
}

func TestAnOfficerTakesABreachFromTheFirstNewsToItsClosing(t *testing.T) {
	s := newService(t)
	path := s.enters(s.aBreach())
	s.has(s.get("/ops/breaches", s.officer()...), 200, "A list was sent", "Tell the authority", "71 h left", "5 March 2027, 18:30 GMT")
	s.has(s.get(path, s.officer()...), 200, "8 March 2027, 18:30 GMT", "[not known yet: which kinds of data]", "Not known yet: It began; Kinds of data;")
	s.drafts(s.get(path+"/notice.txt", s.officer()...), "Notification of a personal data breach", path[len("/ops/breaches/"):])

	s.has(s.steps(path, "authority", "decision=not&reasons=none"), 422, "a risk is unlikely, and the account says otherwise")
	s.has(s.steps(path, "authority", ""), 422, "The authority: choose one")
	s.has(s.steps(path, "close", ""), 409, "can&#39;t be closed yet")
	correction := s.aBreach()
	correction.Set("data", "e-mail addresses")
	correction.Set("people", "1200")
	correction.Set("risk", "high")
	correction.Set("reasons", "The list is plain.")
	s.taken(s.steps(path, "correct", correction.Encode()))
	s.drafts(s.get(path+"/message.txt", s.officer()...), "Something happened to your data", "e-mail addresses")

	s.stands("2027-03-08T18:31:00Z")
	s.has(s.get("/ops/breaches", s.officer()...), 200, `class="fail"`, "overdue by 1 min")
	notice := "decision=sent&sent=2027-03-08&sent_clock=18:31"
	s.has(s.steps(path, "authority", notice), 422, "are missing: it was sent after its time", `value="2027-03-08"`)
	s.taken(s.steps(path, "authority", notice+"&delay=The+line+was+down."))
	s.has(s.get(path, s.officer()...), 200, "Decide whether the persons are told", "24 h left")
	s.drafts(s.get(path+"/notice.txt", s.officer()...), "Reasons for the delay: The line was down.", "This adds to our notification of 8 March 2027, 18:31 GMT")
	s.has(s.steps(path, "persons", "decision=not"), 422, "are missing")
	s.taken(s.steps(path, "persons", "decision=to_tell"))
	s.has(s.get(path, s.officer()...), 200, "Tell the persons")
	s.taken(s.steps(path, "persons", "decision=told&told=2027-03-08&told_clock=18:31"))
	s.taken(s.steps(path, "close", "words=Nothing+more+is+known."))
	page := s.get(path, s.officer()...)
	s.has(page, 200, "Closed", "Nothing more is known.", "desk-a entered it", "desk-a corrected the account", "desk-a decided about the authority", "desk-a decided about the persons", "desk-a closed it", "Open it again")
	s.hasNot(page, "Correct or add to it")
	s.has(s.steps(path, "reopen", ""), 422, "are missing")
	s.taken(s.steps(path, "reopen", "words=A+second+list."))
	s.has(s.get(path, s.officer()...), 200, "Correct or add to it", "desk-a opened it again")

	events, err := sqlstore.NewAudit(s.db).About(t.Context(), path[len("/ops/breaches/"):])
	s.must(err)
	if len(events) != 7 {
		t.Errorf("the trail has %d events of the 7 steps: %v", len(events), events)
	}
}

func TestEachCorrectionOfABreachShowsWhatItChanged(t *testing.T) {
	s := newService(t)
	path := s.enters(s.aBreach())
	later := s.aBreach()
	later.Set("happened", "Two lists were sent.")
	s.taken(s.steps(path, "correct", later.Encode()))
	history := string(s.get(path, s.officer()...).body)
	history = history[strings.LastIndex(history, "What operators did"):]
	for _, text := range []string{"A list was sent to a stranger.", "Two lists were sent."} {
		if strings.Count(history, text) != 1 {
			t.Errorf("the history has %q %d times", text, strings.Count(history, text))
		}
	}
}

func TestTheHourThatComesTwiceIsAskedFor(t *testing.T) {
	s := newService(t)
	s.stands("2027-10-31T12:00:00Z")
	form := url.Values{"happened": {"x"}, "aware": {"2027-10-31"}, "aware_clock": {"01:30"}}
	s.has(s.sendForm("/ops/breaches/new/add", form.Encode(), s.officer()...), 422, "this time came twice", "01:30 IST (UTC&#43;01:00)", "01:30 GMT (UTC&#43;00:00)")
	form.Set("aware_turn", "second")
	path := s.enters(form)
	s.has(s.get(path, s.officer()...), 200, "31 October 2027, 01:30 GMT", `value="second" selected`, "3 November 2027, 01:30 GMT")

	form.Set("aware_turn", "first")
	s.has(s.get(s.enters(form), s.officer()...), 200, "31 October 2027, 01:30 IST", "3 November 2027, 00:30 GMT")
	s.stands("2028-03-26T12:00:00Z")
	form.Set("aware", "2028-03-26")
	s.has(s.sendForm("/ops/breaches/new/add", form.Encode(), s.officer()...), 422, "clocks leapt over")
}

func TestOfTwoOfficersAtABreachTheSlowerKeepsWhatWasWritten(t *testing.T) {
	s := newService(t)
	path := s.enters(s.aBreach())
	faster, slower := s.aBreach(), s.aBreach()
	faster.Set("data", "Names.")
	slower.Set("data", "Addresses.")
	slower.Set("version", "1")
	s.taken(s.steps(path, "correct", faster.Encode()))
	r := s.sendForm(path+"/correct", slower.Encode(), s.signedIn("desk-b")...)
	s.has(r, 409, "Another officer has saved this breach meanwhile", "Names.", ">Addresses.</textarea>", `name="version" value="2"`)
}

func TestWhatABreachCanNotHaveIsSaidBesideTheField(t *testing.T) {
	s := newService(t)
	for field, bad := range map[string]string{
		"happened": "", "aware": "9999-12-31", "began": "2027-03-06", "people": "many", "records": "-1", "risk": "huge", "data": "a\x00b", "measures": strings.Repeat("é", breach.MaxWords+1),
	} {
		form := s.aBreach()
		form.Set("began_clock", "10:00")
		form.Set("began", "2027-03-05")
		form.Set(field, bad)
		s.has(s.sendForm("/ops/breaches/new/add", form.Encode(), s.officer()...), 422, `id="`+field+`-add-new-problem"`)
	}
	form := s.aBreach()
	form.Set("data", strings.Repeat("a", 1<<20))
	s.has(s.sendForm("/ops/breaches/new/add", form.Encode(), s.officer()...), 413)
}

func TestMarkupInABreachIsShownAsText(t *testing.T) {
	s := newService(t)
	form := s.aBreach()
	for _, field := range []string{"happened", "data", "who", "consequences", "measures", "reasons"} {
		form.Set(field, "<script>"+field+"</script>")
	}
	path := s.enters(form)
	for _, page := range []string{"/ops/breaches", path} {
		r := s.get(page, s.officer()...)
		s.has(r, 200, "&lt;script&gt;happened")
		s.hasNot(r, "<script>happened", "<script>data", "<script>who", "<script>consequences", "<script>measures", "<script>reasons")
	}
	r := s.get(path+"/notice.txt", s.officer()...)
	if got := r.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the draft is %s, %s", got, r.Header.Get("Content-Disposition"))
	}
}

func TestAViewerReadsTheBreachesOnly(t *testing.T) {
	s := newService(t)
	path := s.enters(s.aBreach())
	r := s.get(path, s.signedIn("reader")...)
	s.has(r, 200, "A list was sent")
	s.hasNot(r, "<button type=\"submit\">Save")
	for _, action := range []string{"correct", "authority", "persons", "close", "reopen"} {
		s.has(s.sendForm(path+"/"+action, "version=1", s.signedIn("reader")...), 403)
	}
	s.has(s.sendForm("/ops/breaches/new/add", s.aBreach().Encode(), s.signedIn("reader")...), 403)
}

func TestOneOfNoBreachIsNotFound(t *testing.T) {
	s := newService(t)
	path := s.enters(s.aBreach())
	for _, address := range []string{"/ops/breaches/x", "/ops/breaches/" + string(breach.NewID()), path + "/secret.txt"} {
		s.has(s.get(address, append(s.officer(), "Accept", html)...), 404, "no such entry")
	}
	s.has(s.sendForm("/ops/breaches/"+string(breach.NewID())+"/close", "version=1", s.officer()...), 404)
	s.has(s.sendForm(path+"/erase", "version=1", s.officer()...), 404)
	s.has(s.sendForm("/ops/breaches/new/close", "", s.officer()...), 404)
	for _, register := range []string{"breaches", "disclosures", "processors"} {
		for _, id := range []string{"%00", "%FF", "x"} {
			s.has(s.sendForm("/ops/"+register+"/"+id+"/change", "version=1", s.officer()...), 404, "no such entry")
		}
	}
}

func TestBreachesAreListedPageByPage(t *testing.T) {
	s := newService(t)
	form := s.aBreach()
	desk, now := sqlstore.NewBreaches(s.db), s.clock.Now()
	for i := range 51 {
		b, err := breach.New(breach.Account{Happened: "One of many.", Aware: now.Add(-time.Duration(i) * time.Minute)}, now)
		s.must(err)
		s.must(desk.Enter(context.Background(), b, eventOf(now)))
	}
	s.enters(form)
	first := s.get("/ops/breaches", s.officer()...)
	next := regexp.MustCompile(`/ops/breaches\?after=[0-9]+\.[a-z0-9]+`).Find(first.body)
	if n := strings.Count(string(first.body), `<li>`); n != 50 || next == nil {
		t.Fatalf("the first page has %d and leads to %s", n, next)
	}
	if n := strings.Count(string(s.get(string(next), s.officer()...).body), `<li>`); n != 2 {
		t.Errorf("the second page has %d", n)
	}
	for _, broken := range []string{"x", "9.", "99999999999999999999.a", "1.%27"} {
		s.has(s.get("/ops/breaches?after="+broken+"&closed_before="+broken, s.officer()...), 200, "One of many.")
	}
}
