// Package config is what an operator can set: every variable of the environment
// that a process reads, with its default and a sentence about it. The
// environment is the only source; there are no files and no flags.
//
// Load reports all problems at once, each with the variable's name and what to
// do about it, and in production it refuses settings that would break the
// privacy promise or leave a door open.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Process is one of the three programs.
type Process string

// The processes.
const (
	API       Process = "api"
	Worker    Process = "worker"
	Scheduler Process = "scheduler"
)

// Processes lists them.
func Processes() []Process { return []Process{API, Worker, Scheduler} }

// Config holds every setting; each process uses the part that Help lists for it.
// The tag "for" names the processes, separated by commas, where it is not all of
// them.
type Config struct {
	Environment Environment `env:"ENVIRONMENT" envDefault:"development" doc:"\"development\" or \"production\"; production refuses unsafe settings"`
	LogLevel    slog.Level  `env:"LOG_LEVEL" envDefault:"info" doc:"least severe level that is logged: debug, info, warn or error"`

	HTTPAddr    string   `env:"HTTP_ADDR" envDefault:"127.0.0.1:8080" for:"api" doc:"address and port of the web pages and the API; PORT, if set instead, means that port on all interfaces"`
	PublicURL   string   `env:"PUBLIC_URL" for:"api,scheduler" doc:"the address under which people reach the service, such as https://photos.example; letters link to it; required in production"`
	CORSOrigins []string `env:"CORS_ORIGINS" envSeparator:" " for:"api" doc:"origins whose pages may use the API in a browser, such as https://www.town.example, separated by spaces; never with cookies; see cors.md"`

	WebhookLoopback Switch `env:"WEBHOOK_LOOPBACK" envDefault:"off" for:"api,scheduler" doc:"\"on\" lets webhooks go to servers on this machine, also without TLS, to try them; refused in production; see webhooks.md"`

	MaxUploads int    `env:"MAX_UPLOADS" envDefault:"64" for:"api" doc:"uploads that one process receives at a time; more are asked to come back"`
	MaxSheets  int    `env:"MAX_SHEETS" envDefault:"2" for:"api" doc:"print sheets and reports on paper that one process makes at a time; more wait two seconds and are then asked to come back"`
	Operators  string `env:"OPERATORS" for:"api" doc:"who may use the pages under /ops: entries that \"bin/api hash-password NAME ROLE\" prints, separated by spaces; the role is officer or viewer; they hold dollar signs, so a shell wants them in single quotes and a compose file wants each sign doubled; required in production"`

	MaxPreviews       int `env:"MAX_PREVIEWS" envDefault:"16" for:"api" doc:"previews that one process has under way at a time; more are asked to come back"`
	PreviewsPerClient int `env:"PREVIEWS_PER_CLIENT" envDefault:"60" for:"api" doc:"previews a minute that one client may ask of one process"`
	PreviewsPerMinute int `env:"PREVIEWS_PER_MINUTE" envDefault:"300" for:"api" doc:"previews a minute that all clients together may ask for"`

	FormsPerClient int `env:"FORMS_PER_CLIENT" envDefault:"10" for:"api" doc:"requests, complaints and reports a minute that one client may send to one process"`
	FormsPerMinute int `env:"FORMS_PER_MINUTE" envDefault:"60" for:"api" doc:"the same for all clients together"`

	FastLanePerClient int `env:"FAST_LANE_PER_CLIENT" envDefault:"10" for:"api" doc:"photos a minute that one client may send to one process for the fast lane, the queue \"default\"; further ones wait in the queue \"bulk\"; 0 for no limit"`
	BulkPerClient     int `env:"BULK_PER_CLIENT" envDefault:"300" for:"api" doc:"photos a minute that one client may send to one process for the queue \"bulk\"; further ones are refused (429); 0 for no limit"`

	MaxWait     time.Duration `env:"MAX_WAIT" envDefault:"60s" for:"api" doc:"with a longer expected wait in the fast lane, new photos are refused (503, with the time after which to come again); 0s takes them however many wait"`
	MaxWaitBulk time.Duration `env:"MAX_WAIT_BULK" envDefault:"10m" for:"api" doc:"the same for the queue \"bulk\""`

	TrustedProxies string `env:"TRUSTED_PROXIES" for:"api" doc:"the proxies in front of HTTP_ADDR that may tell who a client is, for rates and for the access log: addresses and networks, such as 127.0.0.1 or 10.0.0.0/8, separated by spaces, whose X-Forwarded-For counts, and \"private\" for all private networks; or the one word \"fly\" or \"heroku\" on that platform; without it all clients behind a proxy count as one"`

	OpsAddr    string `env:"OPS_ADDR" default:"127.0.0.1:9101 (api), 9102 (worker), 9103 (scheduler)" doc:"address and port of health, metrics and profiles, which have no password"`
	OpsExposed bool   `env:"OPS_EXPOSED" envDefault:"false" doc:"\"true\" confirms, in production, that something in front of OPS_ADDR keeps strangers away when it is not a loopback address"`

	StopGrace time.Duration `env:"STOP_GRACE" envDefault:"20s" for:"api,worker" doc:"within which a process stops after SIGTERM: until then requests end and photos under way are finished; in its last 3 seconds a worker hands back what is left; 5s to 10m; whoever kills processes must give them 5 seconds more"`
	StopWait  time.Duration `env:"STOP_WAIT" envDefault:"0s" for:"api" doc:"how much of STOP_GRACE the API answers on after SIGTERM while /readyz says 503, so that a load balancer sends nothing more: somewhat longer than that asks /readyz twice"`

	RedisURL        string `env:"REDIS_URL" envDefault:"redis://127.0.0.1:6379/0" doc:"the queue and the progress messages, in Redis 7 or newer: redis://[USER:PASSWORD@]HOST:PORT/DB, unix://PATH, redis-sentinel://HOST,HOST,.../DB?master=NAME or redis-cluster://HOST,HOST,...; rediss in the place of redis for TLS, with ?ca=FILE for an authority of one's own; see deploy.md"`
	DatabaseURL     string `env:"DATABASE_URL" envDefault:"sqlite:.data/photos.db" doc:"the records: sqlite:PATH (one machine) or postgres://..."`
	KeysDatabaseURL string `env:"KEYS_DATABASE_URL" envDefault:"sqlite:.data/keys.db" doc:"the photos' wrapped keys, as DATABASE_URL but another database, which must never be backed up"`
	DatabasePool    int    `env:"DATABASE_POOL" envDefault:"10" doc:"most connections that one process has to PostgreSQL, for the records and for the keys each; all processes together must stay below its max_connections, see deploy.md"`
	BlobURL         string `env:"BLOB_URL" envDefault:"file://.data/blobs" doc:"the encrypted pictures: file://DIR or s3://BUCKET?region=..."`
	MasterKeyURL    string `env:"MASTER_KEY_URL" envDefault:"file://.data/master.key" doc:"the key that wraps the photos' keys: file://PATH (created if missing), base64key://KEY or a key service's URL (awskms, gcpkms, azurekeyvault, hashivault); the default is refused in production; see keys.md"`

	DatabaseConnLife time.Duration `env:"DATABASE_CONN_LIFE" envDefault:"15m" doc:"after how long a connection to PostgreSQL is made anew, so that all move when a name or a proxy points elsewhere: 1m to 24h"`

	OldMasterKeyURLs []string `env:"OLD_MASTER_KEY_URLS" envSeparator:" " doc:"further master keys, separated by spaces, that open what they wrapped and wrap nothing: the former one until its keys are rotated, see keys.md"`

	SigningKeyURL string `env:"SIGNING_KEY_URL" envDefault:"file://.data/signing.key" for:"api,scheduler" doc:"the key that signs receipts and other statements: file://PATH (created if missing) or base64key://KEY, 32 bytes in URL-safe base64; the default is refused in production"`

	SMTPURL  string `env:"SMTP_URL" for:"scheduler" doc:"the mail server that takes letters: smtp://USER:PASSWORD@HOST:587 (with STARTTLS) or smtps://...; see mail.md; required in production; without it letters wait"`
	MailFrom string `env:"MAIL_FROM" for:"scheduler" doc:"the sender of letters, such as \"Photos <photos@photos.example>\"; to be set with SMTP_URL"`

	PictureLife time.Duration `env:"PICTURE_LIFE" envDefault:"48h" doc:"how long a picture is kept after its last edit: 48h to 71h, and less only in development"`

	AccessLog      Switch `env:"ACCESS_LOG" envDefault:"on" for:"api" doc:"\"off\" keeps no access log and gives nobody an anonymous ID; see privacy.md"`
	AccessLogDays  int    `env:"ACCESS_LOG_DAYS" envDefault:"21" doc:"how many days a line of the access log is kept: at most 21"`
	StatisticsDays int    `env:"STATISTICS_DAYS" envDefault:"90" doc:"how many days a photo's usage statistics are kept: at most 90"`
	ContestYears   int    `env:"CONTEST_YEARS" envDefault:"3" doc:"how many years a contest is kept after it was closed: at most 3"`
	RequestYears   int    `env:"SUBJECT_REQUEST_YEARS" envDefault:"3" doc:"how many years a request of a data subject is kept after it was closed: at most 3"`
	AuditYears     int    `env:"AUDIT_YEARS" envDefault:"3" doc:"how many years a line of the audit trail is kept: at most 3"`
	ReceiptYears   int    `env:"RECEIPT_YEARS" envDefault:"3" doc:"how many years the receipt of an erasure is kept: at most 3"`

	ComplaintDays int `env:"COMPLAINT_DAYS" envDefault:"30" for:"api" doc:"within how many days of its arrival a complaint is answered: 1 to 30, because 30 are promised"`

	ControllerName     string `env:"CONTROLLER_NAME" for:"api,scheduler" doc:"who runs the service and answers for it, as the privacy policy names them; required in production"`
	ControllerAddress  string `env:"CONTROLLER_ADDRESS" for:"api,scheduler" doc:"the postal address of CONTROLLER_NAME, in one line; required in production"`
	ControllerCountry  string `env:"CONTROLLER_COUNTRY" for:"api,scheduler" doc:"where CONTROLLER_NAME is: an ISO 3166-1 alpha-2 code such as IE, or one of ISO 3166-2 such as US-CA; its public holidays move the days by which requests are answered, where they are known"`
	ControllerTimeZone string `env:"CONTROLLER_TIME_ZONE" envDefault:"UTC" for:"api,scheduler" doc:"the time zone of CONTROLLER_NAME, such as Europe/Dublin; dates by which people get answers are dates there"`
	PrivacyEmail       string `env:"PRIVACY_EMAIL" for:"api,scheduler" doc:"where people write to about privacy, and where answers to letters go; required in production"`
	ShineTheLightEmail string `env:"SHINE_THE_LIGHT_EMAIL" for:"api,scheduler" doc:"the one address for requests under California's Shine the Light law, which may be PRIVACY_EMAIL; required in production"`
	EURepresentative   string `env:"EU_REPRESENTATIVE" for:"api,scheduler" doc:"name and address of the representative in the European Union, if there is one (Art. 27 GDPR)"`
	DataProtection     string `env:"DATA_PROTECTION_OFFICER" for:"api,scheduler" doc:"name or title and address of the data protection officer, if there is one (Art. 37 GDPR)"`
	ComplaintAuthority string `env:"COMPLAINT_AUTHORITY" for:"api,scheduler" doc:"the data protection authority that people can complain to, with its address"`
	AnalyticsScriptURL string `env:"ANALYTICS_SCRIPT_URL" for:"api" doc:"a statistics script of another site, which pages offer and load only after consent; see policy.md; unset for none"`

	ModelsDir          string        `env:"MODELS_DIR" envDefault:".deps/models" for:"worker" doc:"directory of the face models"`
	MatteModel         string        `env:"MATTE_MODEL" for:"worker" doc:"ONNX file of a larger segmentation network in place of the built-in one; see matting.md"`
	MatteModelScale    string        `env:"MATTE_MODEL_SCALE" for:"worker" doc:"how the numbers of MATTE_MODEL are meant: unit (0 to 1 in and out), modnet, u2net or isnet; to be set with it"`
	WorkerConcurrency  int           `env:"WORKER_CONCURRENCY" default:"number of CPUs" for:"worker" doc:"photos made at a time, each in a child process of its own"`
	PreviewConcurrency int           `env:"PREVIEW_CONCURRENCY" envDefault:"1" for:"worker" doc:"previews looked at at a time, each in a child process that does nothing else and takes some 200 MB; 0 for none"`
	StudioMemoryMB     int           `env:"STUDIO_MEMORY_MB" envDefault:"1500" for:"worker" doc:"most memory, in MB, that one child process may take"`
	StudioTimeout      time.Duration `env:"STUDIO_TIMEOUT" envDefault:"20s" for:"worker" doc:"how long one picture may take before its child process is killed"`

	TraceEndpoint string  `env:"OTEL_EXPORTER_OTLP_ENDPOINT" doc:"where traces go, by OpenTelemetry's protocol over HTTP: https://COLLECTOR:4318, to which /v1/traces is added; unset for none; see monitoring.md"`
	TraceHeaders  string  `env:"OTEL_EXPORTER_OTLP_HEADERS" doc:"what the collector of OTEL_EXPORTER_OTLP_ENDPOINT asks for, such as a key: NAME=VALUE, separated by commas, with %20 for a space"`
	TraceSampler  string  `env:"OTEL_TRACES_SAMPLER" envDefault:"parentbased_always_on" doc:"which traces are kept: always_on, always_off, traceidratio or one of these with parentbased_ before it, which leaves the decision to the process in which a trace begins"`
	TraceShare    float64 `env:"OTEL_TRACES_SAMPLER_ARG" envDefault:"1" doc:"the share of traces that traceidratio keeps, 0 to 1"`
}

