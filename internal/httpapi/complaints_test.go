package httpapi_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// complaintDesk takes complaints in as the API process does.
func (s *service) complaintDesk(log *slog.Logger) *complaintdesk.Desk {
	s.Helper()
	zone := dublin(s.T)
	calendar, err := subjectrequest.NewCalendar(zone)
	s.must(err)
	register := sqlstore.NewComplaints(s.db)
	return complaintdesk.New(complaintdesk.Options{
		Register: register, Finder: register, Queue: s.queue, Calendar: calendar, Days: 30, Log: log, Now: s.clock.Now,
		Writer: letter.Writer{Site: "https://photos.example", From: "Photos", Zone: zone},
	})
}

// complaintSeen is what the tests look at of a complaint.
type complaintSeen struct {
	ID, Key, State, Answer, Words, Verdict, Closing string
	AnswerBy                                        string `json:"answer_by"`
	MergedInto                                      string `json:"merged_into"`
	Checks                                          []map[string]any
}

// complains files a complaint by the API.
func (s *service) complains(body string, headers ...string) (c complaintSeen) {
	s.Helper()
	r := s.json(http.MethodPost, "/v1/complaints", body, headers...)
	if r.StatusCode != http.StatusCreated {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &c)
	return c
}

func (s *service) complaint(c complaintSeen) (got complaintSeen) {
	s.Helper()
	r := s.get("/v1/complaints/"+c.ID, "Authorization", "Bearer "+c.Key)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &got)
	return got
}

// acts sends a form of a complaint's page, of the version that it shows.
func (s *service) actsOn(id, action, form string) reply {
	s.Helper()
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindSubmatch(s.get("/ops/complaints/"+id, s.officer()...).body)
	if version == nil {
		s.Fatal("the page has no form")
	}
	return s.sendForm("/ops/complaints/"+id+"/"+action, form+"&version="+string(version[1]), s.officer()...)
}

func TestAComplaintGoesFromThePhotosPageToItsAnswer(t *testing.T) {
	for name, database := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "photos.db"), "postgres": testservers.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			s := newServiceOn(t, database)
			s.stands("2027-03-05T23:30:00Z")
			a := s.upload()
			s.finish(a, aPhoto(t, 600, 600))
			cookie := []string{"Cookie", "photo_key=" + a.Key}
			s.has(s.get("/photos/"+a.ID, cookie...), 200, `/photos/`+a.ID+`/complaint`)
			s.has(s.get("/photos/"+a.ID+"/complaint", cookie...), 200, "United States", "nothing of the picture", `action="/photos/`+a.ID+`/complaint"`)
			filed := s.sendForm("/photos/"+a.ID+"/complaint", "words=My+ears+were+cut+off.&email=Ada%40example.org", cookie...)
			s.has(filed, 200, "We have your complaint", "Sunday, 4 April 2027", "We have sent you a mail", "My ears were cut off.", "30.2 mm")
			id := regexp.MustCompile(`/privacy/complaints/([a-z2-7]{26})"`).FindSubmatch(filed.body)
			key := regexp.MustCompile(`<code>([a-z2-7]{52})</code>`).FindSubmatch(filed.body)
			if id == nil || key == nil {
				t.Fatalf("no number or key: %s", filed.body)
			}
			c := complaintSeen{ID: string(id[1]), Key: string(key[1])}
			_, link := s.mailed(c.ID)
			s.has(s.sendForm("/privacy/confirm", "code="+link.Spoken()), 200, "Your address is confirmed", "Sunday, 4 April 2027")
			s.has(s.sendForm("/privacy/confirm", "token="+link.Token.Reveal()), 409, "has been used")
			s.has(s.get("/ops/complaints", s.officer()...), 200, "My ears were cut off.", "Its photo is there for another", "29 days left")
			s.has(s.get("/ops/complaints/"+c.ID, s.officer()...), 200, "ada@example.org (confirmed)", "<table>", "30.2 mm", "The person complained", "Take it on")
			s.taken(s.actsOn(c.ID, "take", ""))
			s.taken(s.actsOn(c.ID, "note", "words=Called+back."))
			s.do(s.request(http.MethodDelete, a.path(""), nil, a.bearer()...))
			s.has(s.get("/ops/complaints/"+c.ID, s.officer()...), 200, "The photo is deleted", "30.2 mm", "Called back.", "desk-a took it on")
			s.has(s.actsOn(c.ID, "answer", "words="), 422, "is missing")
			s.clock.Forward(time.Second)
			s.taken(s.actsOn(c.ID, "answer", "words=We+are+sorry.+The+crop+is+repaired."))
			kinds, answer := s.mailed(c.ID)
			if strings.Join(kinds, " ") != "address_confirmation acknowledgement answer_ready" {
				t.Errorf("letters: %v", kinds)
			}
			for _, opens := range []string{c.Key, answer.Token.Reveal(), strings.ToUpper(answer.Spoken())} {
				s.has(s.sendForm("/privacy/complaints/"+c.ID, "key="+url.QueryEscape(opens)), 200, "The crop is repaired.", "are forgotten on")
			}
			for _, opens := range []string{"token=" + answer.Token.Reveal(), "code=" + answer.Spoken(), "code=" + c.Key} {
				s.has(s.sendForm("/privacy/answer", opens), 200, "The crop is repaired.")
			}
			got := s.complaint(c)
			if got.State != "answered" || got.Answer == "" || len(got.Checks) != 2 || got.AnswerBy != "2027-04-04" {
				t.Errorf("%+v", got)
			}
			s.taken(s.actsOn(c.ID, "close", "closing=answered"))
			s.has(s.get("/ops/notes?closed=yes", s.officer()...), 200, "Called back.", "closed on")
		})
	}
}

