package httpapi_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// arrived is a request that an officer typed in some days after it arrived.
func (s *service) arrived(kind subjectrequest.Kind, daysAgo int) subjectrequest.Request {
	s.Helper()
	return s.typedIn(subjectrequest.Filing{Kind: kind, Channel: subjectrequest.Letter, Message: "Please, and thank you."}, daysAgo)
}

func (s *service) typedIn(f subjectrequest.Filing, daysAgo int) subjectrequest.Request {
	s.Helper()
	f.ArrivedOn = civil.DateOf(s.clock.Now()).AddDays(-daysAgo)
	filed, err := s.options.Desk.File(s.Context(), privacydesk.Filing{Filing: f, Actor: "desk-b"})
	s.must(err)
	return filed.Request
}

// aboutPhoto is a request with the key of a photo that waits at the desk.
func (s *service) aboutPhoto() (subjectrequest.Request, photo.Photo) {
	s.Helper()
	p, err := s.photos.Get(s.Context(), photo.ID(s.upload().ID))
	s.must(err)
	filed, err := s.options.Desk.File(s.Context(), privacydesk.Filing{
		Filing: subjectrequest.Filing{Kind: subjectrequest.Rectification, Channel: subjectrequest.PhotoKey, Photo: p, Message: "The size is wrong."}, Actor: "(person)",
	})
	s.must(err)
	return filed.Request, p
}

func pageOf(r subjectrequest.Request) string { return "/ops/desk/requests/" + string(r.ID) }

// acts sends a form of a request's page, of the version that it shows.
func (s *service) acts(r subjectrequest.Request, action subjectrequest.Action, form url.Values) reply {
	s.Helper()
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindSubmatch(s.get(pageOf(r), s.officer()...).body)
	if version == nil {
		s.Fatal("the page has no form")
	}
	return s.sendForm(pageOf(r)+"/"+string(action), form.Encode()+"&version="+string(version[1]), s.officer()...)
}

// inOrder checks that texts stand on a page one after the other.
func (s *service) inOrder(r reply, texts ...string) {
	s.Helper()
	rest := string(r.body)
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			s.Errorf("%q is missing, or not in its place", text)
			return
		}
		rest = after
	}
}

func TestTheDeskListsWhatIsAboutLivingPhotosAndThenTheRestByDueDate(t *testing.T) {
	s := newService(t)
	about, _ := s.aboutPhoto()
	late, soon, later := s.arrived(subjectrequest.Access, 40), s.arrived(subjectrequest.Erasure, 29), s.arrived(subjectrequest.Objection, 2)
	s.stepsAside()
	page := s.get("/ops/desk", s.officer()...)
	s.has(page, 200, "Request to correct personal data", "47 h left", `class="left soon"`, "<strong>1</strong> overdue", "<strong>4</strong> in all", `aria-current="page">Desk`)
	s.inOrder(page, "About living photos", pageOf(about), "Waiting", pageOf(late), `class="left overdue"`, "overdue by 10 days", pageOf(soon), "1 day left", pageOf(later), "28 days left")
	s.inOrder(s.get("/ops", s.officer()...), "Next at the desk", pageOf(late), pageOf(soon), pageOf(about))
}

// stepsAside lets a second pass.
func (s *service) stepsAside() { s.clock.Forward(time.Second) }

func TestTheDeskIsGoneThroughPageByPage(t *testing.T) {
	s := newService(t)
	for range 53 {
		s.arrived(subjectrequest.Access, 3)
	}
	first := s.get("/ops/desk", s.officer()...)
	next := regexp.MustCompile(`/ops/desk\?after=[0-9]+\.[a-z0-9]+`).Find(first.body)
	if n := strings.Count(string(first.body), "data-row"); n != 50 || next == nil {
		t.Fatalf("the first page has %d and leads to %q", n, next)
	}
	second := s.get(string(next), s.officer()...)
	if n := strings.Count(string(second.body), "data-row"); n != 3 {
		t.Errorf("the second page has %d", n)
	}
	s.hasNot(second, "in all", "Next page")
	for _, broken := range []string{"x", "9.", "99999999999999999999.a", "1.%27"} {
		s.has(s.get("/ops/desk?after="+broken, s.officer()...), 200, "<strong>53</strong> in all")
	}
}

