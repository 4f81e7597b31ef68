package httpapi_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
)

const clientsPath = "/ops/api-clients"

var keyOnPage = regexp.MustCompile(`ppk_[a-z2-7]+`)

// newClient has an officer enter a client.
func (s *service) newClient(name string, perDay int) (key, path string) {
	s.Helper()
	form := url.Values{"name": {name}, "photos_per_day": {strconv.Itoa(perDay)}}
	r := s.sendForm(clientsPath+"/new/add", form.Encode(), s.officer()...)
	s.has(r, 200, "shown this once")
	if r.Header.Get("Cache-Control") != "private, no-store" {
		s.Errorf("the page with the key may be stored: %s", r.Header.Get("Cache-Control"))
	}
	found := regexp.MustCompile(clientsPath + `/[a-z2-7]{26}`).Find(s.get(clientsPath, s.officer()...).body)
	return string(keyOnPage.Find(r.body)), string(found)
}

func (s *service) uploadWith(key string, more ...string) reply {
	s.Helper()
	headers := append([]string{"API-Key", key}, more...)
	return s.post([]field{{"file", "me.jpg", portrait(s.T)}, {"document", "", "us-passport"}}, headers...)
}

func TestAClientSendsPhotosWithItsKeyAndPeopleWithoutOne(t *testing.T) {
	s := newService(t)
	key, path := s.newClient("Town <b>Hall", 3)
	r := s.uploadWith(key)
	if r.StatusCode != http.StatusAccepted || r.Header.Get("RateLimit-Policy") != `"photos";q=3;w=86400` || !strings.HasPrefix(r.Header.Get("RateLimit"), `"photos";r=2;t=`) {
		t.Fatalf("%d %v %s", r.StatusCode, r.Header, r.body)
	}
	var a accepted
	r.decode(t, &a)
	if r := s.get(a.path(""), a.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("the photo's key alone: %d", r.StatusCode)
	}
	s.isProblem(s.get(a.path(""), "API-Key", key), http.StatusNotFound, "not_found") // it opens no photo
	s.upload()
	s.has(s.get(clientsPath, s.officer()...), 200, "1 of 3 photos today", "Town &lt;b&gt;Hall", "last used on "+s.clock.Now().Format(time.DateOnly), "entered it and made a key")

	var holder string
	s.must(s.db.QueryRow(`SELECT COALESCE(api_client, '') FROM photos WHERE id = $1`, a.ID).Scan(&holder))
	if !strings.HasSuffix(path, holder) || holder == "" {
		t.Errorf("the photo is of client %q", holder)
	}
	for place, text := range map[string]string{"the log": s.log.String(), "the page": string(s.get(clientsPath, s.officer()...).body)} {
		if strings.Contains(text, key) || strings.Contains(text, key[4:30]) {
			t.Errorf("%s has the key", place)
		}
	}
}

func TestAKeyThatIsNotValidIsNotTakenForNone(t *testing.T) {
	s := newService(t)
	key, path := s.newClient("Town Hall", 3)
	stranger, _ := apiclient.NewKey(time.Now())
	for sent, code := range map[string]string{
		"": "malformed_api_key", "secret": "malformed_api_key", key[:len(key)-1]: "malformed_api_key", strings.Replace(key, key[10:11], "2", 1) + "a": "malformed_api_key",
		stranger.Reveal(): "revoked_api_key",
	} {
		r := s.uploadWith(sent)
		s.isProblem(r, http.StatusUnauthorized, code)
		if r.Header.Get("WWW-Authenticate") != "API-Key" {
			t.Errorf("no challenge: %v", r.Header)
		}
	}
	s.isProblem(s.uploadWith(key, "API-Key", stranger.Reveal()), http.StatusUnauthorized, "malformed_api_key")
	s.isProblem(s.get("/v1/documents", "API-Key", "x"), http.StatusUnauthorized, "malformed_api_key")
	if r := s.get("/", "API-Key", "x"); r.StatusCode != 200 {
		t.Errorf("a page: %d", r.StatusCode)
	}
	s.nothingLeft()

	s.isRedirect(s.sendForm(path+"/revoke", "version=1", s.officer()...))
	s.isProblem(s.uploadWith(key), http.StatusUnauthorized, "revoked_api_key")
	s.has(s.get(clientsPath, s.officer()...), 200, "Nobody has a key", "revoked it")
}

