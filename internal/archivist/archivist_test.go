package archivist_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// hostile is what somebody may write who means no good.
const hostile = "\"},\"admin\":true,<script>alert(1)</script> {{.Facts}} ../../etc/passwd =cmd|' /C calc'!A0\nŻółć 🦆"

// desk is an installation with an archivist in it.
type desk struct {
	*testing.T
	*storage.Storage
	cfg   config.Config
	clock *testapp.Clock
	done  *fulfiller
	with  archivist.Options
}

func onBoth(t *testing.T, test func(d desk)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(open(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(open(t, testservers.Postgres(t))) })
}

func open(t *testing.T, database string) desk {
	t.Helper()
	in := testapp.Install(t)
	in.Env = append(in.Env, "CONTROLLER_NAME=Photos Ltd", "CONTROLLER_ADDRESS=1 Quay, Dublin", "PRIVACY_EMAIL=privacy@photos.example", "COMPLAINT_AUTHORITY=The DPC")
	if database != "" {
		in.Env = append(in.Env, "DATABASE_URL="+database)
	}
	d := desk{T: t, Storage: in.Migrated(t), cfg: in.Config(t, config.Scheduler), clock: testapp.NewClock(noon)}
	d.done = &fulfiller{store: d.Storage, now: d.clock.Now}
	var err error
	d.with, err = optionsOf(d.Storage, d.cfg, d.clock.Now)
	d.must(err)
	d.with.Desk = d.done
	return d
}

func optionsOf(s *storage.Storage, cfg config.Config, now func() time.Time) (archivist.Options, error) {
	promises, err := policy.Load()
	if err != nil {
		return archivist.Options{}, err
	}
	facts, err := cfg.PolicyFacts()
	return archivist.Options{
		Requests: s.Requests, Archives: s.Archives, Holdings: s.Holdings(promises, facts), Sealer: s.Master,
		Meter: ignored{}, Log: slog.New(slog.DiscardHandler), Now: now,
	}, err
}

type ignored struct{}

func (ignored) Built(subjectrequest.Kind, archivist.Result) {}

// fulfiller is what the desk does once an archive is ready.
type fulfiller struct {
	store *storage.Storage
	now   func() time.Time
	mu    sync.Mutex
	told  []subjectrequest.ID
}

func (f *fulfiller) ArchiveBuilt(ctx context.Context, id subjectrequest.ID) error {
	f.mu.Lock()
	f.told = append(f.told, id)
	f.mu.Unlock()
	r, err := f.store.Requests.Find(ctx, id)
	if err != nil {
		return err
	}
	c, err := r.Fulfil(subjectrequest.Answer{Note: "Here it is."}, by(f.now()))
	if err == nil {
		err = f.store.Requests.Save(ctx, c)
	}
	return err
}

func by(now time.Time) subjectrequest.By {
	c, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		panic(err)
	}
	return subjectrequest.By{Actor: "desk-anna", Now: now, Calendar: c}
}

func (d desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d desk) want(err, want error) {
	d.Helper()
	if !errors.Is(err, want) {
		d.Errorf("got error %v, want %v", err, want)
	}
}

// photo is one with a result and a report, and its line of the statistics.
func (d desk) photo() photo.Photo {
	d.Helper()
	id, ctx := testapp.Upload(d.T, d.Storage, d.clock.Now(), []byte("the original picture")), d.Context()
	p, err := d.Photos.Get(ctx, id)
	d.must(err)
	d.must(d.Statistics.Note(ctx, statistics.Entry{Reference: p.Reference, Country: "us", Document: "us-passport", UploadedAt: noon, LastEditedAt: noon, Format: photo.JPEG, Kilobytes: 1}))
	p, err = d.Photos.Claim(ctx, p.Claim(), d.clock.Now())
	d.must(err)
	for kind, content := range map[vault.Kind]string{
		vault.Result: "\xff\xd8\xff\xe0 the finished photo",
		vault.Report: `{"verdict": "submit", "guides": {"chin_mm": 38.21}, "checks": [
			{"name": "head_height", "stage": "finished", "outcome": "pass", "binding": true, "value": 30.2, "unit": "mm", "limits": {"min": 25, "max": 35},
			 "certainty": "official", "advice": "Fine.", "place": {"left_mm": 7.77}}]}`,
	} {
		_, err := d.Vault.Put(ctx, vault.Of(kind, p.Claim()), strings.NewReader(content))
		d.must(err)
	}
	d.must(d.Photos.Finish(ctx, p.Claim(), photo.Outcome{Status: photo.Ready, Now: d.clock.Now()}))
	p, err = d.Photos.Get(ctx, id)
	d.must(err)
	return p
}

// logged notes requests about a photo.
func (d desk) logged(id photo.ID, at time.Time, ip string, status int) {
	d.Helper()
	d.must(d.AccessLog.Append(d.Context(), []accesslog.Entry{{
		Name: secret.NewName(), At: at, IP: ip, Method: "GET", Route: "/v1/photos/:id", Photo: id, Status: status, Browser: "Firefox", OS: "Linux",
	}}))
}