func TestAnOfficerAnswersARequestFromItsPage(t *testing.T) {
	s := newService(t)
	r := s.typedIn(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Phone, Email: "ada@mail.example", Message: "Stop it."}, 3)
	page := s.get(pageOf(r), s.officer()...)
	s.has(page, 200, "Stop it.", "ada@mail.example", "27 days left", "Take it on", "desk-b filed it", "/ops/letters/", "The promised date")
	s.inOrder(page, "<h2>Next</h2>", `class="next">Take it on`, "<h2>Or</h2>", "Ask about the identity", "Refuse", "Close")
	s.taken(s.acts(r, subjectrequest.Accept, nil))
	page = s.get(pageOf(r), s.officer()...)
	s.inOrder(page, "<h2>Next</h2>", "There are no accounts here", `class="next">Send the answer`, "Extend")
	s.taken(s.acts(r, subjectrequest.Fulfil, url.Values{"words": {"We hold nothing of you."}}))
	page = s.get(pageOf(r), s.officer()...)
	s.has(page, 200, "We hold nothing of you.", "desk-a took it on", "desk-a answered it", "The person can read the answer until", ", in time")
	s.hasNot(page, "<h2>Next</h2>", "Send the answer")
	s.hasNot(s.get("/ops/desk", s.officer()...), pageOf(r))
}

func TestARefusalNeedsItsWordsAndKeepsWhatWasTyped(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Erasure, 1)
	s.has(s.get(pageOf(r), s.officer()...), 200, "The authority, 1 Main Street", "(Art. 79 GDPR)")
	refusal := url.Values{"words": {""}, "authority": {"Another authority"}, "remedy": {"The court"}}
	s.has(s.acts(r, subjectrequest.Refuse, refusal), 422, `id="words-refuse_request-`+string(r.ID)+`-problem"`, "is missing", "Another authority", "<details open")
	refusal.Set("words", strings.Repeat("ж", 5001))
	s.has(s.acts(r, subjectrequest.Refuse, refusal), 422, "plain text of at most 5000")
	refusal.Set("words", "It is not yours.")
	refusal.Set("remedy", "\x00")
	s.has(s.acts(r, subjectrequest.Refuse, refusal), 422, `id="remedy-refuse_request-`+string(r.ID)+`-problem"`, "It is not yours.")
	refusal.Set("remedy", strings.Repeat("界", 5000))
	s.taken(s.acts(r, subjectrequest.Refuse, refusal))
	s.has(s.get(pageOf(r), s.officer()...), 200, "desk-a refused it", "Another authority")
}

func TestADraftWithAGapIsNotSent(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Access, 1)
	page := s.get(pageOf(r), s.officer()...)
	s.has(page, 200, privacydesk.Gap)
	s.has(s.acts(r, subjectrequest.AskIdentity, url.Values{"words": {"Because: " + privacydesk.Gap}}), 422, "still has [the reason]: write it there")
	s.taken(s.acts(r, subjectrequest.AskIdentity, url.Values{"words": {"Because two people have your name."}}))
	s.has(s.get(pageOf(r), s.officer()...), 200, "time stands still", "Because two people", `class="next">Identity is settled`)
	s.has(s.acts(r, subjectrequest.SettleIdentity, url.Values{"day": {"2001-01-01"}}), 422, "must not be before the question")
	s.taken(s.acts(r, subjectrequest.SettleIdentity, url.Values{"day": {s.clock.Now().Format(time.DateOnly)}}))
	s.has(s.acts(r, subjectrequest.Close, nil), 422, "choose one that fits")
	s.taken(s.acts(r, subjectrequest.Close, url.Values{"closing": {"withdrawn"}}))
	s.has(s.get(pageOf(r), s.officer()...), 200, "closed it: the person withdrew it", "Only dates and outcomes are kept")
}

func TestOfTwoOfficersAtARequestTheSlowerLosesNothing(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Objection, 1)
	s.taken(s.acts(r, subjectrequest.Accept, nil))
	slower := url.Values{"version": {"2"}, "words": {"My long answer."}}
	s.taken(s.acts(r, subjectrequest.Extend, url.Values{"words": {"It is much."}}))
	changed := s.sendForm(pageOf(r)+"/fulfil_request", slower.Encode(), s.signedIn("desk-b")...)
	s.has(changed, 409, "Somebody else has acted on this request meanwhile", ">My long answer.</textarea>", `name="version" value="3"`)
	s.taken(s.acts(r, subjectrequest.Fulfil, url.Values{"words": {"The answer."}}))
	changed = s.sendForm(pageOf(r)+"/fulfil_request", slower.Encode(), s.signedIn("desk-b")...)
	s.has(changed, 409, "What you had written", "My long answer.", "The answer.")
}

