package endtoend

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// trouble is the part of the life in which things break.
func (p *person) trouble() {
	p.t.Helper()
	p.run("api")
	p.run("scheduler")
	p.run("worker")
	killed := p.give("killed", testpictures.MarkedJPEG(testpictures.Megapixels(p.t, 12), p.at("large")))
	testapp.Eventually(p.t, time.Minute, "the worker is at it", func() bool {
		return p.get(killed.id, killed.key).fields(p.t).Status == "processing"
	})
	p.processes["worker"].kill()
	p.Redis.Stop()
	p.Redis.Start(p.t) // empty
	p.persist()

	damaged := p.give("damaged", p.portrait())
	p.damage(filepath.Join(p.blobs(), "photos", damaged.id, "r0-a0", "original"))
	p.withoutBlobs(func() {
		body, contentType := form(p.t, part{"document", "", "us-passport"}, part{"file", p.at("name"), string(p.portrait())})
		if a := p.ask(http.MethodPost, "/v1/photos", "", body, "Content-Type", contentType); a.code != http.StatusServiceUnavailable {
			p.t.Errorf("without a store: %d %s", a.code, a.body)
		}
	})
	p.breakOff()
	p.run("worker")
	p.give("faceless", testpictures.MarkedJPEG(testpictures.JPEG(p.t, testpictures.NoFace()), p.at("picture")))
	p.give("deadly", testpictures.MarkedHEIC(testpictures.HEIC(p.t, testpictures.Scaled(testpictures.Pixels(p.t, portraits.Smiling), 6.5)), p.at("picture")))
	p.give("cut", testpictures.Truncated(p.portrait()))
	p.becomes("faceless", "rejected")
	p.becomes("cut", "rejected")
	p.becomes("deadly", "failed")
	p.refusals()
}

// blobs is the directory of the installation's blobs.
func (p *person) blobs() string {
	bucket, ok := strings.CutPrefix(p.setting("BLOB_URL"), "s3://")
	if !ok {
		return filepath.Join(p.Dir, "blobs")
	}
	bucket, _, _ = strings.Cut(bucket, "?")
	return filepath.Join(testservers.S3Files(), "buckets", bucket)
}

// damage changes a byte in the middle of a file.
func (p *person) damage(file string) {
	p.t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// withoutBlobs takes the store away for a while.
func (p *person) withoutBlobs(do func()) {
	p.t.Helper()
	dir := p.blobs()
	for _, step := range []func() error{
		func() error { return os.Rename(dir, dir+"-away") },
		func() error { return os.WriteFile(dir, nil, 0o600) },
		func() error { do(); return nil },
		func() error { return os.Remove(dir) },
		func() error { return os.Rename(dir+"-away", dir) },
	} {
		if err := step(); err != nil {
			p.t.Fatal(err)
		}
	}
}

// breakOff begins an upload and goes away.
func (p *person) breakOff() {
	p.t.Helper()
	under := func() string { return p.sql("DATABASE_URL", "SELECT COUNT(*) FROM photos WHERE status = 'receiving'") }
	before := under()
	body, contentType := form(p.t, part{"document", "", "us-passport"}, part{"file", p.at("name"), string(p.portrait())})
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "POST /v1/photos HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", p.addr, contentType, len(body), body[:len(body)/2])
	if err != nil {
		p.t.Fatal(err)
	}
	testapp.Eventually(p.t, time.Minute, "the upload is under way", func() bool { return under() != before })
	if err := c.Close(); err != nil {
		p.t.Fatal(err)
	}
	testapp.Eventually(p.t, time.Minute, "the upload has left nothing", func() bool { return under() == before })
}

// refusals are requests that are turned away.
func (p *person) refusals() {
	p.t.Helper()
	id, stranger := p.photos["faceless"].id, p.mark
	for _, tt := range []struct {
		method, path, key, body, kind string
		code                          int
	}{
		{http.MethodGet, "/v1/photos/" + id, stranger, "", "", 404},
		{http.MethodDelete, "/v1/photos/" + id, stranger, "", "", 404},
		{http.MethodGet, "/v1/photos/" + p.at("id"), stranger, "", "", 404},
		{http.MethodGet, "/v1/erasures/" + p.at("id"), "", "", "", 404},
		{http.MethodGet, "/" + p.at("path"), "", "", "", 404},
		{http.MethodGet, "/v1/documents/" + p.mark, "", "", "", 404},
		{http.MethodPatch, "/v1/photos/" + id, p.photos["faceless"].key, `{"document": "` + p.mark + `"}`, "application/json", 422},
		{http.MethodPost, "/v1/photos", "", p.at("text"), "text/plain", 415},
		{http.MethodPost, "/ops/login", "", "name=" + p.at("operator") + "&password=" + p.mark + "&code=" + p.mark, "application/x-www-form-urlencoded", 401},
	} {
		header := []string{"Content-Type", tt.kind}
		if a := p.ask(tt.method, tt.path, tt.key, []byte(tt.body), header...); a.code != tt.code {
			p.t.Errorf("%s %s: %d %s, want %d", tt.method, tt.path, a.code, a.body, tt.code)
		}
	}
	if a := p.ask(http.MethodGet, "/v1/photos/"+id, "", nil, "Cookie", "photo_key="+p.mark); a.code != 404 {
		p.t.Errorf("a cookie with the mark: %d %s", a.code, a.body)
	}
	body, contentType := form(p.t, part{p.mark, "", p.at("field")}, part{"file", p.at("name"), string(p.portrait())})
	if a := p.ask(http.MethodPost, "/v1/photos", "", body, "Content-Type", contentType); a.code != 422 {
		p.t.Errorf("an unknown field: %d %s", a.code, a.body)
	}
}

