package config

import (
	"bytes"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

func TestWithNothingSetADeveloperCanStart(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(Worker, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Environment: Development, LogLevel: slog.LevelInfo,
		HTTPAddr: "127.0.0.1:8080", OpsAddr: "127.0.0.1:9102", MaxUploads: 64, MaxSheets: 2,
		MaxPreviews: 16, PreviewsPerClient: 60, PreviewsPerMinute: 300, FastLanePerClient: 10, BulkPerClient: 300, MaxWait: time.Minute, MaxWaitBulk: 10 * time.Minute, FormsPerClient: 10, FormsPerMinute: 60, PreviewConcurrency: 1,
		RedisURL:    "redis://127.0.0.1:6379/0",
		DatabaseURL: "sqlite:" + dir + "/.data/photos.db", KeysDatabaseURL: "sqlite:" + dir + "/.data/keys.db",
		StopGrace: 20 * time.Second, DatabasePool: 10, DatabaseConnLife: 15 * time.Minute,
		BlobURL: "file://" + dir + "/.data/blobs", MasterKeyURL: "file://" + dir + "/.data/master.key",
		SigningKeyURL: "file://" + dir + "/.data/signing.key",
		PictureLife:   48 * time.Hour, AccessLog: On, WebhookLoopback: Off, AccessLogDays: 21, StatisticsDays: 90, ContestYears: 3, RequestYears: 3, AuditYears: 3, ReceiptYears: 3, ComplaintDays: 30,
		ControllerTimeZone: "UTC",
		ModelsDir:          filepath.Join(dir, ".deps/models"), WorkerConcurrency: runtime.NumCPU(),
		StudioMemoryMB: 1500, StudioTimeout: 20 * time.Second,
		TraceSampler: "parentbased_always_on", TraceShare: 1,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

func TestAPortAloneOpensItOnAllInterfaces(t *testing.T) {
	for _, tt := range []struct{ name, port, addr, want string }{
		{"port alone", "5000", "", ":5000"},
		{"address wins", "5000", "127.0.0.1:1", "127.0.0.1:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Load(API, map[string]string{"PORT": tt.port, "HTTP_ADDR": tt.addr})
			if err != nil {
				t.Fatal(err)
			}
			if c.HTTPAddr != tt.want {
				t.Errorf("HTTP_ADDR is %q, want %q", c.HTTPAddr, tt.want)
			}
		})
	}
}

func TestAllProblemsAreSaidAtOnceByVariable(t *testing.T) {
	_, err := Load(API, map[string]string{
		"ENVIRONMENT": "staging", "LOG_LEVEL": "loud", "HTTP_ADDR": "8080", "OPS_ADDR": "nowhere",
		"REDIS_URL": "http://x", "DATABASE_URL": "mysql://x", "BLOB_URL": "sqlite:", "MASTER_KEY_URL": "base64key://", "OLD_MASTER_KEY_URLS": "file:///a nowhere", "SIGNING_KEY_URL": "base64key://",
		"PUBLIC_URL": "https://x.example/app", "CORS_ORIGINS": "https://a.example *", "PRIVACY_EMAIL": "Desk <desk@x.example>", "SHINE_THE_LIGHT_EMAIL": "desk", "CONTROLLER_COUNTRY": "Ireland", "CONTROLLER_TIME_ZONE": "Dublin", "ANALYTICS_SCRIPT_URL": "https://x.example;/a.js", "MAX_UPLOADS": "0", "COMPLAINT_DAYS": "31", "PICTURE_LIFE": "80h",
		"OPERATORS":          "desk-a:boss:secret",
		"WORKER_CONCURRENCY": "-1", "STUDIO_MEMORY_MB": "many", "STUDIO_TIMEOUT": "1ms", "MATTE_MODEL_SCALE": "unit",
		"SMTP_URL": "http://x", "MAIL_FROM": "Photos",
		"PREVIEW_CONCURRENCY": "-1", "MAX_PREVIEWS": "0", "PREVIEWS_PER_CLIENT": "0", "PREVIEWS_PER_MINUTE": "0", "FORMS_PER_CLIENT": "0", "FORMS_PER_MINUTE": "-1",
		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318", "OTEL_EXPORTER_OTLP_HEADERS": "key", "OTEL_TRACES_SAMPLER": "some", "OTEL_TRACES_SAMPLER_ARG": "1.5",
		"ACCESS_LOG": "maybe", "WEBHOOK_LOOPBACK": "yes", "ACCESS_LOG_DAYS": "22", "STATISTICS_DAYS": "91", "CONTEST_YEARS": "4", "SUBJECT_REQUEST_YEARS": "5", "AUDIT_YEARS": "0", "RECEIPT_YEARS": "-1",
	})
	if err == nil {
		t.Fatal("nothing is refused")
	}
	for _, name := range []string{
		"ENVIRONMENT", "LOG_LEVEL", "HTTP_ADDR", "OPS_ADDR", "REDIS_URL", "DATABASE_URL", "BLOB_URL", "MASTER_KEY_URL", "OLD_MASTER_KEY_URLS", "SIGNING_KEY_URL",
		"PUBLIC_URL", "CORS_ORIGINS", "SMTP_URL", "MAIL_FROM", "PRIVACY_EMAIL", "SHINE_THE_LIGHT_EMAIL", "CONTROLLER_COUNTRY", "CONTROLLER_TIME_ZONE", "ANALYTICS_SCRIPT_URL", "OPERATORS", "MAX_UPLOADS", "COMPLAINT_DAYS", "PICTURE_LIFE", "WORKER_CONCURRENCY", "STUDIO_MEMORY_MB", "STUDIO_TIMEOUT", "MATTE_MODEL_SCALE",
		"PREVIEW_CONCURRENCY", "MAX_PREVIEWS", "PREVIEWS_PER_CLIENT", "PREVIEWS_PER_MINUTE", "FORMS_PER_CLIENT", "FORMS_PER_MINUTE",
		"ACCESS_LOG", "WEBHOOK_LOOPBACK", "ACCESS_LOG_DAYS", "STATISTICS_DAYS", "CONTEST_YEARS", "SUBJECT_REQUEST_YEARS", "AUDIT_YEARS", "RECEIPT_YEARS",
		"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
	} {
		if !strings.Contains(err.Error(), "\n  "+name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
}

func TestOriginsAreTakenAsBrowsersWriteThemOrNotAtAll(t *testing.T) {
	for _, good := range []string{"https://a.example", "https://a.example:8443", "https://xn--bcher-kva.example", "https://a.example https://b.example", "http://127.0.0.1:3000", "http://localhost", "https://[2001:db8::1]:8443"} {
		c, err := Load(API, map[string]string{"CORS_ORIGINS": good})
		if err != nil || strings.Join(c.CORSOrigins, " ") != good {
			t.Errorf("%s: %v, %v", good, c.CORSOrigins, err)
		}
	}
	for _, bad := range []string{
		"*", "null", "https://*.a.example", "https://a.example/", "https://a.example/x", "https://a.example?x", "https://a.example#x", "https://user@a.example",
		"https://A.example", "HTTPS://a.example", "https://a.example:443", "http://localhost:80", "https://a.example:", "a.example", "//a.example", "ftp://a.example",
		"https://bücher.example", "https://", "https://a.example  https://b.example", "https://a.example,https://b.example", "https://a_b.example", "https://%61.example",
	} {
		if _, err := Load(API, map[string]string{"CORS_ORIGINS": bad}); err == nil || !strings.Contains(err.Error(), "CORS_ORIGINS") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAPeriodLongerThanPromisedIsRefusedInWords(t *testing.T) {
	for variable, tt := range map[string]struct{ value, says string }{
		"PICTURE_LIFE":    {"72h", "uploaded pictures may be kept for 71 hours at most, not 72 hours: the policy promises"},
		"RECEIPT_YEARS":   {"584942418", "receipts of erasures may be kept for 3 years at most"}, // whose nanoseconds overflow
		"ACCESS_LOG_DAYS": {"22", "lines of the access log may be kept for 21 days at most, not 22 days: the policy promises 1 month"},
		"STATISTICS_DAYS": {"3", "usage statistics without images must be kept for 4 days at least, not 72 hours"},
		"CONTEST_YEARS":   {"4", "contests of checks and their decisions may be kept for 3 years at most"},
	} {
		environ := map[string]string{variable: tt.value}
		if variable == "STATISTICS_DAYS" { // development may go below the floor
			if _, err := Load(Scheduler, environ); err != nil {
				t.Errorf("%s=%s is refused in development: %v", variable, tt.value, err)
			}
			environ["ENVIRONMENT"] = "production"
		}
		_, err := Load(Scheduler, environ)
		if err == nil || !strings.Contains(err.Error(), "\n  "+variable+": "+strings.SplitN(tt.says, " ", 2)[0]) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s=%s: Load says %v", variable, tt.value, err)
		}
	}
}

func TestEverySettingOfTheRetentionTableIsOneOfOurs(t *testing.T) {
	c := Config{}
	for _, class := range retention.Classes() {
		if _, known := c.kept()[class.Setting]; class.Setting != "" && !known {
			t.Errorf("%s names the setting %s, which there is not", class.Name, class.Setting)
		}
	}
}

func TestAMatteModelComesWithTheScaleOfItsNumbers(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(Worker, map[string]string{"MATTE_MODEL": "modnet.onnx", "MATTE_MODEL_SCALE": "modnet"})
	if err != nil || c.MatteModel != filepath.Join(dir, "modnet.onnx") {
		t.Errorf("MATTE_MODEL is %q: %v", c.MatteModel, err)
	}
	for _, scale := range []string{"", "modnets"} {
		_, err := Load(Worker, map[string]string{"MATTE_MODEL": "modnet.onnx", "MATTE_MODEL_SCALE": scale})
		if err == nil || !strings.Contains(err.Error(), "\n  MATTE_MODEL_SCALE") || !strings.Contains(err.Error(), "unit, modnet, u2net, isnet") {
			t.Errorf("scale %q: %v", scale, err)
		}
	}
}

func TestOldMasterKeysAreAListOfAbsolutePaths(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(Scheduler, map[string]string{"OLD_MASTER_KEY_URLS": "file://a.key awskms:///alias"})
	want := []string{"file://" + dir + "/a.key", "awskms:///alias"}
	if diff := cmp.Diff(want, c.OldMasterKeyURLs); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
}

func TestKeysAndRecordsMustLieApart(t *testing.T) {
	_, err := Load(API, map[string]string{"DATABASE_URL": "sqlite:one.db", "KEYS_DATABASE_URL": "sqlite:./one.db"})
	if err == nil || !strings.Contains(err.Error(), "KEYS_DATABASE_URL") {
		t.Errorf("Load says %v, want a problem with KEYS_DATABASE_URL", err)
	}
}

// anOperator is an entry as bin/api hash-password prints it.
const anOperator = "desk-a:officer:$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestProductionRefusesWhatIsUnsafe(t *testing.T) {
	safe := map[string]string{
		"ENVIRONMENT": "production", "PUBLIC_URL": "https://photos.example", "OPERATORS": anOperator,
		"MASTER_KEY_URL": "file:///etc/photos/master.key", "SIGNING_KEY_URL": "file:///etc/photos/signing.key", "BLOB_URL": "file:///srv/photos",
		"REDIS_URL":    "redis://:secret@redis.example:6379/0",
		"DATABASE_URL": "postgres://db.example/photos?sslmode=verify-full", "KEYS_DATABASE_URL": "sqlite:/srv/keys.db",
		"CONTROLLER_NAME": "Photos Ltd", "CONTROLLER_ADDRESS": "1 High Street, Dublin", "PRIVACY_EMAIL": "privacy@photos.example", "SHINE_THE_LIGHT_EMAIL": "privacy@photos.example",
	}
	if _, err := Load(API, safe); err != nil {
		t.Fatalf("safe settings are refused: %v", err)
	}
	for _, tt := range []struct{ name, variable, value string }{
		{"the default master key", "MASTER_KEY_URL", ""},
		{"a master key beside the pictures", "MASTER_KEY_URL", "file:///srv/photos/master.key"},
		{"an old master key beside the pictures", "OLD_MASTER_KEY_URLS", "file:///etc/old.key file:///srv/photos/old.key"},
		{"the default signing key", "SIGNING_KEY_URL", ""},
		{"a signing key beside the pictures", "SIGNING_KEY_URL", "file:///srv/photos/signing.key"},
		{"one key for two things", "SIGNING_KEY_URL", "file:///etc/photos/master.key"},
		{"no public address", "PUBLIC_URL", ""},
		{"nobody who could decide a contest", "OPERATORS", " "},
		{"a policy that names nobody", "CONTROLLER_NAME", " "},
		{"a policy without an address", "CONTROLLER_ADDRESS", ""},
		{"nowhere to write to about privacy", "PRIVACY_EMAIL", ""},
		{"nowhere to ask for Shine the Light", "SHINE_THE_LIGHT_EMAIL", ""},
		{"a script that anybody can replace on the way", "ANALYTICS_SCRIPT_URL", "http://stats.example/count.js"},
		{"webhooks to this machine", "WEBHOOK_LOOPBACK", "on"},
		{"pages of a site that anybody can replace on the way", "CORS_ORIGINS", "https://a.example http://b.example"},
		{"a public address without TLS", "PUBLIC_URL", "http://photos.example"},
		{"a remote Redis anyone can use", "REDIS_URL", "redis://redis.example:6379/0"},
		{"a Redis cluster anyone can use", "REDIS_URL", "redis-cluster://a:6379,b:6379"},
		{"Sentinels and a Redis anyone can use", "REDIS_URL", "redis-sentinel://127.0.0.1/0?master=photos&sentinel_password=secret"},
		{"records in clear over the network", "DATABASE_URL", "postgres://db.example/photos?sslmode=disable"},
		{"keys in clear over the network", "KEYS_DATABASE_URL", "postgres://db.example/keys?sslmode=disable"},
		{"metrics for everyone", "OPS_ADDR", ":9101"},
		{"traces in clear over the network", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318"},
		{"a picture's life under the promise", "PICTURE_LIFE", "47h"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			environ := map[string]string{}
			for k, v := range safe {
				environ[k] = v
			}
			environ[tt.variable] = tt.value
			_, err := Load(API, environ)
			if err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), "\n  "+tt.variable) {
				t.Errorf("Load says %v, want just a problem with %s", err, tt.variable)
			}
		})
	}
}

func TestAProductionsLettersAreSentAndNotInClear(t *testing.T) {
	for url, ok := range map[string]bool{
		"smtp://u:p@mail.example": true, "smtp://localhost:25": true, "smtp://localhost:25?tls=off": true,
		"": false, "smtp://mail.example?tls=off": false,
	} {
		environ := map[string]string{"ENVIRONMENT": "production", "MASTER_KEY_URL": "file:///etc/photos.key", "SIGNING_KEY_URL": "file:///etc/signing.key",
			"CONTROLLER_NAME": "Photos Ltd", "CONTROLLER_ADDRESS": "1 High Street, Dublin", "PRIVACY_EMAIL": "privacy@photos.example", "SHINE_THE_LIGHT_EMAIL": "privacy@photos.example",
			"PUBLIC_URL": "https://photos.example", "SMTP_URL": url, "MAIL_FROM": "Photos <photos@photos.example>"}
		if _, err := Load(Scheduler, environ); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "\n  SMTP_URL") {
			t.Errorf("%q: %v", url, err)
		}
		delete(environ, "PUBLIC_URL")
		if _, err := Load(Scheduler, environ); err == nil || !strings.Contains(err.Error(), "\n  PUBLIC_URL") {
			t.Errorf("letters that link to nothing: %v", err)
		}
	}
	if _, err := Load(Scheduler, map[string]string{"SMTP_URL": "smtp://localhost"}); err == nil || !strings.Contains(err.Error(), "\n  MAIL_FROM") {
		t.Errorf("nobody as a sender: %v", err)
	}
}

func TestProductionAcceptsWhatIsGuardedOtherwise(t *testing.T) {
	for _, tt := range []struct{ name, variable, value string }{
		{"Redis over TLS", "REDIS_URL", "rediss://redis.example:6379/0"},
		{"Redis on this machine", "REDIS_URL", "redis://localhost:6379/0"},
		{"Redis on a socket", "REDIS_URL", "unix:///run/redis.sock"},
		{"Redis behind Sentinels with a password", "REDIS_URL", "redis-sentinel://:secret@a,b,c/0?master=photos"},
		{"a Redis cluster with TLS", "REDIS_URL", "rediss-cluster://a,b,c"},
		{"exposed metrics that are guarded", "OPS_EXPOSED", "true"},
		{"traces over TLS", "OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4318"},
		{"a collector on this machine", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"},
		{"SQLite", "DATABASE_URL", "sqlite:/srv/photos.db"},
		{"PostgreSQL on this machine", "DATABASE_URL", "postgres://localhost/photos?sslmode=disable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			environ := map[string]string{
				"ENVIRONMENT": "production", "PUBLIC_URL": "https://photos.example", "OPERATORS": anOperator, "MASTER_KEY_URL": "file:///etc/photos.key", "SIGNING_KEY_URL": "file:///etc/signing.key",
				"CONTROLLER_NAME": "Photos Ltd", "CONTROLLER_ADDRESS": "1 High Street, Dublin", "PRIVACY_EMAIL": "privacy@photos.example", "SHINE_THE_LIGHT_EMAIL": "privacy@photos.example",
			}
			if tt.variable == "OPS_EXPOSED" {
				environ["OPS_ADDR"] = ":9101"
			}
			environ[tt.variable] = tt.value
			if _, err := Load(API, environ); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestASecretInAURLIsNotRepeatedInAnError(t *testing.T) {
	_, err := Load(API, map[string]string{"REDIS_URL": "reddis://:hunter2@x", "DATABASE_URL": "pg://u:hunter2@x", "OPERATORS": "desk-a:officer:hunter2", "SMTP_URL": "stmp://u:hunter2@x"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Load says %v", err)
	}
}

func TestHelpListsWhatTheProcessReads(t *testing.T) {
	for p, has := range map[Process]string{API: "HTTP_ADDR", Worker: "STUDIO_TIMEOUT"} {
		var b bytes.Buffer
		if err := Help(&b, p); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"HTTP_ADDR", "STUDIO_TIMEOUT"} {
			if got, want := strings.Contains(b.String(), name), name == has; got != want {
				t.Errorf("help of %s mentions %s: %v, want %v", p, name, got, want)
			}
		}
		if !strings.Contains(b.String(), "redis://127.0.0.1:6379/0") {
			t.Errorf("help of %s lacks a default", p)
		}
	}
}

func TestTheConfigurationPageIsCurrent(t *testing.T) {
	const page = "../../docs/configuration.md"
	var b bytes.Buffer
	if err := Page(&b); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Errorf("docs/configuration.md is stale (%v); renew it with: go test ./internal/config -update", err)
	}
}

func TestLimitsThatMakeNoSenseAreRefused(t *testing.T) {
	for name, value := range map[string]string{"FAST_LANE_PER_CLIENT": "-1", "BULK_PER_CLIENT": "-1", "MAX_WAIT": "-1s", "MAX_WAIT_BULK": "10ms"} {
		if _, err := Load(API, map[string]string{name: value}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
		if _, err := Load(API, map[string]string{name: "0"}); err != nil {
			t.Errorf("%s=0: %v", name, err)
		}
	}
}

func TestProxiesThatCanNotBeTrustedAreRefused(t *testing.T) {
	for list, ok := range map[string]bool{"": true, "private": true, "10.0.0.0/8 ::1": true, "fly": true, "0.0.0.0/0": false, "proxy.example": false} {
		_, err := Load(API, map[string]string{"TRUSTED_PROXIES": list})
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "TRUSTED_PROXIES") {
			t.Errorf("%q: %v", list, err)
		}
	}
}