func TestAViewerReadsRequestsWithoutAddressesAndDoesNothing(t *testing.T) {
	s := newService(t)
	r := s.typedIn(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Letter, Email: "ada@mail.example"}, 1)
	reader := s.signedIn("reader")
	page := s.get(pageOf(r), reader...)
	s.has(page, 200, "hidden (officers see it)")
	for _, path := range []string{pageOf(r), "/ops/desk", "/ops/desk/search", "/ops/desk/search?q=ada@mail.example"} {
		s.hasNot(s.get(path, reader...), "ada@mail.example<", "· ada@mail.example", `name="version"`, "Enter a request")
	}
	s.hasNot(s.get("/ops/desk/search?q=ada@mail.example", reader...), string(r.ID))
	s.has(s.sendForm(pageOf(r)+"/accept_request", "version=1", reader...), 403)
	s.has(s.sendForm("/ops/desk/requests", "kind=access&channel=letter", reader...), 403)
	s.has(s.get("/ops/desk/requests.csv?from=2020-01-01&to=2020-01-02", append(reader, "Accept", html)...), 403)
}

func TestAnOfficerEntersWhatCameByLetter(t *testing.T) {
	s := newService(t)
	today := s.clock.Now().Format(time.DateOnly)
	form := url.Values{"kind": {"access"}, "channel": {"letter"}, "arrived": {today}, "message": {"What do you hold?"}}
	for field, bad := range map[string]string{
		"kind": "", "channel": "email", "arrived": "2001-01-01", "email": "nobody", "message": "\x07",
	} {
		tried := url.Values{}
		for name, values := range form {
			tried[name] = values
		}
		tried.Set(field, bad)
		s.has(s.sendForm("/ops/desk/requests", tried.Encode(), s.officer()...), 422, `id="`+field+`-new--problem"`)
	}
	wrong := url.Values{"kind": {"access"}, "channel": {"designated_mail"}, "arrived": {today}, "message": {"What I typed."}}
	s.has(s.sendForm("/ops/desk/requests", wrong.Encode(), s.officer()...), 422, "for Shine the Light only", "What I typed.")

	filed := s.sendForm("/ops/desk/requests", form.Encode(), s.officer()...)
	s.has(filed, 201, "Give the person these two", "/privacy/answer", "shown only now")
	path := regexp.MustCompile(`/ops/desk/requests/[a-z2-7]{26}`).Find(filed.body)
	s.has(s.get(string(path), s.officer()...), 200, "What do you hold?", "by letter", "desk-a filed it", "None. The person reads")

	form.Set("email", "ada@mail.example")
	filed = s.sendForm("/ops/desk/requests", form.Encode(), s.officer()...)
	s.taken(filed)
	s.has(s.get(filed.Header.Get("Location"), s.officer()...), 200, "ada@mail.example", "We received what you sent")
	form.Set("message", strings.Repeat("a", 1<<20))
	s.has(s.sendForm("/ops/desk/requests", form.Encode(), s.officer()...), 413)
}

func TestWhatAProgramAnswersIsNoNextStepOfTheOfficer(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Access, 1)
	s.taken(s.acts(r, subjectrequest.Accept, nil))
	page := s.get(pageOf(r), s.officer()...)
	s.inOrder(page, "answers by itself", "<h2>What can be done</h2>", "Send the answer")
	s.hasNot(page, "<h2>Next</h2>")
}