func TestAComplaintByTheAPINamesAPhotoByItsKey(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	c := s.complains(`{"words": "Why?", "photo_id": "`+a.ID+`"}`, a.bearer()...)
	if got := s.complaint(c); got.Verdict != "submit_with_care" || len(got.Checks) != 2 || got.Checks[0]["name"] != "head_height" || got.State != "received" {
		t.Errorf("%+v", got)
	}
	s.isProblem(s.json(http.MethodPost, "/v1/complaints", `{"words": "Why?", "photo_id": "`+a.ID+`"}`), 404, "not_found")
	s.isProblem(s.json(http.MethodPost, "/v1/complaints", `{"words": "`+strings.Repeat("é", 5001)+`"}`), 422, "invalid_request")
	for body, field := range map[string]string{
		`{"words": " "}`: "body.words", `{"words": "\u001b"}`: "body.words",
		`{"words": "x", "email": "a@b.org\r\nBcc: all@b.org"}`: "body.email", `{"words": "x", "reference": "../.."}`: "body.reference",
	} {
		if p := s.isProblem(s.json(http.MethodPost, "/v1/complaints", body), 422, "invalid_complaint"); len(p.Errors) != 1 || p.Errors[0].Location != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
	for _, key := range []string{"", a.Key, secret.NewKey().Reveal()} {
		s.isProblem(s.get("/v1/complaints/"+c.ID, "Authorization", "Bearer "+key), 404, "unknown_complaint")
	}
	s.isProblem(s.get("/v1/complaints/x", "Authorization", "Bearer "+c.Key), 404, "unknown_complaint")
	for range 2 {
		if r := s.do(s.request(http.MethodDelete, "/v1/complaints/"+c.ID, nil, "Authorization", "Bearer "+c.Key)); r.StatusCode != http.StatusNoContent {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
	if got := s.complaint(c); got.Closing != "withdrawn" || got.Words != "" {
		t.Errorf("%+v", got)
	}
}

func TestOfARestrictedPhotoAComplaintHasNoReport(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	s.json(http.MethodPost, a.path("/restriction"), `{"ground": "accuracy"}`, a.bearer()...)
	c := s.complains(`{"words": "Why?", "photo_id": "`+a.ID+`"}`, a.bearer()...)
	if got := s.complaint(c); got.Verdict != "" || len(got.Checks) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestWhatAPersonFillsInWronglyIsSaidBesideTheFieldAndKept(t *testing.T) {
	s := newService(t)
	s.has(s.sendForm("/privacy/complaints", "words=&email=ada@example.org"), 422, `id="words-problem"`, `value="ada@example.org"`)
	s.has(s.sendForm("/privacy/complaints", "words=It+hurt.&email=ada%0aBcc%3a+all@example.org"), 422, `id="email-problem"`, "It hurt.")
	s.has(s.sendForm("/privacy/complaints", "words=It+hurt.&reference=%3Cscript%3E"), 422, `id="reference-problem"`, "&lt;script&gt;")
	s.has(s.sendForm("/privacy/complaints", "words="+strings.Repeat("a", 1<<20)), 413, "too long")
	s.has(s.get("/privacy/complaints/x"), 404, "no such complaint")
	s.has(s.get("/photos/"+s.upload().ID+"/complaint"), 404, "no such photo")
	s.has(s.get("/privacy"), 200, `href="/privacy/complaints"`)
}

func TestMarkupInAComplaintIsShownAsTextEverywhere(t *testing.T) {
	s := newService(t)
	c := s.complains(`{"words": "<script>words</script>"}`)
	s.taken(s.actsOn(c.ID, "note", "words=%3Cscript%3Enote%3C/script%3E"))
	s.taken(s.actsOn(c.ID, "answer", "words=%3Cscript%3Eanswer%3C/script%3E"))
	for _, r := range []reply{
		s.get("/ops/complaints?q="+c.ID, s.officer()...), s.get("/ops/complaints/"+c.ID, s.officer()...), s.get("/ops/notes?q=%3Cscript%3Eno", s.officer()...),
		s.sendForm("/privacy/complaints/"+c.ID, "key="+c.Key),
	} {
		s.has(r, 200, "&lt;script&gt;")
		s.hasNot(r, "<script>words", "<script>note", "<script>answer")
	}
}

func TestOnePersonsManyComplaintsAreTurnedAwayWithTheNumbersOfTheOthers(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	var ids []string
	body := `{"words": "Why?", "photo_id": "` + a.ID + `"}`
	for range complaint.MaxPerPhoto {
		ids = append(ids, s.complains(body, a.bearer()...).ID)
	}
	p := s.isProblem(s.json(http.MethodPost, "/v1/complaints", body, a.bearer()...), 409, "too_many_complaints")
	for _, id := range ids {
		if !strings.Contains(p.Detail, id) {
			t.Errorf("%s is not named: %s", id, p.Detail)
		}
	}
	codes := map[string]int{}
	for range 10 {
		r := s.json(http.MethodPost, "/v1/complaints", `{"words": "Why?", "email": "ada@example.org"}`)
		var p problem
		r.decode(t, &p)
		codes[p.Code]++
		if strings.Contains(p.Detail, ids[0][:20]) {
			t.Error("who types an address learns of complaints")
		}
	}
	if codes[""] != complaint.MaxPerAddress || codes["too_many_complaints"] != 10-complaint.MaxPerAddress {
		t.Errorf("%v", codes)
	}
	s.isProblem(s.json(http.MethodPost, "/v1/complaints", `{"words": "Why?", "email": "ada+more@example.org"}`), 429, "too_many_letters")
	s.has(s.sendForm("/privacy/complaints", "words=Why&email=ada%2Bmore@example.org"), 429, `id="email-problem"`, "without an address")
}

func TestOneClientSendsFewForms(t *testing.T) {
	redis := testservers.StartRedis(t)
	where, err := tasks.ParseRedis(redis.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := where.Client()
	t.Cleanup(func() { _ = client.Close() })
	s := newService(t, func(o *httpapi.Options) {
		o.FormLimiter = ratelimit.New(client, "forms", ratelimit.Rates{Client: 2, All: 100})
	})
	s.complains(`{"words": "Why?"}`)
	s.has(s.sendForm("/privacy/complaints", "words=Why"), 200, "We have your complaint")
	s.has(s.sendForm("/privacy/complaints", "words=Why"), 429, "many of these")
	s.isProblem(s.json(http.MethodPost, "/v1/complaints", `{"words": "Why?"}`), 429, "too_many_forms")
}

func TestALinkConfirmsOnceAndNotAfterAWeek(t *testing.T) {
	s := newService(t)
	desk := s.options.ComplaintDesk
	first, second := s.complains(`{"words": "Why?", "email": "ada@example.org"}`), s.complains(`{"words": "Why?", "email": "ada@example.org"}`)
	_, link := s.mailed(first.ID)
	_, late := s.mailed(second.ID)
	_, err := desk.Confirm(t.Context(), link.Code)
	s.must(err)
	if _, err := desk.Confirm(t.Context(), link.Token); !errors.Is(err, complaint.ErrLinkUsed) {
		t.Errorf("used: %v", err)
	}
	if _, err := desk.Confirm(t.Context(), secret.NewKey()); !errors.Is(err, complaint.ErrNotFound) {
		t.Errorf("foreign: %v", err)
	}
	s.clock.Forward(complaint.LinkLife)
	if _, err := desk.Confirm(t.Context(), late.Token); !errors.Is(err, complaint.ErrLinkExpired) {
		t.Errorf("expired: %v", err)
	}
	s.has(s.sendForm("/privacy/confirm", "token="+late.Token.Reveal()), 410, "Mail me a new link")
	s.has(s.sendForm("/privacy/confirm", "again=yes&token="+late.Token.Reveal()), 200, "A new link is on its way")
	s.has(s.sendForm("/privacy/confirm", "token="+late.Token.Reveal()), 404, "opens nothing here")
	s.taken(s.actsOn(second.ID, "answer", "words=Because."))
	if kinds, _ := s.mailed(second.ID); len(kinds) != 2 || kinds[1] != string(letter.AddressConfirmation) {
		t.Errorf("an address that nobody confirmed got %v", kinds)
	}
	if got := s.complaint(second); got.Answer != "Because." {
		t.Errorf("%+v", got)
	}
}

func TestOfTwoOfficersAtAComplaintTheSlowerKeepsWhatWasWritten(t *testing.T) {
	s := newService(t)
	c := s.complains(`{"words": "Why?"}`)
	s.taken(s.actsOn(c.ID, "take", ""))
	r := s.sendForm("/ops/complaints/"+c.ID+"/answer", "version=1&words=A+long+answer.", s.signedIn("desk-b")...)
	s.has(r, 409, "Somebody else has acted", ">A long answer.</textarea>", `name="version" value="2"`)
	s.taken(s.actsOn(c.ID, "answer", "words=Short."))
	s.has(s.sendForm("/ops/complaints/"+c.ID+"/answer", "version=3&words=x", s.signedIn("desk-b")...), 409, "answered or closed")
}

func TestComplaintsOfOnePersonAreMergedAndOthersAreNot(t *testing.T) {
	s := newService(t)
	a, b := s.complains(`{"words": "First.", "email": "ada@example.org"}`), s.complains(`{"words": "Second.", "email": "ada@example.org"}`)
	other := s.complains(`{"words": "Third."}`)
	s.has(s.get("/ops/complaints/"+a.ID, s.officer()...), 200, "Others of the same person", b.ID)
	s.has(s.actsOn(a.ID, "merge", "into="+other.ID), 409, "no address, photo or reference in common")
	for _, into := range []string{"", a.ID, "x", string(complaint.NewID())} {
		s.has(s.actsOn(a.ID, "merge", "into="+into), 422, "is no number of another complaint")
	}
	s.taken(s.actsOn(a.ID, "merge", "into="+b.ID))
	s.has(s.get("/ops/complaints/"+b.ID, s.officer()...), 200, "First.", "Second.", "merged another into it")
	if got := s.complaint(a); got.Closing != "merged" || got.MergedInto != b.ID {
		t.Errorf("%+v", got)
	}
	s.has(s.sendForm("/privacy/complaints/"+a.ID, "key="+a.Key), 200, "goes on together with your other complaint", b.ID)
}

func TestAComplaintIsClosedForAReasonAndThePersonIsTold(t *testing.T) {
	s := newService(t)
	c := s.complains(`{"words": "Why?"}`)
	s.has(s.actsOn(c.ID, "close", "closing="), 422, "choose one")
	s.has(s.actsOn(c.ID, "close", "closing=unfounded&words="), 422, "is missing")
	s.has(s.actsOn(c.ID, "close", "closing=answered"), 409, "answered or closed")
	s.taken(s.actsOn(c.ID, "close", "closing=unfounded&words=The+office+asks+for+it."))
	s.has(s.sendForm("/privacy/complaints/"+c.ID, "key="+c.Key), 200, "nothing went wrong", "The office asks for it.")
	s.has(s.sendForm("/privacy/complaints/"+c.ID+"/withdraw", "key="+c.Key), 409, "answered or closed")
	s.has(s.sendForm("/privacy/complaints/"+c.ID+"/withdraw", "key=wrong"), 404, "key does not open it")
	s.has(s.get("/ops/complaints", s.officer()...), 200, "No complaint waits")
}

func TestNotesAreWrittenFoundAndClosed(t *testing.T) {
	s := newService(t)
	s.has(s.sendForm("/ops/notes", "subject=nobody&words=Called.", s.officer()...), 422, "must be an e-mail address", ">Called.</textarea>")
	s.has(s.sendForm("/ops/notes", "subject=ada@example.org&words=", s.officer()...), 422, `value="ada@example.org"`, "is missing")
	s.has(s.sendForm("/ops/notes", "subject=ada@example.org&words="+strings.Repeat("a", 1<<20), s.officer()...), 413)
	s.taken(s.sendForm("/ops/notes", "subject=Ada@Example.org&words=Asked+about+the+price.", s.officer()...))
	found := s.get("/ops/notes?q=ada@example.org", s.officer()...)
	s.has(found, 200, "Asked about the price.", "desk-a")
	id := regexp.MustCompile(`/ops/notes/([a-z2-7]{26})/close`).FindSubmatch(found.body)
	if id == nil {
		t.Fatalf("%s", found.body)
	}
	for range 2 {
		s.taken(s.sendForm("/ops/notes/"+string(id[1])+"/close", "", s.officer()...))
	}
	s.hasNot(s.get("/ops/notes", s.officer()...), "Asked about")
	s.has(s.get("/ops/notes?closed=yes", s.officer()...), 200, "Asked about the price.")
	s.has(s.sendForm("/ops/notes/x/close", "", s.officer()...), 404, "no such entry")
}

func TestAViewerReadsComplaintsAndNotesOnly(t *testing.T) {
	s := newService(t)
	c := s.complains(`{"words": "Why?"}`)
	viewer := s.signedIn("reader")
	page := s.get("/ops/complaints/"+c.ID, viewer...)
	s.has(page, 200, "Why?")
	s.hasNot(page, "Take it on", "Add the note", ">Answer<")
	s.hasNot(s.get("/ops/notes", viewer...), "Keep the note")
	for _, action := range []string{"take", "answer", "close", "merge", "note"} {
		s.has(s.sendForm("/ops/complaints/"+c.ID+"/"+action, "version=1&words=x", viewer...), 403)
	}
	s.has(s.sendForm("/ops/notes", "subject=ada@example.org&words=x", viewer...), 403)
	s.has(s.sendForm("/ops/complaints/"+c.ID+"/erase", "version=1", s.officer()...), 404)
	s.has(s.get("/ops/complaints/"+string(complaint.NewID()), append(s.officer(), "Accept", html)...), 404, "no such entry")
}
