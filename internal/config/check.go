package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/clientaddr"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/keyfile"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/redisurl"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// makeAbsolute turns the relative paths of URLs and directories into absolute
// ones, because child processes run elsewhere.
func (c *Config) makeAbsolute() (problems []string) {
	type setting struct {
		name  string
		value *string
	}
	settings := []setting{
		{"DATABASE_URL", &c.DatabaseURL}, {"KEYS_DATABASE_URL", &c.KeysDatabaseURL}, {"BLOB_URL", &c.BlobURL},
		{"MASTER_KEY_URL", &c.MasterKeyURL}, {"SIGNING_KEY_URL", &c.SigningKeyURL}, {"MODELS_DIR", &c.ModelsDir}, {"MATTE_MODEL", &c.MatteModel},
	}
	for i := range c.OldMasterKeyURLs {
		settings = append(settings, setting{"OLD_MASTER_KEY_URLS", &c.OldMasterKeyURLs[i]})
	}
	for _, s := range settings {
		name, value := s.name, s.value
		scheme, path := "", *value
		if path == "" {
			continue
		}
		for _, s := range []string{"sqlite:", "file://"} {
			if rest, ok := strings.CutPrefix(path, s); ok {
				scheme, path = s, rest
			}
		}
		if scheme == "" && strings.Contains(name, "_URL") {
			continue // not on this machine's disk
		}
		path, query, asked := strings.Cut(path, "?")
		if path == "" {
			problems = append(problems, name+" names no path: write "+scheme+"PATH")
			continue
		}
		path, err := filepath.Abs(path)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		if asked {
			path += "?" + query
		}
		*value = scheme + path
	}
	return problems
}

// check finds what is wrong anywhere.
func (c Config) check() (problems []string) {
	bad := func(ok bool, problem string) {
		if !ok {
			problems = append(problems, problem)
		}
	}
	bad(c.Environment == Development || c.Environment == Production, `ENVIRONMENT is unknown: set "development" or "production"`)
	bad(isAddr(c.HTTPAddr), "HTTP_ADDR (or PORT) is not an address: write HOST:PORT, such as 127.0.0.1:8080")
	bad(isAddr(c.OpsAddr), "OPS_ADDR is not an address: write HOST:PORT, such as 127.0.0.1:9101")
	if _, err := redisurl.Parse(c.RedisURL); err != nil {
		problems = append(problems, fmt.Sprintf("REDIS_URL is not understood: %v", err))
	}
	bad(hasScheme(c.DatabaseURL, "sqlite", "postgres", "postgresql"), "DATABASE_URL is not understood: write sqlite:PATH or postgres://...")
	bad(hasScheme(c.KeysDatabaseURL, "sqlite", "postgres", "postgresql"), "KEYS_DATABASE_URL is not understood: write sqlite:PATH or postgres://...")
	bad(c.DatabaseURL != c.KeysDatabaseURL, "KEYS_DATABASE_URL is the same database as DATABASE_URL: keys must lie apart from the records, so that no backup holds both")
	bad(c.StopGrace >= 5*time.Second && c.StopGrace <= 10*time.Minute, "STOP_GRACE must be 5s to 10m")
	bad(c.StopWait >= 0 && c.StopWait < c.StopGrace, "STOP_WAIT must be shorter than STOP_GRACE, and not negative")
	bad(c.DatabasePool >= 1 && c.DatabasePool <= 1000, "DATABASE_POOL must be 1 to 1000")
	bad(c.DatabaseConnLife >= time.Minute && c.DatabaseConnLife <= 24*time.Hour, "DATABASE_CONN_LIFE must be 1m to 24h")
	bad(hasScheme(c.BlobURL, "file", "s3"), "BLOB_URL is not understood: write file://DIR or s3://BUCKET?region=...")
	bad(strings.Contains(c.MasterKeyURL, "://"), "MASTER_KEY_URL is not a URL: write file://PATH")
	bad(c.MasterKeyURL != keyfile.Itself, "MASTER_KEY_URL=base64key:// would make a different key in each process: write file://PATH")
	for _, old := range c.OldMasterKeyURLs {
		bad(strings.Contains(old, "://") && old != keyfile.Itself, "OLD_MASTER_KEY_URLS holds something that names no key: write URLs like MASTER_KEY_URL's, separated by single spaces")
	}
	bad(hasScheme(c.SigningKeyURL, "file", "base64key"), "SIGNING_KEY_URL is not understood: write file://PATH or base64key://KEY")
	bad(c.SigningKeyURL != keyfile.Itself, "SIGNING_KEY_URL=base64key:// would make a different key in each process: write file://PATH")
	bad(c.SigningKeyURL != c.MasterKeyURL, "SIGNING_KEY_URL is the same as MASTER_KEY_URL: one key must not serve both")
	bad(c.PublicURL == "" || isOrigin(c.PublicURL), "PUBLIC_URL is not an address of a site: write https://HOST without a path")
	problems = append(problems, c.untellable()...)
	for _, origin := range c.CORSOrigins {
		bad(isExactOrigin(origin), "CORS_ORIGINS holds something that is not exactly an origin: write https://HOST or https://HOST:PORT in lower case, with a single space between two, without wildcard, path or the usual port")
	}
	bad(c.AccessLog == On || c.AccessLog == Off, `ACCESS_LOG is neither "on" nor "off"`)
	bad(c.WebhookLoopback == On || c.WebhookLoopback == Off, `WEBHOOK_LOOPBACK is neither "on" nor "off"`)
	bad(c.ComplaintDays >= 1 && c.ComplaintDays <= 30, "COMPLAINT_DAYS must be 1 to 30: an answer within 30 days is promised")
	bad(c.MaxUploads > 0, "MAX_UPLOADS must be at least 1")
	bad(c.MaxSheets > 0, "MAX_SHEETS must be at least 1")
	bad(c.MaxPreviews > 0, "MAX_PREVIEWS must be at least 1")
	bad(c.PreviewsPerClient > 0, "PREVIEWS_PER_CLIENT must be at least 1")
	bad(c.PreviewsPerMinute > 0, "PREVIEWS_PER_MINUTE must be at least 1")
	bad(c.FormsPerClient > 0, "FORMS_PER_CLIENT must be at least 1")
	bad(c.FormsPerMinute > 0, "FORMS_PER_MINUTE must be at least 1")
	bad(c.FastLanePerClient >= 0, "FAST_LANE_PER_CLIENT must be at least 0")
	bad(c.BulkPerClient >= 0, "BULK_PER_CLIENT must be at least 0")
	bad(c.MaxWait == 0 || c.MaxWait >= time.Second, "MAX_WAIT must be 0s or at least 1s")
	bad(c.MaxWaitBulk == 0 || c.MaxWaitBulk >= time.Second, "MAX_WAIT_BULK must be 0s or at least 1s")
	bad(c.PreviewConcurrency >= 0, "PREVIEW_CONCURRENCY must be at least 0")
	bad(c.WorkerConcurrency > 0, "WORKER_CONCURRENCY must be at least 1; leave it unset for the number of CPUs")
	bad(c.StudioMemoryMB >= 512, "STUDIO_MEMORY_MB must be at least 512: models and libraries alone need most of that")
	bad(c.StudioTimeout >= time.Second, "STUDIO_TIMEOUT must be at least 1s")
	if _, err := clientaddr.Parse(c.TrustedProxies); err != nil {
		problems = append(problems, fmt.Sprintf("TRUSTED_PROXIES: %v", err))
	}
	if _, err := operator.Parse(c.Operators); err != nil {
		problems = append(problems, fmt.Sprintf("OPERATORS: %v", err))
	}
	bad(c.MatteModelScale == "" || c.MatteModel != "", "MATTE_MODEL_SCALE is set without MATTE_MODEL: name the file as well, or unset it for the built-in network")
	if c.MatteModel != "" {
		if _, err := matte.ScaleNamed(c.MatteModelScale); err != nil {
			problems = append(problems, fmt.Sprintf("MATTE_MODEL_SCALE must say how the numbers of MATTE_MODEL are meant: %v", err))
		}
	}
	problems = append(problems, c.unmailable()...)
	problems = append(problems, c.overlong()...)
	problems = append(problems, c.untraceable()...)
	return problems
}