func TestTheKeyThatAnOfficerPassesOnOpensTheAnswer(t *testing.T) {
	s := newService(t)
	form := url.Values{"kind": {"shine_the_light"}, "channel": {"designated_mail"}, "arrived": {s.clock.Now().Format(time.DateOnly)}}
	filed := s.sendForm("/ops/desk/requests", form.Encode(), s.officer()...)
	secrets := regexp.MustCompile(`<dd class="secret">([^<]+)</dd>`).FindAllSubmatch(filed.body, -1)
	if len(secrets) != 2 {
		t.Fatalf("%d: %s", filed.StatusCode, filed.body)
	}
	r, err := s.options.Requests.Find(s.Context(), subjectrequest.ID(secrets[0][1]))
	s.must(err)
	s.hasNot(s.get(pageOf(r), s.officer()...), "Authority that takes complaints")
	s.taken(s.acts(r, subjectrequest.Accept, nil))
	s.has(s.get(pageOf(r), s.officer()...), 200, "direct marketing", `class="next">Send the answer`)
	s.taken(s.acts(r, subjectrequest.Fulfil, url.Values{"words": {"To nobody at all."}}))
	key := url.Values{"code": {string(secrets[1][1])}}
	answer := s.do(s.request("POST", "/privacy/answer", strings.NewReader(key.Encode()), "Accept", html, "Content-Type", "application/x-www-form-urlencoded"))
	s.has(answer, 200, "To nobody at all.")
}

func TestMarkupAtTheDeskIsShownAsText(t *testing.T) {
	s := newService(t)
	const script = "<script>alert(1)</script>"
	r := s.typedIn(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Letter, Email: "ada@mail.example", Message: script}, 1)
	s.taken(s.acts(r, subjectrequest.AskIdentity, url.Values{"words": {script}}))
	s.has(s.acts(r, subjectrequest.Refuse, url.Values{"words": {script}, "authority": {script}, "remedy": {""}}), 422)
	s.taken(s.acts(r, subjectrequest.Refuse, url.Values{"words": {script}, "authority": {script}, "remedy": {script}}))
	for _, path := range []string{pageOf(r), "/ops/desk", "/ops/desk/search?q=" + url.QueryEscape(`"`+script), "/ops/desk/search?kind=" + url.QueryEscape(script)} {
		s.hasNot(s.get(path, s.officer()...), script)
	}
	s.has(s.get(pageOf(r), s.officer()...), 200, "&lt;script&gt;alert(1)")
}

func TestARequestIsFoundByWhatAPersonMayTell(t *testing.T) {
	s := newService(t)
	about, p := s.aboutPhoto()
	s.stepsAside()
	ada := s.typedIn(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Letter, Email: "ada@mail.example"}, 1)
	breach := s.enters(s.aBreach())
	for q, want := range map[string]string{
		"q=" + string(ada.ID): pageOf(ada), "q=+" + strings.ToUpper(string(ada.ID[:9])): pageOf(ada), "q=Ada%40mail.example": pageOf(ada),
		"kind=objection": pageOf(ada), "state=received&kind=rectification": pageOf(about),
		"q=" + string(p.ID): pageOf(about), "q=https%3A%2F%2Fphotos.example%2Fphotos%2F" + string(p.ID) + "%23x": pageOf(about),
		"q=" + breach[len("/ops/breaches/"):]: breach,
	} {
		found := s.get("/ops/desk/search?"+q, s.officer()...)
		s.has(found, 200, want)
		if n := strings.Count(string(found.body), "data-row"); n != 1 {
			t.Errorf("%s finds %d", q, n)
		}
	}
	for _, q := range []string{"q=%27+OR+1%3D1", "q=nobody%40mail.example", "q=%00%FF", "q=https%3A%2F%2Fphotos.example%2Fphotos%2F", "state=closed", "q=" + string(subjectrequest.NewID())} {
		s.has(s.get("/ops/desk/search?"+q, s.officer()...), 200, "No request was found")
	}
}

func TestASearchIsGoneThroughPageByPage(t *testing.T) {
	s := newService(t)
	for range 51 {
		s.arrived(subjectrequest.Access, 1)
	}
	first := s.get("/ops/desk/search?kind=access&q=", s.officer()...)
	next := regexp.MustCompile(`/ops/desk/search\?before=[^"]+`).Find(first.body)
	if next == nil {
		t.Fatal("there is no next page")
	}
	if n := strings.Count(string(s.get(strings.ReplaceAll(string(next), "&amp;", "&"), s.officer()...).body), "data-row"); n != 1 {
		t.Errorf("the second page has %d", n)
	}
}

