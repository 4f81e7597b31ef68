package httpapi_test

import (
	"archive/zip"
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// counter is a service whose desk the test looks behind.
type counter struct {
	*service
	archivist *archivist.Archivist
}

func newCounter(t *testing.T, change ...func(*httpapi.Options)) *counter {
	t.Helper()
	c := &counter{service: newService(t, change...)}
	requests, trail := sqlstore.NewSubjectRequests(c.db), sqlstore.NewAudit(c.db)
	c.archivist = archivist.New(archivist.Options{
		Requests: requests, Archives: sqlstore.NewArchives(c.db), Sealer: c.master, Desk: c.options.Desk.(*privacydesk.Desk),
		Holdings: archivist.Holdings{
			Trail: trail, Letters: sqlstore.NewLetters(c.db), Policy: thePolicy(t), Processors: sqlstore.NewProcessors(c.db),
			Photo: archivist.PhotoHoldings{
				Photos: c.photos, Reports: c.vault, Contests: sqlstore.NewContests(c.db), Log: sqlstore.NewAccessLog(c.db), Statistics: sqlstore.NewStatistics(c.db),
			},
			Sources: []archivist.Source{archivist.FiledRequests(requests.Under)},
		},
		Meter: uncounted{}, Log: slog.New(slog.DiscardHandler), Now: c.clock.Now,
	})
	return c
}

type uncounted struct{}

func (uncounted) Built(subjectrequest.Kind, archivist.Result) {}

// sends sends a form as a browser does.
func (c *counter) sends(path string, form url.Values, headers ...string) reply {
	c.Helper()
	return c.do(c.request(http.MethodPost, path, strings.NewReader(form.Encode()),
		append(headers, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html", "Origin", c.url)...))
}

// shows checks what a page says.
func (c *counter) shows(r reply, status int, want ...string) string {
	c.Helper()
	page := string(r.body)
	if r.StatusCode != status {
		c.Fatalf("%d, want %d: %s", r.StatusCode, status, page)
	}
	for _, words := range want {
		if !strings.Contains(page, words) {
			c.Errorf("the page lacks %q: %s", words, page)
		}
	}
	return page
}

// newest is the request that was filed last.
func (c *counter) newest() subjectrequest.Request {
	c.Helper()
	var id subjectrequest.ID
	c.must(c.db.QueryRow(`SELECT id FROM subject_requests ORDER BY filed_at DESC, id LIMIT 1`).Scan(&id))
	r, err := c.options.Desk.Find(c.Context(), id)
	c.must(err)
	return r
}

// mailed is what the newest letter about a request has in it.
func (c *counter) mailed(r subjectrequest.Request) secret.Pair {
	c.Helper()
	return c.mailedAbout(string(r.ID))
}

func (c *counter) mailedAbout(id string) secret.Pair {
	c.Helper()
	var token, code string
	c.must(c.db.QueryRow(`SELECT token, code FROM letter_secrets s JOIN letters l ON l.id = s.letter WHERE l.about = $1 ORDER BY l.written_at DESC LIMIT 1`, id).Scan(&token, &code))
	return secret.Pair{Token: secret.Key(token), Code: secret.Key(code)}
}

// serves does what a worker or an officer would until the request is answered.
func (c *counter) serves(r subjectrequest.Request) {
	c.Helper()
	c.clock.Forward(time.Minute)
	desk := c.options.Desk.(*privacydesk.Desk)
	if r.Kind == subjectrequest.Access || r.Kind == subjectrequest.Portability {
		c.must(c.archivist.Build(c.Context(), r.ID))
		return
	}
	for _, do := range []subjectrequest.Action{subjectrequest.Accept, subjectrequest.Fulfil} {
		now, err := desk.Find(c.Context(), r.ID)
		c.must(err)
		if now.State == subjectrequest.Accepted && do == subjectrequest.Accept {
			continue
		}
		_, err = desk.Act(c.Context(), privacydesk.Deed{Request: r.ID, Version: now.Version, Action: do, Actor: "olga", Words: "Done by hand."})
		c.must(err)
	}
}

var ownKey = regexp.MustCompile(`name="token" value="([a-z2-7]{52})"`)

func (c *counter) keyIn(page string) string {
	c.Helper()
	found := ownKey.FindStringSubmatch(page)
	if found == nil {
		c.Fatalf("no key in %s", page)
	}
	return found[1]
}

func TestEachRightIsUsedWithAPhotosKeyUpToItsAnswer(t *testing.T) {
	for _, tt := range []struct {
		kind         subjectrequest.Kind
		first, later string // words of the page that took it, and of the answer
		atOnce       bool
	}{
		{subjectrequest.Access, "being put together", "Download the file", false},
		{subjectrequest.Portability, "being put together", "Download the file", false},
		{subjectrequest.Rectification, "A person will look at it", "Done by hand.", false},
		{subjectrequest.Erasure, "Nobody can read the pictures any more", "/v1/erasures/", true},
		{subjectrequest.Restriction, "nobody makes, shows, changes, counts or deletes", "nobody makes, shows", true},
		{subjectrequest.Objection, "usage statistics are deleted", "usage statistics are deleted", true},
		{subjectrequest.AutomatedDecision, "A person looks at what the checks said", "Done by hand.", false},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			c := newCounter(t)
			a := c.ready("us-passport", "a picture")
			page := c.shows(c.sends("/privacy/requests", url.Values{
				"kind": {string(tt.kind)}, "proof": {"photo"}, "photo": {c.url + "/photos/" + a.ID}, "key": {a.Key},
				"ground": {"legal_claim"}, "message": {"My name is <b>Ada</b>."},
			}), http.StatusOK, tt.first, "Keep this key")
			if strings.Contains(page, a.Key) {
				t.Error("the page has the photo's key")
			}
			key, r := c.keyIn(page), c.newest()
			if r.Kind != tt.kind || !strings.Contains(page, string(r.ID)) {
				t.Errorf("%s was filed as %+v", tt.kind, r)
			}
			if !tt.atOnce {
				c.shows(c.sends("/privacy/answer", url.Values{"code": {key}}), http.StatusOK, "Answer promised by", "by you", "Withdraw the request", "&lt;b&gt;Ada")
				c.serves(r)
			}
			page = c.shows(c.sends("/privacy/answer", url.Values{"code": {" " + strings.ToUpper(key) + " "}}), http.StatusOK, tt.later, "can be read until")
			if strings.Contains(page, "olga") || strings.Contains(page, "Withdraw the request") {
				t.Errorf("the page names the officer, or offers too much: %s", page)
			}
		})
	}
}

func TestEachRightIsUsedByEmailUpToItsAnswer(t *testing.T) {
	for _, kind := range subjectrequest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			c := newCounter(t)
			page := c.shows(c.sends("/privacy/requests", url.Values{
				"kind": {string(kind)}, "proof": {"email"}, "email": {"ada@mail.example"}, "message": {"Please."},
			}), http.StatusOK, "Look into your mailbox")
			r := c.newest()
			if strings.Contains(page, string(r.ID)) || ownKey.MatchString(page) {
				t.Error("who types in an address learns what opens the request")
			}
			c.shows(c.get("/privacy/confirm"), http.StatusOK, `id="token"`, `name="code"`)
			if got := c.newest(); got.Identified() {
				t.Error("looking at the page has confirmed something")
			}
			link := c.mailed(r)
			c.shows(c.sends("/privacy/confirm", url.Values{"token": {link.Token.Reveal()}}), http.StatusOK, "Your address is confirmed", string(r.ID))
			c.shows(c.sends("/privacy/confirm", url.Values{"code": {link.Spoken()}}), http.StatusConflict, "This link has been used")
			c.serves(r)
			answer := c.mailed(r)
			page = c.shows(c.sends("/privacy/answer", url.Values{"code": {answer.Spoken()}}), http.StatusOK, "Our answer", "Reference")
			if reads := kind == subjectrequest.Access || kind == subjectrequest.Portability; strings.Contains(page, "Download the file") != reads {
				t.Errorf("the download: %s", page)
			}
			c.shows(c.sends("/privacy/answer", url.Values{"token": {answer.Token.Reveal()}}), http.StatusOK, "Our answer")
		})
	}
}

