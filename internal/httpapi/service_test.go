package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/childdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/queuepages"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// service is the whole API process over real stores and a real Redis, without a
// worker: the test does what a worker would.
type service struct {
	*testing.T
	url     string
	options httpapi.Options
	photos  *sqlstore.Photos
	vault   *vault.Vault
	ring    *keyring.Keyring
	signer  *attest.Signer
	db      *sqldb.DB
	keys    *sqldb.DB
	blobDir string
	redis   *testservers.RedisServer
	queue   *tasks.Queue
	news    progress.Publisher
	api     *httpapi.API
	server  *http.Server
	log     *testapp.Output
	clock   *testapp.Clock
	access  *accesslog.Recorder
	master  *keyring.Master

	database string
	desks    map[string]desk // who is signed in
}

func newService(t *testing.T, change ...func(*httpapi.Options)) *service {
	t.Helper()
	return newServiceOn(t, "sqlite:"+filepath.Join(t.TempDir(), "photos.db"), change...)
}

// newServiceOn has its records in the named database.
func newServiceOn(t *testing.T, database string, change ...func(*httpapi.Options)) *service {
	t.Helper()
	dir := t.TempDir()
	s := &service{T: t, database: database, blobDir: filepath.Join(dir, "blobs"), clock: testapp.NewClock(time.Now().UTC().Truncate(time.Second)), log: &testapp.Output{}}
	s.openStores(dir)
	s.redis = testservers.StartRedis(t)
	where, err := tasks.ParseRedis(s.redis.URL)
	s.must(err)
	s.queue = tasks.NewQueue(where)
	s.keepLog()
	client := where.Client()
	s.news = progress.NewPublisher(client)
	t.Cleanup(func() { _ = errors.Join(s.queue.Close(), client.Close()) })

	catalogue, err := docspec.Load()
	s.must(err)
	life, err := retention.NewPictureLife(48*time.Hour, false)
	s.must(err)
	log := logging.New(logging.Options{Out: s.log, Level: slog.LevelDebug, JSON: true, Process: "api"})
	door := intake.New(intake.Parts{
		Records: s.photos, Replays: s.photos, Revisions: s.photos, Dispatch: s.photos, Vault: s.vault, Queue: s.queue, Statistics: s.used(),
		Life: life, Log: log, Now: s.clock.Now, SealKey: keyring.SealKey, OpenKey: keyring.OpenKey,
	})
	desk := s.desk(log)
	board, err := queuepages.New(queuepages.Options{Redis: where, Root: httpapi.QueuesPath, Describe: tasks.Describe})
	s.must(err)
	t.Cleanup(func() { _ = board.Close() })
	o := httpapi.Options{
		Queues: board, Watched: httpapi.Watched{Photos: s.photos, Letters: sqlstore.NewLetters(s.db), Queues: s.queue, Totals: sqlstore.NewStatistics(s.db)},
		Desk: desk, Requests: sqlstore.NewSubjectRequests(s.db), Docket: s.docket(desk.Calendar), Calendar: desk.Calendar, FormLimiter: ratelimit.New(client, "forms", ratelimit.Rates{Client: 1000, All: 1000}),
		Intake: door, Photos: s.photos, Vault: s.vault, Progress: progress.NewSubscriber(client),
		Eraser: s.eraser(log), Receipts: sqlstore.NewReceipts(s.db), Catalogue: catalogue, Policy: thePolicy(t), Processors: sqlstore.NewProcessors(s.db), ProcessorDesk: sqlstore.NewProcessors(s.db),
		Archives: s.archives(), Breaches: sqlstore.NewBreaches(s.db), Disclosures: sqlstore.NewDisclosures(s.db), Zone: dublin(t),
		ComplaintDesk: s.complaintDesk(log), Complaints: sqlstore.NewComplaints(s.db), SupportNotes: sqlstore.NewSupportNotes(s.db),
		Signed: sqlstore.NewSigningKeys(s.db), SigningKey: s.signer.Public(),
		Contests: sqlstore.NewContests(s.db), Restricter: s.photos, Restrictions: sqlstore.NewRestrictions(s.db), Audit: sqlstore.NewAudit(s.db), Gate: s.gate(client, log, false),
		ChildReports: sqlstore.NewChildReports(s.db), ChildDesk: childdesk.New(s.childDesk(log)),
		Letters:    sqlstore.NewLetters(s.db),
		APIClients: sqlstore.NewAPIClients(s.db), KeyedClients: sqlstore.NewAPIClients(s.db), Webhooks: sqlstore.NewWebhooks(s.db),
		WebhookDesk: &courier.Desk{Endpoints: sqlstore.NewWebhooks(s.db), Sealer: s.master, Now: s.clock.Now},
		Evidence:    s.gatherer(), Stated: sqlstore.NewLedger(s.db),
		Statistics: sqlstore.NewStatistics(s.db), AccessLines: sqlstore.NewAccessLog(s.db), AccessLog: s.access,
		Meter: metrics.New("api", "test").NewAPI(), Log: log, Now: s.clock.Now,
		Probes:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }),
		Version: "test", MaxUploads: 4, MaxSheets: 1,
		Previews: nothingSeen{}, Limiter: ratelimit.New(client, "previews", ratelimit.Rates{Client: 100, All: 100}), MaxPreviews: 1,
	}
	s.start(o, change...)
	return s
}