var restrictionPath = regexp.MustCompile(`/ops/restrictions/[a-z2-7]{26}`)

// use is the part of the life in which everything works.
func (p *person) use() {
	p.t.Helper()
	body, contentType := form(p.t, part{"document", "", "us-passport"}, part{"file", p.at("name"), string(testpictures.MarkedJPEG(smallPortrait(p.t), p.at("preview")))})
	if a := p.ask(http.MethodPost, "/v1/checks", "", body, "Content-Type", contentType); a.code != http.StatusOK {
		p.t.Errorf("a preview: %d %s", a.code, a.body)
	}
	idempotent := p.secretOf("an idempotency key", secret.NewName())
	ready := p.give("ready", p.portrait(), "Idempotency-Key", idempotent)
	if again := p.give("ready", p.portrait(), "Idempotency-Key", idempotent); again != ready {
		p.t.Errorf("the upload again gives %v, not %v", again, ready)
	}
	if !strings.Contains(p.watch(ready.id, ready.key), `"ready"`) {
		p.t.Error("the events do not end with the photo ready")
	}
	path := "/v1/photos/" + ready.id
	for _, paper := range []string{"", "/result", "/result?format=png", "/print-sheet?paper=a4", "/print-sheet?paper=4x6&format=jpeg", "/report", "/report?format=pdf", "/overlay"} {
		if a := p.ask(http.MethodGet, path+paper, ready.key, nil); a.code != http.StatusOK {
			p.t.Errorf("GET %s: %d %s", paper, a.code, a.body)
		}
	}
	p.contest(ready)
	c := p.write(http.MethodPost, "/v1/complaints", ready.key, `{"words": "`+p.words+`", "photo_id": "`+ready.id+`"}`).fields(p.t)
	p.secretOf("a complaint's key", c.Key)
	p.write(http.MethodPatch, path, ready.key, `{"declared": {"photo_age": "met"}}`)
	p.becomes("ready", "ready")
	p.write(http.MethodPatch, path, ready.key, `{"brightness": 10, "background": "#fafafa"}`)
	p.becomes("ready", "ready")
	p.officer(http.MethodGet, "/ops/statistics/"+ready.reference, "")

	p.give("uncounted", testpictures.MarkedPNG(p.t, testpictures.PNG(p.t, testpictures.Pixels(p.t, portraits.Smiling)), p.at("picture")))
	p.becomes("uncounted", "ready")
	p.write(http.MethodPatch, "/v1/photos/"+p.photos["uncounted"].id, p.photos["uncounted"].key, `{"statistics": false}`)

	restricted := p.give("restricted", p.portrait())
	p.write(http.MethodPost, "/v1/photos/"+restricted.id+"/restriction", restricted.key, `{"ground": "legal_claim"}`)
	at := restrictionPath.FindString(string(p.officer(http.MethodGet, "/ops/restrictions", "").body))
	p.officer(http.MethodPost, at+"/tell", "note="+p.at("note"))
	p.officer(http.MethodPost, at+"/lift", "note=")
	p.becomes("restricted", "ready")
	now := time.Now().UTC()
	p.officer(http.MethodGet, "/ops/access-log?format=csv&from="+now.Add(-time.Hour).Format(time.RFC3339)+"&to="+now.Add(time.Hour).Format(time.RFC3339), "")
	p.becomes("killed", "ready")
}

// contest has an officer look at a photo and decide.
func (p *person) contest(o owned) {
	p.t.Helper()
	f := p.write(http.MethodPost, "/v1/photos/"+o.id+"/contest", o.key, `{"checks": ["head_height"], "message": "`+p.words+`", "may_open": true}`).fields(p.t)
	p.secretOf("a contest's key", f.Key)
	at := "/ops/contests/" + f.ID
	p.officer(http.MethodGet, at, "")
	p.officer(http.MethodPost, at+"/open", "from=")
	p.officer(http.MethodPost, at+"/decide", "decision=upheld&note="+p.words)
	p.write(http.MethodGet, "/v1/contests/"+f.ID, f.Key, "")
}