func TestThePhotosPageLeadsToTheFormAndItsCookieIsTheProof(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	cookie := []string{"Cookie", "photo_key=" + a.Key}
	c.shows(c.get("/photos/"+a.ID, cookie...), http.StatusOK, `href="/photos/`+a.ID+`/requests"`)
	form := "/photos/" + a.ID + "/requests"
	page := c.shows(c.get(form, cookie...), http.StatusOK, `action="`+form+`"`, `value="glasses_present" checked`)
	if strings.Contains(page, a.Key) || strings.Contains(page, `name="email"`) || strings.Contains(page, `value="head_height"`) {
		t.Errorf("the page: %s", page)
	}
	c.shows(c.get(form), http.StatusNotFound)
	c.shows(c.sends(form, url.Values{"kind": {"access"}}), http.StatusNotFound)

	c.shows(c.sends(form, url.Values{"kind": {"automated_decision"}, "checks": {"glasses_present"}, "may_open": {"yes"}, "message": {"There are none."}}, cookie...), http.StatusOK, "A person looks at what the checks said")
	r := c.newest()
	contested, err := sqlstore.NewContests(c.db).Find(t.Context(), r.Contest)
	c.must(err)
	if !contested.MayOpen || contested.Names() != "glasses_present" || contested.Message != "There are none." {
		t.Errorf("the contest is %+v", contested)
	}
	c.shows(c.sends(form, url.Values{"kind": {"automated_decision"}}, cookie...), http.StatusConflict, "asked for this already")
	c.shows(c.sends(form, url.Values{"kind": {"restriction"}, "ground": {"legal_claim"}}, cookie...), http.StatusOK, "Keep the photo's key too", a.Key, a.ID)
	c.shows(c.get(form, cookie...), http.StatusOK, `action="`+form+`"`)
	gone := c.sends(form, url.Values{"kind": {"erasure"}}, cookie...)
	c.shows(gone, http.StatusOK, "Done", "/v1/erasures/")
	if cookies := gone.Cookies(); len(cookies) == 0 || cookies[0].MaxAge >= 0 {
		t.Errorf("the browser keeps the key: %v", cookies)
	}
	c.shows(c.get(form, cookie...), http.StatusNotFound)
}