// start makes an API of the options, changed, and serves it.
func (s *service) start(o httpapi.Options, change ...func(*httpapi.Options)) {
	s.Helper()
	for _, c := range change {
		c(&o)
	}
	var err error
	s.options = o
	s.api, err = httpapi.New(o)
	s.must(err)
	s.serve()
}

func thePolicy(t testing.TB) *policy.Policy {
	t.Helper()
	p, err := policy.Load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// keepLog runs the access log's recorder until the test ends.
func (s *service) keepLog() {
	s.access = accesslog.NewRecorder(accesslog.Options{
		Store: sqlstore.NewAccessLog(s.db), Meter: metrics.New("api", "test").NewAccessLog(), Log: slog.New(slog.DiscardHandler), Every: 5 * time.Millisecond,
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.access.Run(ctx); close(ended) }()
	s.Cleanup(func() { cancel(); <-ended })
}

// used notes the usage statistics.
func (s *service) used() *statistics.Recorder {
	s.Helper()
	catalogue, err := docspec.Load()
	s.must(err)
	return statistics.NewRecorder(statistics.Options{
		Store: sqlstore.NewStatistics(s.db), Catalogue: catalogue, Meter: metrics.New("api", "test").NewStatistics(),
		Log: slog.New(slog.DiscardHandler), Now: s.clock.Now,
	})
}

func (s *service) eraser(log *slog.Logger) *erasure.Eraser {
	receipts := sqlstore.NewReceipts(s.db)
	return erasure.New(erasure.Options{
		Marks: s.photos, Receipts: receipts, Backlog: receipts, Journal: keyring.NewJournal(s.keys), Signer: s.signer,
		Steps: []erasure.Step{erasure.Key(s.ring), erasure.Usage(s.photos, s.used()), erasure.Entries(s.queue), erasure.Blobs(s.vault), erasure.Record(s.photos)},
		Meter: metrics.New("api", "test").NewErasures(), Log: log, Now: s.clock.Now,
	})
}

func (s *service) openStores(dir string) {
	s.Helper()
	var err error
	s.db, err = sqlstore.Open(s.Context(), s.database)
	s.must(err)
	s.keys, err = keyring.OpenDatabase(s.Context(), "sqlite:"+filepath.Join(dir, "keys.db"))
	s.must(err)
	s.must(s.db.Migrate(s.Context()))
	s.must(s.keys.Migrate(s.Context()))
	master, err := keyring.OpenMaster(s.Context(), "file://"+filepath.Join(dir, "master.key"))
	s.must(err)
	blobs, err := blobstore.Open(s.Context(), "file://"+s.blobDir)
	s.must(err)
	s.master = master
	s.signer, s.ring = attest.NewSigner([32]byte{1}), keyring.New(s.keys, master)
	s.photos, s.vault = sqlstore.NewPhotos(s.db), vault.New(blobs, s.ring)
	s.Cleanup(func() { _ = errors.Join(s.db.Close(), s.keys.Close(), master.Close(), blobs.Close()) })
}

func (s *service) serve() {
	s.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.url = "http://" + l.Addr().String()
	s.server = s.api.Server(l.Addr().String())
	go func() { _ = s.server.Serve(l) }()
	s.Cleanup(func() { _ = s.server.Close() })
}

func (s *service) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// left counts what lies in the stores.
func (s *service) left() (rows, keys, blobs int) {
	s.Helper()
	s.must(s.db.QueryRow("SELECT COUNT(*) FROM photos").Scan(&rows))
	s.must(s.keys.QueryRow("SELECT COUNT(*) FROM photo_keys").Scan(&keys))
	s.must(filepath.WalkDir(s.blobDir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			blobs++
		}
		return err
	}))
	return rows, keys, blobs
}

func (s *service) nothingLeft() {
	s.Helper()
	if rows, keys, blobs := s.left(); rows+keys+blobs != 0 {
		s.Errorf("left: %d rows, %d keys, %d blobs", rows, keys, blobs)
	}
}

// until polls for a state that the server reaches by itself.
func (s *service) until(what string, reached func() bool) {
	s.Helper()
	testapp.Eventually(s.T, 10*time.Second, what, reached)
}

// reply is an answer, read whole.
type reply struct {
	*http.Response
	body []byte
}

func (r reply) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal(r.body, into); err != nil {
		t.Fatalf("%s: %v", r.body, err)
	}
}

// problem is what the tests look at of a problem.
type problem struct {
	Type, Title, Code, Detail string
	Status                    int
	Errors                    []struct{ Location, Message string }
}