func TestTheRegisterIsExportedWithoutThePerson(t *testing.T) {
	s := newService(t)
	r := s.typedIn(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Letter, Email: "ada@mail.example", Message: "My words."}, 40)
	s.taken(s.acts(r, subjectrequest.Refuse, url.Values{"words": {"No."}, "authority": {"A"}, "remedy": {"C"}}))
	today := s.clock.Now().Format(time.DateOnly)
	file := s.get("/ops/desk/requests.csv?from="+today+"&to="+today, s.officer()...)
	if kind := file.Header.Get("Content-Type"); file.StatusCode != 200 || kind != "text/csv; charset=utf-8" {
		t.Fatalf("%d %s", file.StatusCode, kind)
	}
	lines, err := csv.NewReader(strings.NewReader(string(file.body))).ReadAll()
	s.must(err)
	arrived := r.ArrivedOn.String()
	want := []string{string(r.ID), "objection", "letter", "refused", arrived, r.Dates.Law.String(), r.Dates.Promised.String(), today, "yes", ""}
	if len(lines) != 2 || strings.Join(lines[1], "|") != strings.Join(want, "|") {
		t.Errorf("%v", lines)
	}
	s.hasNot(file, "ada", "My words")
	events, err := sqlstore.NewAudit(s.db).About(s.Context(), today+"/"+today)
	s.must(err)
	if len(events) != 1 || events[0].Actor != "desk-a" || events[0].Action != "export_requests" {
		t.Errorf("%v", events)
	}
	before := s.get("/ops/desk/requests.csv?from=2001-01-01&to=2001-01-31", s.officer()...)
	if n := strings.Count(string(before.body), "\r\n"); n != 1 {
		t.Errorf("an empty period has %d lines", n)
	}
	for _, bad := range []string{"", "?from=2026-01-02&to=2026-01-01", "?from=x&to=2026-01-01"} {
		s.has(s.get("/ops/desk/requests.csv"+bad, append(s.officer(), "Accept", html)...), 422, "Give from and to as days")
	}
}

func TestTheQuartersReportCountsByKindAndOutcome(t *testing.T) {
	s := newService(t)
	s.stands("2027-03-31T12:00:00Z")
	for _, ago := range []int{40, 20, 10} {
		r := s.arrived(subjectrequest.Objection, ago)
		s.taken(s.acts(r, subjectrequest.Refuse, url.Values{"words": {"No."}, "authority": {"A"}, "remedy": {"C"}}))
	}
	open := s.arrived(subjectrequest.Access, 5)
	s.arrived(subjectrequest.Access, 100) // in the quarter before
	page := s.get("/ops/desk/reports/2027-Q1", s.officer()...)
	s.has(page, 200, "January to March 2027", "The quarter is not over", string(open.ID), "None is overdue")
	file := s.get("/ops/desk/reports/2027-Q1.csv", s.officer()...)
	s.drafts(file, "\r\nobjection,3,0,0,3,0,0,0,2,1,0,20\r\n", "\r\naccess,1,1,0,0,0,0,0,0,0,0,\r\n", "\r\nall,4,1,0,3,0,0,0,2,1,0,20\r\n")
	s.has(s.get("/ops/desk/reports/2026-Q4", s.officer()...), 200, "1 is overdue")
	list := s.get("/ops/desk/reports", s.officer()...)
	s.inOrder(list, "2027-Q1", "2026-Q4")
	s.hasNot(list, "2026-Q3")
	for _, bad := range []string{"2027-Q5", "27-Q1", "2027-Q1.txt", "x"} {
		s.has(s.get("/ops/desk/reports/"+bad, append(s.officer(), "Accept", html)...), 404)
	}
}

func TestOneOfNoRequestIsNotFound(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Access, 1)
	for _, path := range []string{"/ops/desk/requests/x", "/ops/desk/requests/" + string(subjectrequest.NewID())} {
		s.has(s.get(path, append(s.officer(), "Accept", html)...), 404, "no such entry")
		s.has(s.sendForm(path+"/accept_request", "version=1", s.officer()...), 404)
	}
	s.has(s.sendForm(pageOf(r)+"/erase_everything", "version=1", s.officer()...), 409, "can&#39;t be done")
	s.has(s.sendForm(pageOf(r)+"/accept_request", "version=x", s.officer()...), 409, "meanwhile")
}

func TestWhenASessionEndsTheFormIsNotTaken(t *testing.T) {
	s := newService(t)
	r := s.arrived(subjectrequest.Access, 1)
	cookie := s.officer()
	s.clock.Forward(31 * time.Minute)
	s.has(s.sendForm(pageOf(r)+"/accept_request", "version=1", cookie...), http.StatusUnauthorized, "back button brings it back")
}