func TestAFormThatIsNotTakenKeepsWhatWasTypedButNoKey(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	with := func(change url.Values) url.Values {
		form := url.Values{"kind": {"access"}, "proof": {"photo"}, "photo": {a.ID}, "key": {a.Key}, "message": {`Typed with "care" <i>`}}
		for name, values := range change {
			form[name] = values
		}
		return form
	}
	for _, tt := range []struct {
		name   string
		form   url.Values
		status int
		says   string
	}{
		{"a wrong key", with(url.Values{"key": {"guess"}}), http.StatusNotFound, "There is no such photo, or the key does not open it"},
		{"an unknown photo", with(url.Values{"photo": {string(photo.NewID())}}), http.StatusNotFound, "There is no such photo, or the key does not open it"},
		{"no photo's number", with(url.Values{"photo": {"<script>"}}), http.StatusNotFound, "There is no such photo, or the key does not open it"},
		{"no proof", with(url.Values{"proof": {""}}), http.StatusUnprocessableEntity, "Please choose how we know"},
		{"no right", with(url.Values{"kind": {"<b>"}}), http.StatusUnprocessableEntity, "Please choose one of the rights"},
		{"no ground", with(url.Values{"kind": {"restriction"}}), http.StatusUnprocessableEntity, "choose one of the reasons"},
		{"nothing to correct", with(url.Values{"kind": {"rectification"}, "message": {" "}}), http.StatusUnprocessableEntity, "Please say what is wrong"},
		{"Shine the Light with a photo", with(url.Values{"kind": {"shine_the_light"}}), http.StatusUnprocessableEntity, "give an e-mail address instead"},
		{"no address", with(url.Values{"proof": {"email"}, "email": {"ada"}}), http.StatusUnprocessableEntity, "not an e-mail address"},
		{"two addresses", with(url.Values{"proof": {"email"}, "email": {"ada@mail.example\r\nBcc: bob@mail.example"}}), http.StatusUnprocessableEntity, "not an e-mail address"},
		{"too many words", with(url.Values{"message": {strings.Repeat("ä", 5001)}}), http.StatusUnprocessableEntity, "at most 5000 characters"},
		{"control characters", with(url.Values{"message": {"\u202e"}}), http.StatusUnprocessableEntity, "at most 5000 characters"},
	} {
		r := c.sends("/privacy/requests", tt.form)
		page := c.shows(r, tt.status, tt.says, `id="wrong"`)
		if strings.Contains(page, a.Key) || strings.Contains(page, "<i>") || strings.Contains(page, "<script>") {
			t.Errorf("%s: the page has the key, or HTML that was typed in", tt.name)
		}
		if kept := tt.form.Get("message"); len(kept) < 100 && strings.Contains(kept, "care") && !strings.Contains(page, "Typed with &#34;care&#34; &lt;i&gt;") {
			t.Errorf("%s: the words are lost: %s", tt.name, page)
		}
	}
	var filed int
	c.must(c.db.QueryRow(`SELECT COUNT(*) FROM subject_requests`).Scan(&filed))
	if filed != 0 {
		t.Errorf("%d requests were filed", filed)
	}
	c.shows(c.sends("/privacy/requests", url.Values{"kind": {"access"}, "proof": {"email"}, "email": {"ada@mail.example"}, "message": {strings.Repeat("x", 1<<20)}}), http.StatusRequestEntityTooLarge, "shorten the text")
	if r := c.do(c.request(http.MethodPost, "/privacy/requests", strings.NewReader("kind=access"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site")); r.StatusCode != http.StatusForbidden {
		t.Errorf("another site's page: %d", r.StatusCode)
	}
}

func TestTheSameIsSaidOfEachAddressUntilItsMailboxIsFull(t *testing.T) {
	c := newCounter(t)
	form := url.Values{"kind": {"access"}, "proof": {"email"}, "email": {"ada@mail.example"}}
	first := c.shows(c.sends("/privacy/requests", form), http.StatusOK, "if it can be reached")
	if again := c.sends("/privacy/requests", form); string(again.body) != first {
		t.Errorf("the second time it says %s", again.body)
	}
	for range 3 {
		c.shows(c.sends("/privacy/requests", form), http.StatusOK)
	}
	full := c.sends("/privacy/requests", form)
	c.shows(full, http.StatusTooManyRequests, "sent enough mails for now", `value="ada@mail.example"`)
	if full.Header.Get("Retry-After") != "3600" {
		t.Errorf("it says %v", full.Header)
	}
}

func TestAnArchiveIsDownloadedByFormAndItsSecretStandsInNoAddress(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	key := c.keyIn(c.shows(c.sends("/privacy/requests", url.Values{"kind": {"access"}, "proof": {"photo"}, "photo": {a.ID}, "key": {a.Key}}), http.StatusOK))
	secret := url.Values{"token": {key}}
	c.shows(c.sends("/privacy/answer/archive", secret), http.StatusConflict, "being put together")
	c.serves(c.newest())
	c.shows(c.sends("/privacy/answer", secret), http.StatusOK, "The pictures are in it for as long as")
	r := c.sends("/privacy/answer/archive", secret)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/zip" || r.Header.Get("Content-Disposition") != `attachment; filename="access-`+c.clock.Now().Format(time.DateOnly)+`.zip"` || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%d with %v", r.StatusCode, r.Header)
	}
	if _, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body))); err != nil {
		t.Error(err)
	}
	c.shows(c.sends("/privacy/answer/archive", url.Values{"token": {a.Key}}), http.StatusNotFound)

	_, err := c.options.Eraser.Erase(t.Context(), photo.ID(a.ID))
	c.must(err)
	c.shows(c.sends("/privacy/answer", secret), http.StatusOK, "no pictures are in the file any more")
	c.clock.Forward(14 * 24 * time.Hour)
	c.shows(c.sends("/privacy/answer", secret), http.StatusOK, "The file is not here any more")
	c.shows(c.sends("/privacy/answer/archive", secret), http.StatusGone, "time is over")
	if log := c.log.String(); strings.Contains(log, key) || strings.Contains(log, a.Key) {
		t.Error("the log has a key")
	}
	c.until("the access log has all of it", func() bool { return c.lines("route = '/privacy/answer/archive'") == 4 })
	if c.lines("route LIKE '/privacy/%' AND (query <> '' OR photo <> '' OR referrer <> '')") != 0 {
		t.Error("the access log has more of the forms than that they were sent")
	}
}