// unmailable finds what letters could not be sent with.
func (c Config) unmailable() (problems []string) {
	if c.SMTPURL != "" && !hasScheme(c.SMTPURL, "smtp", "smtps") {
		problems = append(problems, "SMTP_URL is not understood: write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465")
	}
	if _, _, err := email.Sender(c.MailFrom); (c.MailFrom != "" || c.SMTPURL != "") && err != nil {
		problems = append(problems, "MAIL_FROM is not a sender: write an address, such as photos@photos.example or \"Photos <photos@photos.example>\"")
	}
	return problems
}

// overlong finds periods that the table of retention classes does not allow, each
// variable once.
func (c Config) overlong() (problems []string) {
	seen := map[string]bool{"": true}
	for _, class := range retention.Classes() {
		if seen[class.Setting] {
			continue
		}
		seen[class.Setting] = true
		if _, err := c.Kept(class.Name); err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v; set %s to %s", class.Setting, err, retention.Words(class.Floor), retention.Words(class.Longest)))
		}
	}
	return problems
}

// unsafe finds what production refuses. SQLite and files on disk are allowed: a
// single machine is a production of its own.
func (c Config) unsafe(p Process, set map[string]string) (problems []string) {
	refuse := func(when bool, problem string) {
		if when {
			problems = append(problems, problem)
		}
	}
	refuse(set["MASTER_KEY_URL"] == "", "MASTER_KEY_URL must be set in production: name a key service, or a file apart from the data")
	refuse(within(c.MasterKeyURL, c.BlobURL), "MASTER_KEY_URL lies inside BLOB_URL: a copy of the pictures would bring the key along; move it elsewhere")
	for _, old := range c.OldMasterKeyURLs {
		refuse(within(old, c.BlobURL), "OLD_MASTER_KEY_URLS names a file inside BLOB_URL: a copy of the pictures would bring the key along; move it elsewhere")
	}
	refuse(p != Worker && set["SIGNING_KEY_URL"] == "", "SIGNING_KEY_URL must be set in production: name a file apart from the data, and keep it, or what it signed is no longer yours")
	refuse(p != Worker && within(c.SigningKeyURL, c.BlobURL), "SIGNING_KEY_URL lies inside BLOB_URL: a copy of the pictures would bring the key along; move it elsewhere")
	refuse(p != Worker && !strings.HasPrefix(c.PublicURL, "https://"), "PUBLIC_URL must be an https address in production: pictures and keys travel over it, and letters link to it")
	refuse(p == API && strings.TrimSpace(c.Operators) == "", "OPERATORS must be set in production, or nobody could look at what people contest: bin/api hash-password NAME officer prints an entry")
	if p != Worker {
		for _, told := range []struct{ name, value string }{
			{"CONTROLLER_NAME", c.ControllerName}, {"CONTROLLER_ADDRESS", c.ControllerAddress},
			{"PRIVACY_EMAIL", c.PrivacyEmail}, {"SHINE_THE_LIGHT_EMAIL", c.ShineTheLightEmail},
		} {
			refuse(strings.TrimSpace(told.value) == "", told.name+" must be set in production: the privacy policy has to tell people (Art. 13 GDPR)")
		}
	}
	refuse(c.WebhookLoopback == On, "WEBHOOK_LOOPBACK must not be on in production: an API client could have us send to this machine")
	for _, origin := range c.CORSOrigins {
		u, err := url.Parse(origin)
		refuse(p == API && err == nil && u.Scheme == "http" && !loopback(u.Hostname()), "CORS_ORIGINS must be https origins in production: anybody on the way could put a page of their own in the place of such a site's")
	}
	refuse(p == API && strings.HasPrefix(c.AnalyticsScriptURL, "http:"), "ANALYTICS_SCRIPT_URL must be an https address in production: anybody on the way could put another script in its place")
	refuse(p == Scheduler && c.SMTPURL == "", "SMTP_URL must be set in production, or nobody would get the answers that the law gives them: smtp://USER:PASSWORD@HOST:587")
	refuse(plainMail(c.SMTPURL), "SMTP_URL sends letters to another machine in clear: leave ?tls=off out")
	refuse(!redisGuarded(c.RedisURL), "REDIS_URL names another machine without a password or TLS: use rediss:// or redis://:PASSWORD@HOST")
	refuse(plainPostgres(c.DatabaseURL), "DATABASE_URL names another machine with sslmode=disable: use sslmode=verify-full")
	refuse(plainPostgres(c.KeysDatabaseURL), "KEYS_DATABASE_URL names another machine with sslmode=disable: use sslmode=verify-full")
	refuse(plainTraces(c.TraceEndpoint), "OTEL_EXPORTER_OTLP_ENDPOINT sends traces to another machine in clear: use an https address, or a collector on this machine")
	refuse(!loopback(c.OpsAddr) && !c.OpsExposed, "OPS_ADDR is open to other machines and has no password: use 127.0.0.1:PORT, or set OPS_EXPOSED=true when a firewall guards it")
	return problems
}

