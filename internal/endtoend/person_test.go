package endtoend

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// person is somebody who puts a mark into everything that can be sent, and all
// that happens to their photos.
type person struct {
	*service
	mark      string // in all that the person and their devices send
	words     string // in what they write to us, and we to them, in a contest
	password  string // of the officer
	session   string // the officer's cookie, once signed in
	token     string // of the officer's forms
	processes map[string]*process
	logs      []*testapp.Output
	disk      *testservers.RedisFiles
	taps      []*testservers.Wiretap
	photos    map[string]owned  // by what becomes of them
	secrets   map[string]string // by what they are: names and keys of package secret
	wrapped   map[string][]byte // the keys of photos, as they lie with the keys
}

// owned is what a person has in hands of a photo.
type owned struct{ id, key, reference string }

func newPerson(t *testing.T, settings ...string) *person {
	t.Helper()
	password := secret.NewName()
	entry, err := operator.Entry("desk-a", "officer", password)
	if err != nil {
		t.Fatal(err)
	}
	settings = append(settings, "OPERATORS="+entry, "LOG_LEVEL=debug", "PREVIEW_CONCURRENCY=1", "STUDIO_MEMORY_MB=512")
	p := &person{
		service: newService(t, settings...), mark: "mark" + secret.NewName(), words: "words" + secret.NewName(), password: password,
		processes: map[string]*process{}, photos: map[string]owned{}, secrets: map[string]string{},
	}
	p.Env = append(p.Env, "TMPDIR="+filepath.Join(p.Dir, "tmp"))
	if err := os.Mkdir(filepath.Join(p.Dir, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.persist()
	return p
}

// persist has Redis keep on disk what it is told.
func (p *person) persist() {
	p.disk, p.taps = p.Redis.Persist(p.t), append(p.taps, p.Redis.Tap(p.t))
}

// run starts a process, in the place of an earlier one of the name.
func (p *person) run(name string) {
	p.t.Helper()
	p.processes[name] = p.start(name)
	p.logs = append(p.logs, p.processes[name].log)
}

// at is an address of mail, or a word that looks like one, with the mark.
func (p *person) at(place string) string { return place + "@" + p.mark + ".example" }

// ask sends a request with the mark wherever a client can put one.
func (p *person) ask(method, path, key string, body []byte, header ...string) answer {
	p.t.Helper()
	question := "?"
	if strings.Contains(path, "?") {
		question = "&"
	}
	return p.send(method, path+question+"q="+p.at("query"), key, body, append([]string{
		"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 " + p.at("agent"),
		"Referer", "https://portal.example/" + p.at("referrer") + "?q=" + p.at("referrer"),
		"Cookie", "visitor=" + p.mark + "; preferences=" + p.at("cookie"),
		"Accept-Language", p.mark, "From", p.at("from"), "X-Request-Id", p.mark, "X-" + p.mark, "1", "Anonymous-Id", p.mark,
	}, header...)...)
}

// write sends JSON, or a form, that must be taken.
func (p *person) write(method, path, key, body string, header ...string) answer {
	p.t.Helper()
	kind := "application/json"
	if !strings.HasPrefix(body, "{") {
		kind = "application/x-www-form-urlencoded"
	}
	a := p.ask(method, path, key, []byte(body), append(header, "Content-Type", kind)...)
	if a.code >= 400 {
		p.t.Fatalf("%s %s: %d %s", method, path, a.code, a.body)
	}
	return a
}

// officer sends what an officer does, signed in and with the token of a form.
func (p *person) officer(method, path, body string) answer {
	p.t.Helper()
	if p.session == "" {
		p.session = p.signIn()
		page := p.write(http.MethodGet, "/ops", "", "", "Cookie", p.session)
		p.token = "form_token=" + string(tokenField.FindSubmatch(page.body)[1])
	}
	if method == http.MethodPost {
		body += "&" + p.token
	}
	return p.write(method, path, "", body, "Cookie", p.session)
}

var tokenField = regexp.MustCompile(`name="form_token" value="([^"]+)"`)

// signIn returns the cookie of an officer's session.
func (p *person) signIn() string {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm("http://"+p.addr+"/ops/login", url.Values{"name": {"desk-a"}, "password": {p.password}})
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 {
		p.t.Fatalf("sign in: %d, %v", resp.StatusCode, resp.Header)
	}
	return resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
}

// give uploads a picture and keeps what is got for it under a name.
func (p *person) give(name string, file []byte, header ...string) owned {
	p.t.Helper()
	body, contentType := form(p.t, part{"document", "", "us-passport"}, part{"file", p.at("name") + ".jpg", string(file)})
	a := p.ask(http.MethodPost, "/v1/photos", "", body, append(header, "Content-Type", contentType)...)
	if a.code != http.StatusAccepted {
		p.t.Fatalf("%s: %d %s", name, a.code, a.body)
	}
	f := a.fields(p.t)
	o := owned{id: f.ID, key: f.Key}
	o.reference = p.get(f.ID, f.Key).fields(p.t).Reference
	p.photos[name] = o
	return o
}

func (p *person) portrait() []byte {
	return testpictures.MarkedJPEG(testpictures.Portrait(p.t, portraits.Smiling), p.at("picture"))
}

// becomes waits until a photo is settled and demands how.
func (p *person) becomes(name, status string) {
	p.t.Helper()
	o := p.photos[name]
	if f := p.settled(o.id, o.key, 3*time.Minute); f.Status != status {
		p.t.Errorf("%s is %s, want %s", name, f.Status, status)
	}
}

// secretOf notes what must be found nowhere.
func (p *person) secretOf(name, value string) string {
	p.secrets[name] = value
	return value
}
