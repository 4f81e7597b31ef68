// Package httpapi answers the outside world: the JSON API under /v1, the pages
// people look at, and the probes of whoever runs the service. One file serves
// one resource.
//
// Gin routes. The JSON resources are huma's, whose types make the OpenAPI
// document, the validation and the errors; uploads, events and pages are plain
// handlers, because they stream or speak HTML. Every error becomes a Problem in
// one place, problemOf. Whoever asks for a photo shows its key, in a header or
// in the cookie the upload set; what the key does not open does not exist.
package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/rs/cors"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/clientaddr"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Intake takes uploads and edits in.
type Intake interface {
	Accept(ctx context.Context, u intake.Upload) (intake.Accepted, error)
	Revise(ctx context.Context, p photo.Photo, c intake.Change) (photo.Photo, error)
	// Known tells whether there is an upload with this idempotency key.
	Known(ctx context.Context, idempotencyKey string) bool
}

// Photos reads records; photo.ErrNotFound for none.
type Photos interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
}

// Vault reads results and reports; vault.ErrMissing for none.
type Vault interface {
	Read(ctx context.Context, item vault.Item) ([]byte, error)
}

// Progress tells what happens to a photo from the moment Subscribe returns.
type Progress interface {
	Subscribe(ctx context.Context, id photo.ID) (<-chan photo.Event, func(), error)
}

// Eraser removes a photo at once and for good.
type Eraser interface {
	Erase(ctx context.Context, id photo.ID) (photo.Receipt, error)
}

// Receipts looks up what erasures left as proof; photo.ErrNotFound for none.
type Receipts interface {
	FindReceipt(ctx context.Context, id string) (photo.Receipt, error)
}

// SigningKeys lists the public keys of all that was ever signed, the newest first.
type SigningKeys interface {
	Keys(ctx context.Context) ([]attest.PublicKey, error)
}

// Meter counts what the API does.
type Meter interface {
	// Request counts an answer. route is the template, never the address.
	Request(ctx context.Context, method, route string, status int, took time.Duration)
	// Upload counts the bytes of an accepted picture.
	Upload(bytes int64)
	// Refused counts an upload that was not accepted, by the problem's code.
	Refused(code string)
	// Preview counts a preview by how it ended.
	Preview(outcome string, took time.Duration)
}

// Options are what the API works with. All are needed but AccessLog, PublicURL and Tracer.
type Options struct {
	Intake        Intake
	Photos        Photos
	Vault         Vault
	Progress      Progress
	Eraser        Eraser
	Receipts      Receipts
	Signed        SigningKeys
	Contests      Contests
	Restricter    Restricter
	Restrictions  RestrictionDesk
	Audit         AuditTrail
	ChildDesk     ChildDesk
	ChildReports  ChildReports
	Gate          Gate // to the pages under /ops
	Letters       LetterDesk
	Evidence      Evidence
	Stated        RetentionStatements
	Statistics    Statistics
	AccessLines   AccessLines
	AccessLog     AccessRecorder // nil if none is kept
	Previews      Previews
	Limiter       Limiter // of previews
	FormLimiter   Limiter // of requests, complaints and reports
	FastLane      Limiter // of photos that one client may send into the fast lane; nil for no limit
	BulkLane      Limiter // and of those beyond, into the other
	Backlog       Backlog // nil takes photos however many wait
	Desk          RequestDesk
	Archives      Archives
	Requests      RequestBook
	Docket        Docket
	ComplaintDesk ComplaintDesk
	Complaints    Complaints
	SupportNotes  SupportNotes
	Catalogue     *docspec.Catalogue
	Proxies       clientaddr.Proxies // in front, which may tell who a client is
	Policy        *policy.Policy
	Facts         policy.Facts // that fill it, but for the processors
	Processors    Processors
	ProcessorDesk ProcessorDesk
	Breaches      BreachDesk
	Disclosures   DisclosureDesk
	Queues        QueuePages
	Watched       Watched // by the page of the service's state
	APIClients    APIClients
	KeyedClients  KeyedClients
	Webhooks      Webhooks
	WebhookDesk   WebhookDesk
	Zone          *time.Location // the controller's
	Calendar      subjectrequest.Calendar
	Meter         Meter
	Probes        http.Handler    // answers /healthz and /readyz
	Tracer        *tracing.Tracer // nil for none
	Log           *slog.Logger
	Now           func() time.Time

	SigningKey  attest.PublicKey // of what this process signs
	Version     string           // of this build, for the OpenAPI document
	PublicURL   string           // an origin; requests of its pages are our own
	CORSOrigins []string         // whose pages may use the API; none by default
	Production  bool             // asks browsers to stay on https
	MaxUploads  int              // at a time
	MaxSheets   int              // print sheets made at a time
	MaxPreviews int              // under way at a time
}

// API is the http.Handler of everything that is served on HTTP_ADDR.
type API struct {
	Options
	engine   *gin.Engine
	openAPI  *huma.OpenAPI
	pages    *webui.Pages
	changed  map[int][]string // by the policy's versions
	origin   *http.CrossOriginProtection
	cors     *cors.Cors
	uploads  chan struct{} // holds one entry per upload under way
	sheets   chan struct{} // the same for print sheets
	previews chan struct{} // and for previews
	stopping chan struct{}
	stop     sync.Once
}