// contested files a contest of the photo's check.
func (d desk) contested(p photo.Photo) contest.Contest {
	d.Helper()
	report, err := d.Vault.Read(d.Context(), vault.Of(vault.Report, photo.Claim{ID: p.ID, Revision: p.Revision, Attempt: p.ResultAttempt}))
	d.must(err)
	c, _, err := contest.New(contest.Filing{Photo: p, Report: report, Checks: []string{"head_height"}, Message: hostile, Now: d.clock.Now()})
	d.must(err)
	d.must(d.Contests.File(d.Context(), c))
	return c
}

// filed files a request as the channel has it.
func (d desk) filed(f subjectrequest.Filing) (subjectrequest.Request, subjectrequest.Keys) {
	d.Helper()
	f.Message = hostile
	c, keys, err := subjectrequest.New(f, by(d.clock.Now()))
	d.must(err)
	r, err := d.Requests.File(d.Context(), c)
	d.must(err)
	return r, keys
}

func (d desk) byKey(k subjectrequest.Kind, p photo.Photo) (subjectrequest.Request, subjectrequest.Keys) {
	d.Helper()
	r, keys := d.filed(subjectrequest.Filing{Kind: k, Channel: subjectrequest.PhotoKey, Photo: p, Email: "ada@example.org"})
	return d.accepted(r), keys
}

// byEmail is a request whose address was proved.
func (d desk) byEmail(k subjectrequest.Kind, address string) (subjectrequest.Request, subjectrequest.Keys) {
	d.Helper()
	r, keys := d.filed(subjectrequest.Filing{Kind: k, Channel: subjectrequest.ByEmail, Email: address})
	c, err := r.Confirm(by(d.clock.Now()))
	d.must(err)
	d.must(d.Requests.Save(d.Context(), c))
	return d.accepted(c.Request), keys
}

func (d desk) accepted(r subjectrequest.Request) subjectrequest.Request {
	d.Helper()
	c, err := r.Accept(by(d.clock.Now()))
	d.must(err)
	d.must(d.Requests.Save(d.Context(), c))
	return c.Request
}

// written writes a letter with secrets about a request.
func (d desk) written(address, about string) letter.Letter {
	d.Helper()
	to, err := email.Parse(address)
	d.must(err)
	l, err := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}.Write(letter.Envelope{To: to, About: about, Now: d.clock.Now()},
		letter.ConfirmAddress{Case: letter.Case{Matter: letter.Access, Reference: "r-1"}, Secrets: secret.NewPair(), Until: noon.AddDate(0, 0, 7)})
	d.must(err)
	d.must(d.Letters.Write(d.Context(), l, letter.StandardRation()))
	return l
}

func (d desk) build(id subjectrequest.ID) {
	d.Helper()
	d.must(archivist.New(d.with).Build(d.Context(), id))
}

func (d desk) reader() *archivist.Reader {
	d.Helper()
	kept, err := d.cfg.Kept("answers")
	d.must(err)
	return d.ArchiveReader(kept, d.clock.Now)
}

// files is the ZIP of a request, whose JSON the schema in it describes.
func (d desk) files(id subjectrequest.ID) map[string]string {
	d.Helper()
	a, err := d.reader().Open(d.Context(), id)
	d.must(err)
	var b bytes.Buffer
	d.must(a.WriteTo(d.Context(), &b))
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	d.must(err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		d.must(err)
		content, err := io.ReadAll(r)
		d.must(err)
		files[f.Name] = string(content)
	}
	d.valid(files["archive.schema.json"], files["archive.json"])
	return files
}

func (d desk) valid(schema, document string) {
	d.Helper()
	s, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	d.must(err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	d.must(c.AddResource("archive.schema.json", s))
	compiled, err := c.Compile("archive.schema.json")
	d.must(err)
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	d.must(err)
	if err := compiled.Validate(v); err != nil {
		d.Errorf("the archive is not as its schema says: %v", err)
	}
}

func (d desk) document(files map[string]string) (doc archive.Document) {
	d.Helper()
	d.must(json.Unmarshal([]byte(files["archive.json"]), &doc))
	return doc
}

func names(files map[string]string) (all []string) {
	for name := range files {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (d desk) equal(got, want any) {
	d.Helper()
	a, err := json.Marshal(got)
	d.must(err)
	b, err := json.Marshal(want)
	d.must(err)
	if !bytes.Equal(a, b) {
		d.Errorf("got %s, want %s", a, b)
	}
}

// without fails where one of the texts is in a file.
func (d desk) without(files map[string]string, texts ...string) {
	d.Helper()
	for name, content := range files {
		for _, text := range texts {
			if strings.Contains(content, text) {
				d.Errorf("%s has %q", name, text)
			}
		}
	}
}

func TestTheSchemaInTheDocumentationIsTheOneInEveryArchive(t *testing.T) {
	shown, err := os.ReadFile("../../docs/archive.schema.json")
	if err != nil || !bytes.Equal(shown, archive.Schema()) {
		t.Errorf("docs/archive.schema.json is not internal/archive/schema.json: copy it (%v)", err)
	}
}