// Environment says how strict the service is with its settings.
type Environment string

// The environments.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// Switch turns something on or off.
type Switch string

// The positions.
const (
	On  Switch = "on"
	Off Switch = "off"
)

// Load reads the settings of a process. The error lists every problem, one per
// line.
func Load(p Process, environ map[string]string) (Config, error) {
	// Unset and empty mean the same: Procfiles and compose files write A= for
	// "not set".
	set := make(map[string]string, len(environ))
	for name, value := range environ {
		if value != "" {
			set[name] = value
		}
	}
	var c Config
	problems := readable(env.ParseWithOptions(&c, env.Options{Environment: set}))
	c.fillIn(p, set)
	problems = append(problems, c.makeAbsolute()...)
	problems = append(problems, c.check()...)
	if c.Environment == Production {
		problems = append(problems, c.unsafe(p, set)...)
	}
	if len(problems) > 0 {
		return Config{}, fmt.Errorf("configuration:\n  %s", strings.Join(problems, "\n  "))
	}
	return c, nil
}

// fillIn sets the defaults that depend on the process or the machine.
func (c *Config) fillIn(p Process, set map[string]string) {
	if port := set["PORT"]; port != "" && set["HTTP_ADDR"] == "" {
		c.HTTPAddr = net.JoinHostPort("", port)
	}
	if c.OpsAddr == "" {
		c.OpsAddr = map[Process]string{
			API: "127.0.0.1:9101", Worker: "127.0.0.1:9102", Scheduler: "127.0.0.1:9103",
		}[p]
	}
	if c.WorkerConcurrency == 0 && set["WORKER_CONCURRENCY"] == "" {
		c.WorkerConcurrency = runtime.NumCPU()
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
}

// readable names variables where the library names fields.
func readable(err error) []string {
	var all env.AggregateError
	if err == nil {
		return nil
	}
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var problems []string
	for _, e := range all.Errors {
		var parse env.ParseError
		if errors.As(e, &parse) {
			problems = append(problems, fmt.Sprintf("%s is not understood: %v", variableOf(parse.Name), parse.Err))
			continue
		}
		problems = append(problems, e.Error())
	}
	return problems
}

// kept are the configured periods, by the variable that sets them.
func (c Config) kept() map[string]time.Duration {
	const most = 100 // years, too long for any class and still a time.Duration
	days := func(n int) time.Duration { return time.Duration(min(n, most*365)) * retention.Day }
	years := func(n int) time.Duration { return time.Duration(min(n, most)) * retention.Year }
	return map[string]time.Duration{
		"PICTURE_LIFE": c.PictureLife, "ACCESS_LOG_DAYS": days(c.AccessLogDays), "STATISTICS_DAYS": days(c.StatisticsDays),
		"CONTEST_YEARS": years(c.ContestYears), "SUBJECT_REQUEST_YEARS": years(c.RequestYears), "AUDIT_YEARS": years(c.AuditYears), "RECEIPT_YEARS": years(c.ReceiptYears),
	}
}

// Kept returns how long the things of a class are kept: as configured, or the
// class's default where there is no setting. The error says why that can't be.
func (c Config) Kept(n retention.Name) (retention.Period, error) {
	class := retention.Of(n)
	length, configured := c.kept()[class.Setting]
	if !configured {
		length = class.Default
	}
	return class.For(length, c.Environment == Development)
}

// Life returns PictureLife checked against the privacy policy.
func (c Config) Life() (retention.PictureLife, error) { return c.Kept(retention.Original) }