// New returns the API. An error means that PublicURL is no origin or that the
// pages or the policy of this build are broken.
func New(o Options) (*API, error) {
	pages, err := webui.New()
	if err != nil {
		return nil, err
	}
	a := &API{
		Options: o, pages: pages, origin: http.NewCrossOriginProtection(), cors: sharing(o.CORSOrigins),
		uploads: make(chan struct{}, o.MaxUploads), sheets: make(chan struct{}, o.MaxSheets),
		previews: make(chan struct{}, o.MaxPreviews), stopping: make(chan struct{}),
	}
	if o.PublicURL != "" {
		if err := a.origin.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	if err := a.readPolicy(); err != nil {
		return nil, err
	}
	if err := a.route(); err != nil {
		return nil, err
	}
	return a, nil
}

// route lists everything that is served.
func (a *API) route() error {
	gin.SetMode(gin.ReleaseMode)
	a.engine = gin.New()
	a.engine.HandleMethodNotAllowed = true
	a.engine.RedirectTrailingSlash = false
	if err := a.engine.SetTrustedProxies(nil); err != nil { // addressOf is who knows
		return err
	}
	a.engine.Use(a.access, a.observe, a.recover, a.secure, a.share, a.sameOrigin, a.identify, a.ration, a.guard)
	a.engine.NoRoute(a.noRoute)
	a.engine.NoMethod(a.noMethod)

	a.engine.GET("/", a.homePage)
	a.engine.POST("/photos", a.uploadForm)
	a.engine.GET("/photos/:id", a.photoPage)
	a.engine.POST("/photos/:id/answers", a.answersForm)
	a.engine.POST("/photos/:id/delete", a.deleteForm)
	a.engine.POST("/photos/:id/restriction", a.restrictForm)
	a.engine.POST("/photos/:id/statistics", a.statisticsForm)
	a.engine.GET("/privacy", a.policyPage)
	a.engine.GET("/privacy/:version", a.policyVersionPage)
	a.engine.POST("/privacy/notice", a.closeNotice)
	if a.Facts.Statistics != "" {
		a.engine.POST("/privacy/statistics", a.chooseStatistics)
	}
	a.engine.GET("/assets/:name", a.asset)
	a.engine.GET(loginPath, a.loginPage)
	a.engine.POST(loginPath, a.signIn)
	a.engine.POST(signOutPath, a.signOut)
	a.engine.GET(authenticatorPath, a.authenticatorPage)
	a.engine.POST(authenticatorPath, a.confirmAuthenticator)
	a.engine.POST(authenticatorPath+"/replace", a.replaceAuthenticator)
	a.engine.GET(opsPath, a.overviewPage)
	a.engine.GET("/ops/contests", a.contestsPage)
	a.engine.GET("/ops/contests/:id", a.contestPage)
	a.engine.POST("/ops/contests/:id/open", a.openContested)
	a.engine.POST("/ops/contests/:id/decide", a.decideContest)
	a.engine.GET("/ops/access-log", a.exportAccess)
	a.engine.GET("/ops/statistics", a.dailyStatistics)
	a.engine.GET("/ops/statistics/:reference", a.lookUpStatistics)
	a.engine.GET(privacyPath, a.privacyPage)
	a.engine.GET(privacyPath+"/statements/:week", a.retentionStatement)
	a.engine.GET(privacyPath+"/statements/:week/:part", a.retentionStatement)
	a.engine.GET("/ops/restrictions", a.restrictionsPage)
	a.engine.GET("/ops/restrictions/:id", a.restrictionPage)
	a.engine.POST("/ops/restrictions/:id/:action", a.decideRestriction)
	a.engine.GET(childrenPath, a.childForm)
	a.engine.POST(childrenPath, a.sendChildForm)
	a.engine.GET(childrenPath+"/:id", a.askForChildReport)
	a.engine.POST(childrenPath+"/:id", a.readChildReport)
	a.engine.GET(opsChildReportsPath, a.childReportsPage)
	a.engine.GET(opsChildReportsPath+"/:id", a.childReportPage)
	a.engine.POST(opsChildReportsPath+"/:id/decide", a.decideChildReport)
	a.engine.GET(processorsPath, a.processorsPage)
	a.engine.POST(processorsPath+"/:id/:action", a.decideProcessor)
	a.routeBreaches()
	a.routeDisclosures()
	a.routeDesk()
	a.engine.GET(lettersPath, a.lettersPage)
	a.engine.GET(lettersPath+"/:id", a.letterPage)
	a.engine.POST(lettersPath+"/:id/retry", a.retryLetter)
	a.routeRequestForms()
	a.routeLetterLinks()
	a.routeComplaintPages()
	a.routeOpsComplaints()
	a.routeQueues()
	a.routeAPIClients()
	a.engine.GET(statusPath, a.statusPage)
	a.engine.GET("/healthz", gin.WrapH(a.Probes))
	a.engine.GET("/readyz", gin.WrapH(a.Probes))
	a.engine.POST("/v1/photos", a.upload)
	a.engine.GET("/v1/photos/:id/events", a.events)
	a.engine.POST("/v1/checks", a.checks)
	a.engine.GET("/v1/subject-requests/:id/archive", a.requestArchive)

	api := a.describe()
	a.routePhotos(api)
	a.routeEdits(api)
	a.routeReports(api)
	a.routeSheets(api)
	a.routeDocuments(api)
	a.routeErasures(api)
	a.routeKeys(api)
	a.routePolicy(api)
	a.routeContests(api)
	a.routeRestrictions(api)
	a.routeComplaints(api)
	a.routeChildReports(api)
	a.routeSubjectRequests(api)
	a.routeWebhooks(api)
	a.openAPI = api.OpenAPI()
	allowNulls(a.openAPI)
	return nil
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.engine.ServeHTTP(w, r) }

// Stop ends the event streams, which would otherwise hold up a shutdown.
func (a *API) Stop() { a.stop.Do(func() { close(a.stopping) }) }
