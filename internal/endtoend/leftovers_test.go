package endtoend

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// TestAfterAnErasureNothingIsLeft is the promise as a whole. A person marks all that
// they send, their photos live through all that can happen, and when these are
// erased every place is searched for the marks, the photos' IDs and their keys.
// What is left is what the policy says is left:
//
//   - lines of the access log, by whose route nobody can tell which photo it was,
//     with an IP address, an anonymous ID, the kind of browser and the referrer's
//     host, and one random name that the lines of a photo share. While the photo
//     lives its key leads to these lines, afterwards only the anonymous ID does, for
//     those that have it. Nothing takes them away before their three weeks are over;
//   - a row of statistics under its own reference, unless the person said no: then
//     there is none;
//   - what was written in a contest, which has a register and a period of its own;
//     nothing there leads to the photo.
func TestAfterAnErasureNothingIsLeft(t *testing.T) {
	for stores, settings := range map[string][]string{"SQLite and files": nil, "PostgreSQL and S3": onServers(t)} {
		t.Run(stores, func(t *testing.T) {
			t.Parallel() // both mostly wait
			nothingIsLeft(t, newPerson(t, settings...))
		})
	}
}

func nothingIsLeft(t *testing.T, p *person) {
	p.trouble() // what goes wrong
	p.use()     // and what does not
	p.processes["worker"].stop()
	p.give("waiting", p.portrait())

	p.control()
	p.erase()

	for _, h := range p.everywhere(p.all()) {
		if !p.stays(h) {
			t.Errorf("%s", h)
		}
	}
	p.secretsWereNeverTold()
	p.rowsThatStay()
	p.accessLogNamesNoPhoto()
}

// control demands that the search finds what is there while the photos live.
func (p *person) control() {
	p.t.Helper()
	p.noteWrapped()
	if p.onPostgres() {
		p.sql("DATABASE_URL", "ANALYSE") // as PostgreSQL does by itself after some time
		p.sql("KEYS_DATABASE_URL", "ANALYSE")
	}
	unplant := p.plant()
	hits := p.everywhere(p.all())
	unplant()
	for _, want := range p.expected() {
		if !spotted(hits, want.place, want.value) {
			p.t.Errorf("the search does not find %s in %s", want.value, want.place)
		}
	}
}

// expected is what the search has to find, value by value and place by place.
func (p *person) expected() (all []hit) {
	records, keys, blobs := []string{"dir/photos.db"}, []string{"dir/keys.db"}, "dir/blobs"
	if p.onPostgres() {
		records = []string{"dump of DATABASE_URL", "PostgreSQL/data/base"}
		keys = []string{"dump of KEYS_DATABASE_URL", "PostgreSQL/data/base"}
		blobs = "S3/buckets"
	}
	add := func(value string, places ...string) {
		for _, place := range places {
			all = append(all, hit{place: place, value: value})
		}
	}
	for name := range p.photos {
		add("the ID of "+name, append(append(records, keys...), blobs)...)
		add("the hash of the key of "+name, records...)
		add("the wrapped key of "+name, keys...)
	}
	add("the mark in a contest", records...)
	add("the ID of waiting", "Redis")
	add("the ID of damaged", "Redis") // its tasks have failed
	for _, planted := range []string{"plain", "packed", "wide", "base64", "hex", "name-" + p.mark} {
		add("the mark", "dir/tmp/"+planted)
	}
	return all
}

// plant leaves the mark in the temporary folder in several forms.
func (p *person) plant() (remove func()) {
	p.t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(p.at("planted"))); err != nil {
		p.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		p.t.Fatal(err)
	}
	var paths []string
	for name, content := range map[string][]byte{
		"plain": []byte(p.at("planted")), "packed": append([]byte("something before"), packed.Bytes()...), "wide": wide(p.at("planted"), false),
		"base64": []byte(base64.StdEncoding.EncodeToString([]byte(p.at("planted")))), "hex": []byte(hex.EncodeToString([]byte(p.at("planted")))),
		"name-" + p.mark: nil,
	} {
		path := filepath.Join(p.Dir, "tmp", name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			p.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return func() {
		for _, path := range paths {
			if err := os.Remove(path); err != nil {
				p.t.Error(err)
			}
		}
	}
}

// erase has some photos deleted by the person, and some by their time.
func (p *person) erase() {
	p.t.Helper()
	var receipts []string
	name := p.sql("DATABASE_URL", "SELECT log_name FROM photos WHERE id = '"+p.photos["faceless"].id+"'")
	lines := "SELECT COUNT(*) FROM access_log WHERE photo = '" + name + "'"
	if name == "" || p.sql("DATABASE_URL", lines) == "0" {
		p.t.Error("the access log has no line of a photo that lives")
	}
	p.ask(http.MethodDelete, "/v1/photos/"+p.photos["faceless"].id+"?everything=true", p.photos["faceless"].key, nil)
	if n := p.sql("DATABASE_URL", lines); n != "0" {
		p.t.Errorf("after everything about a photo was deleted the access log has %s lines of it", n)
	}
	for _, name := range []string{"killed", "damaged", "deadly", "cut", "restricted"} {
		a := p.ask(http.MethodDelete, "/v1/photos/"+p.photos[name].id, p.photos[name].key, nil)
		if a.code != http.StatusNoContent {
			p.t.Errorf("delete %s: %d %s", name, a.code, a.body)
		}
		receipts = append(receipts, a.header.Get("Location"))
	}
	p.processes["api"].stop()
	p.processes["scheduler"].stop()
	p.Env = append(p.Env, "PICTURE_LIFE=2s")
	p.run("api")
	p.run("scheduler")
	for _, name := range []string{"ready", "uncounted", "waiting"} { // an edit begins a photo's time anew
		p.write(http.MethodPatch, "/v1/photos/"+p.photos[name].id, p.photos[name].key, `{"contrast": 5}`)
	}
	p.run("worker")
	// An upload that left something, because the store was away, is swept up a quarter
	// of an hour later: it comes to be that old.
	p.sql("DATABASE_URL", "UPDATE photos SET expires_at = expires_at - 900000 WHERE status = 'receiving'")
	testapp.Eventually(p.t, 4*time.Minute, "all is erased", func() bool {
		return p.sql("DATABASE_URL", "SELECT (SELECT COUNT(*) FROM photos) + (SELECT COUNT(*) FROM erasures)") == "0"
	})
	for _, at := range receipts {
		if f := p.send(http.MethodGet, at, "", nil).fields(p.t); f.State != "finished" {
			p.t.Errorf("a receipt is %s", f.State)
		}
	}
	// What the scheduler does each hour, or every five minutes.
	store := p.Storage(p.t)
	if err := store.Rewrite(p.t.Context()); err != nil {
		p.t.Error(err)
	}
	if err := store.Keys.Scrub(p.t.Context()); err != nil {
		p.t.Error(err)
	}
}
