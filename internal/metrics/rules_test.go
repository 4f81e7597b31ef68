package metrics

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const rules = "../../deploy/prometheus"

// promtool comes with Prometheus; `make test` installs it.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "promtool", args...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("promtool %v: %v\n%s", args, err, out)
	}
}

func TestAlertsFireAndStaySilentAsTheyShould(t *testing.T) {
	files, err := filepath.Glob(rules + "/*.rules.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	for _, f := range files {
		promtool(t, "check", "rules", "--lint-fatal", f)
		promtool(t, "test", "rules", strings.TrimSuffix(f, ".rules.yml")+".test.yml")
	}
}

func TestAlertsAskForFiguresThatThereAre(t *testing.T) {
	names, err := os.ReadFile("names.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(rules + "/*.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`passportphoto_[a-z_]+`).FindAllString(string(text), -1) {
			if !strings.Contains(string(names), `"`+name+`"`) {
				t.Errorf("%s asks for %s, which there is not", filepath.Base(f), name)
			}
		}
		for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(text), -1) {
			tests, err := os.ReadFile(strings.TrimSuffix(f, ".rules.yml") + ".test.yml")
			if err != nil || !regexp.MustCompile(`alertname: `+alert[1]+`\n\s+exp_alerts`).Match(tests) {
				t.Errorf("no test shows that %s fires: %v", alert[1], err)
			}
		}
	}
}