// isProblem checks that the answer is the problem with the code.
func (s *service) isProblem(r reply, status int, code string) problem {
	s.Helper()
	var p problem
	if r.StatusCode != status || r.Header.Get("Content-Type") != "application/problem+json" {
		s.Fatalf("got %d %s: %s\nwant %d %s", r.StatusCode, r.Header.Get("Content-Type"), r.body, status, code)
	}
	r.decode(s.T, &p)
	if p.Code != code || p.Status != status || p.Title == "" || p.Detail == "" || !strings.HasSuffix(p.Type, ":"+code) {
		s.Errorf("got problem %s, want code %s", r.body, code)
	}
	return p
}

func (s *service) do(r *http.Request) reply {
	s.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	s.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	s.must(err)
	return reply{resp, b}
}

// request makes a request; headers come in pairs.
func (s *service) request(method, path string, body io.Reader, headers ...string) *http.Request {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, body)
	s.must(err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func (s *service) get(path string, headers ...string) reply {
	s.Helper()
	return s.do(s.request(http.MethodGet, path, nil, headers...))
}

// field is one part of a form; a file has a name.
type field struct{ name, file, value string }

func form(fields ...field) (body io.Reader, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		var part io.Writer
		if f.file == "" {
			part, _ = w.CreateFormField(f.name)
		} else {
			part, _ = w.CreateFormFile(f.name, f.file)
		}
		_, _ = io.WriteString(part, f.value)
	}
	_ = w.Close()
	return &b, w.FormDataContentType()
}

func portrait(t *testing.T) string {
	t.Helper()
	b, err := portraits.Smiling.Read()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (s *service) post(fields []field, headers ...string) reply {
	s.Helper()
	body, kind := form(fields...)
	return s.do(s.request(http.MethodPost, "/v1/photos", body, append(headers, "Content-Type", kind)...))
}

// accepted is the answer to an upload.
type accepted struct {
	ID, Key, Status string
	ExpiresAt       time.Time `json:"expires_at"`
	Links           map[string]string
}

func (a accepted) bearer() []string { return []string{"Authorization", "Bearer " + a.Key} }

func (a accepted) path(rest string) string { return "/v1/photos/" + a.ID + rest }

// upload sends a portrait that must be accepted.
func (s *service) upload() accepted {
	s.Helper()
	r := s.post([]field{{"file", "me.jpg", portrait(s.T)}, {"document", "", "us-passport"}})
	if r.StatusCode != http.StatusAccepted {
		s.Fatalf("upload: %d %s", r.StatusCode, r.body)
	}
	var a accepted
	r.decode(s.T, &a)
	return a
}

// claim takes the photo as a worker would.
func (s *service) claim(a accepted) photo.Claim {
	s.Helper()
	p, err := s.photos.Get(s.Context(), photo.ID(a.ID))
	s.must(err)
	p, err = s.photos.Claim(s.Context(), p.Claim(), s.clock.Now())
	s.must(err)
	return p.Claim()
}

var aReport = check.Report{
	Version: check.Version, Document: "us-passport", Verdict: check.SubmitWithCare, Summary: []string{"Size and position are right."},
	Alteration: docspec.FormatOnly, Formatting: check.Formatting{TurnedDeg: 1.2, ScalePercent: 80},
	Size:   check.Size{Width: 50.8, Height: 50.8, WidthPx: 600, HeightPx: 600},
	Guides: check.Guides{HairTop: 8, SkullTop: 9, EyeLine: 22, Chin: 38.2, Middle: 25.4},
	Checks: []check.Check{
		{Name: check.HeadHeight, Stage: check.Finished, Outcome: check.Pass, Binding: true, Value: new(30.2), Unit: check.Millimetres,
			Limits: &check.Limits{Min: new(25.0), Max: new(35.0)}, Certainty: docspec.Official, Advice: "The head has the right size.",
			Place: &check.Place{Top: 8, Right: 50.8, Bottom: 38.2}},
		{Name: check.GlassesPresent, Stage: check.Original, Outcome: check.NotAssessed, Binding: true, Certainty: docspec.Official, Advice: "Are the glasses off?"},
	},
	Questions: []check.Question{{Check: check.GlassesPresent, Text: "Are the glasses off?", Answers: []edit.Answer{edit.Met, edit.NotMet, edit.Exception}}},
}

// finish makes the photo ready, with a picture and a report.
func (s *service) finish(a accepted, picture string) {
	s.Helper()
	held := s.claim(a)
	report, err := json.Marshal(aReport)
	s.must(err)
	_, err = s.vault.Put(s.Context(), vault.Of(vault.Result, held), strings.NewReader(picture))
	s.must(err)
	_, err = s.vault.Put(s.Context(), vault.Of(vault.Report, held), bytes.NewReader(report))
	s.must(err)
	s.must(s.photos.Finish(s.Context(), held, photo.Outcome{Status: photo.Ready, Now: s.clock.Now()}))
}