// lines counts lines of the access log.
func (c *counter) lines(where string) (n int) {
	c.Helper()
	c.must(c.db.QueryRow("SELECT COUNT(*) FROM access_log WHERE " + where).Scan(&n))
	return n
}

func TestARequestIsWithdrawnOnItsPageAndItsContestWithIt(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	key := c.keyIn(c.shows(c.sends("/privacy/requests", url.Values{"kind": {"automated_decision"}, "proof": {"photo"}, "photo": {a.ID}, "key": {a.Key}, "may_open": {"yes"}}), http.StatusOK))
	r := c.newest()
	c.shows(c.sends("/privacy/answer/withdraw", url.Values{"token": {"guess"}}), http.StatusNotFound)
	for range 2 {
		c.shows(c.sends("/privacy/answer/withdraw", url.Values{"token": {key}}), http.StatusOK, "Withdrawn")
	}
	contested, err := sqlstore.NewContests(c.db).Find(t.Context(), r.Contest)
	c.must(err)
	if contested.State != contest.Withdrawn {
		t.Errorf("the contest is %s", contested.State)
	}
	c.shows(c.sends("/privacy/answer", url.Values{"token": {key}}), http.StatusOK, "You have withdrawn it")
}

func TestARefusalIsShownWithAuthorityAndRemedy(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	key := c.keyIn(c.shows(c.sends("/privacy/requests", url.Values{"kind": {"rectification"}, "message": {"x"}, "proof": {"photo"}, "photo": {a.ID}, "key": {a.Key}}), http.StatusOK))
	r := c.newest()
	_, err := c.options.Desk.Act(t.Context(), privacydesk.Deed{Request: r.ID, Version: r.Version, Action: subjectrequest.Refuse, Actor: "olga", Words: "It is right as it is.", Authority: "The authority", Remedy: "The court"})
	c.must(err)
	c.shows(c.sends("/privacy/answer", url.Values{"token": {key}}), http.StatusOK, "It is right as it is.", "The authority", "The court", "received, by you", "refused, by an officer")
}