func (s *service) isRedirect(r reply) {
	s.Helper()
	if r.StatusCode != http.StatusSeeOther {
		s.Fatalf("got %d %s", r.StatusCode, r.body)
	}
}

func TestAQuotaThatIsUsedUpSaysWhenToComeBack(t *testing.T) {
	s := newService(t)
	key, path := s.newClient("Town Hall", 1)
	idempotency := []string{"Idempotency-Key", "0b5e8a4e-5a7e-4c49-8f3d-2f6f0e7c1a11"}
	first := s.uploadWith(key, idempotency...)
	if first.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", first.StatusCode, first.body)
	}
	refused := s.uploadWith(key)
	s.isProblem(refused, http.StatusTooManyRequests, "quota_used_up")
	wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
	s.must(err)
	if next := s.clock.Now().Add(time.Duration(wait) * time.Second); !next.Equal(apiclient.Day(next)) || !strings.HasPrefix(refused.Header.Get("RateLimit"), `"photos";r=0;t=`+strconv.Itoa(wait)) {
		t.Errorf("come back at %s; %v", next, refused.Header)
	}
	if rows, _, _ := s.left(); rows != 1 {
		t.Errorf("%d records", rows)
	}
	again := s.uploadWith(key, idempotency...) // the answer was lost: it is no other photo
	if again.StatusCode != http.StatusAccepted || string(again.body) != string(first.body) {
		t.Errorf("the repeated upload: %d %s", again.StatusCode, again.body)
	}
	s.upload() // without a key nothing has changed
	s.isRedirect(s.sendForm(path+"/change", "version=1&name=Town+Hall&photos_per_day=2", s.officer()...))
	if r := s.uploadWith(key); r.StatusCode != http.StatusAccepted {
		t.Errorf("with a larger quota: %d %s", r.StatusCode, r.body)
	}
}

func TestAReplacedKeyWorksOnForAWhileOrEndsAtOnce(t *testing.T) {
	s := newService(t)
	first, path := s.newClient("Town Hall", 100)
	r := s.sendForm(path+"/key", "version=1&former=later", s.officer()...)
	s.has(r, 200, "shown this once", "works until")
	second := string(keyOnPage.Find(r.body))
	takes := func(key string, want int) {
		t.Helper()
		if r := s.get("/v1/documents", "API-Key", key); r.StatusCode != want {
			t.Errorf("%d, want %d: %s", r.StatusCode, want, r.body)
		}
	}
	takes(first, 200)
	takes(second, 200)
	s.clock.Forward(apiclient.Overlap)
	takes(first, 401)
	takes(second, 200)
	r = s.sendForm(path+"/key", "version=2&former=now", s.officer()...)
	s.has(r, 200, "work no more")
	takes(second, 401)
	takes(string(keyOnPage.Find(r.body)), 200)
	s.has(s.sendForm(path+"/key", "version=2&former=now", s.signedIn("desk-b")...), 409, "Another officer has changed this client")
}

func TestTheRegisterOfClientsIsTheOfficersToChange(t *testing.T) {
	s := newService(t)
	_, path := s.newClient("Town Hall", 100)
	page := s.get(clientsPath, s.signedIn("reader")...)
	s.has(page, 200, "Town Hall")
	s.hasNot(page, "Add a client", "Make another key")
	for _, action := range []string{"new/add", path[len(clientsPath)+1:] + "/key", path[len(clientsPath)+1:] + "/revoke"} {
		s.has(s.sendForm(clientsPath+"/"+action, "version=1&name=x&photos_per_day=1", s.signedIn("reader")...), 403)
	}
	if r := s.get(clientsPath, "Accept", "text/html"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger: %d", r.StatusCode)
	}
	s.has(s.sendForm(clientsPath+"/new/add", "name=&photos_per_day=5", s.officer()...), 422, "is missing", `value="5"`)
	s.has(s.sendForm(clientsPath+"/new/add", "name=A&photos_per_day=lots", s.officer()...), 422, "must be a whole number", `value="lots"`)
	s.has(s.sendForm(path+"/nonsense", "version=1", s.officer()...), 404)
}
