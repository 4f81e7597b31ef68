package check

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// root is the project's folder.
const root = "../.."

// stopTime is what a process with the settings must be given to stop: what it takes, and
// five seconds to close what it has open.
func stopTime(t *testing.T, environ map[string]string) time.Duration {
	t.Helper()
	all := with(secrets, environ)
	set := map[string]string{"ENVIRONMENT": "development", "STOP_GRACE": all["STOP_GRACE"], "STOP_WAIT": all["STOP_WAIT"]}
	c, err := config.Load(config.Worker, set)
	if err != nil {
		t.Fatal(err)
	}
	return c.StopGrace + 5*time.Second
}

// others are variables that are not of our configuration, and who reads them.
var others = map[string]string{
	"PATH": "the system", "PORT": "the API, where HTTP_ADDR is not set",
	"AWS_ACCESS_KEY_ID": "the bucket's client", "AWS_SECRET_ACCESS_KEY": "the bucket's client",
}

// secrets are what an operator would fill in where a file only names a secret.
var secrets = map[string]string{
	"DATABASE_URL": "postgres://u:p@db.example/photos?sslmode=verify-full", "KEYS_DATABASE_URL": "postgres://u:p@keys.example/keys?sslmode=verify-full",
	"REDIS_URL": "rediss://:p@redis.example:6380/0", "BLOB_URL": "s3://photos?region=eu-west-1",
	"MASTER_KEY_URL": "awskms:///1234?region=eu-west-1", "SIGNING_KEY_URL": "base64key://AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	"AWS_ACCESS_KEY_ID": "an ID", "AWS_SECRET_ACCESS_KEY": "a secret",
	"OPERATORS": "desk:officer:$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	"SMTP_URL":  "smtps://u:p@mail.example:465", "MAIL_FROM": "Photos <photos@photos.example>",
	"PUBLIC_URL": "https://photos.example", "CONTROLLER_NAME": "Photos Ltd", "CONTROLLER_ADDRESS": "1 High Street, Dublin",
	"PRIVACY_EMAIL": "privacy@photos.example", "SHINE_THE_LIGHT_EMAIL": "privacy@photos.example",
}

var helpLine = regexp.MustCompile(`(?m)^  ([A-Z_]+)$`)

// variables are the names that a process reads, as its help tells.
func variables(t *testing.T, p config.Process) (names []string) {
	t.Helper()
	var b bytes.Buffer
	if err := config.Help(&b, p); err != nil {
		t.Fatal(err)
	}
	for _, m := range helpLine.FindAllStringSubmatch(b.String(), -1) {
		names = append(names, m[1])
	}
	if len(names) < 10 {
		t.Fatalf("the help of %s lists only %v", p, names)
	}
	return names
}

// expectRead fails for a name that none of the processes reads.
func expectRead(t *testing.T, where string, names []string, by ...config.Process) {
	t.Helper()
	for _, name := range names {
		read := others[name] != ""
		for _, p := range by {
			read = read || slices.Contains(variables(t, p), name)
		}
		if !read {
			t.Errorf("%s sets %s, which %v does not read", where, name, by)
		}
	}
}

// expectStart fails if a process would refuse to start in production with these
// settings.
func expectStart(t *testing.T, where string, p config.Process, environ map[string]string) config.Config {
	t.Helper()
	c, err := config.Load(p, environ)
	if err != nil {
		t.Errorf("%s: %v", where, err)
	} else if c.Environment != config.Production {
		t.Errorf("%s runs as %s", where, c.Environment)
	}
	return c
}

// with are settings over which others are laid.
func with(all ...map[string]string) map[string]string {
	merged := map[string]string{}
	for _, m := range all {
		for k, v := range m {
			merged[k] = v
		}
	}
	return merged
}

func names(m map[string]string) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// processOf is the process that a command line starts: migrate is the scheduler's.
func processOf(args []string) config.Process { return config.Process(filepath.Base(args[0])) }

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// lines are a file's without blanks and comments.
func lines(t *testing.T, path string) (all []string) {
	t.Helper()
	s := bufio.NewScanner(strings.NewReader(read(t, path)))
	for s.Scan() {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

func TestTheExamplesSettingsAreReadAndEnough(t *testing.T) {
	example := map[string]string{}
	for _, line := range lines(t, "deploy/production.env.example") {
		name, value, _ := strings.Cut(line, "=")
		example[name] = strings.Trim(value, "'")
	}
	expectRead(t, "production.env.example", names(example), config.Processes()...)
	for _, p := range config.Processes() {
		keys := map[string]string{"MASTER_KEY_URL": "file:///keys/master.key", "SIGNING_KEY_URL": "file:///keys/signing.key"}
		filled := with(example, map[string]string{"OPERATORS": secrets["OPERATORS"]}, keys)
		expectStart(t, "production.env.example", p, filled)
		for _, name := range []string{"PUBLIC_URL", "CONTROLLER_NAME"} {
			if _, err := config.Load(p, with(filled, map[string]string{name: ""})); (err == nil) != (p == config.Worker) {
				t.Errorf("without %s the %s says %v", name, p, err)
			}
		}
	}
}