func isAddr(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = net.LookupPort("tcp", port)
	return err == nil
}

func hasScheme(s string, allowed ...string) bool {
	scheme, _, _ := strings.Cut(s, ":")
	for _, a := range allowed {
		if scheme == a {
			return true
		}
	}
	return false
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.User == nil
}

// isExactOrigin reports whether a browser would write the origin in this way, so that
// comparing texts compares origins.
func isExactOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || s != u.Scheme+"://"+u.Host || s != strings.ToLower(s) || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return false
	}
	if strings.ContainsFunc(u.Hostname(), func(r rune) bool { return r > '~' || strings.ContainsRune("*_%", r) }) {
		return false
	}
	usual := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	return usual != "" && u.Port() != usual
}

// loopback reports whether only this machine can reach the address. A name
// other than localhost may mean anything, so it does not count.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func redisGuarded(s string) bool {
	a, err := redisurl.Parse(s)
	return err != nil || a.Guarded() // check has told of the error
}

func plainPostgres(s string) bool {
	u, err := url.Parse(s)
	return err == nil && strings.HasPrefix(u.Scheme, "postgres") &&
		u.Query().Get("sslmode") == "disable" && u.Hostname() != "" && !loopback(u.Hostname())
}

func plainMail(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Query().Get("tls") == "off" && !loopback(u.Hostname())
}

// within reports whether the file of one file:// URL lies in the other's
// directory.
func within(file, dir string) bool {
	f, isFile := strings.CutPrefix(file, "file://")
	d, isDir := strings.CutPrefix(dir, "file://")
	f, _, _ = strings.Cut(f, "?")
	d, _, _ = strings.Cut(d, "?")
	rel, err := filepath.Rel(d, f)
	return isFile && isDir && err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
