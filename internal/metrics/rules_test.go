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
			histogram := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			if !strings.Contains(string(names), `"`+name+`"`) && !strings.Contains(string(names), `"`+histogram+`"`) {
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

const playbooks = "../../deploy/playbooks"

func TestEachAlertHasAPlaybookAndEachPlaybookAnAlert(t *testing.T) {
	files, err := filepath.Glob(rules + "/*.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	alerts := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range strings.Split(string(text), "- alert: ")[1:] {
			name, rest, _ := strings.Cut(one, "\n")
			alerts[name] = true
			if !strings.Contains(rest, "runbook_url: deploy/playbooks/"+name+".md\n") {
				t.Errorf("%s does not lead to its playbook", name)
			}
			book, err := os.ReadFile(filepath.Join(playbooks, name+".md"))
			if err != nil {
				t.Errorf("%s has no playbook: %v", name, err)
				continue
			}
			if !regexp.MustCompile(`(?s)^# ` + name + `\n\n## What it means\n\n\w.+\n\n## How to look\n\n- .+\n\n## What to do\n\n- `).Match(book) {
				t.Errorf("the playbook of %s does not say what it means, how to look and what to do", name)
			}
		}
	}
	books, err := filepath.Glob(playbooks + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range books {
		if name := strings.TrimSuffix(filepath.Base(b), ".md"); !alerts[name] {
			t.Errorf("there is a playbook of %s, and no such alert", name)
		}
	}
}

func TestPlaybooksAskForFiguresThatThereAre(t *testing.T) {
	names, err := os.ReadFile("names.go")
	if err != nil {
		t.Fatal(err)
	}
	books, err := filepath.Glob(playbooks + "/*.md")
	if err != nil || len(books) == 0 {
		t.Fatalf("no playbooks: %v", err)
	}
	for _, b := range books {
		text, err := os.ReadFile(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`passportphoto_[a-z_]+`).FindAllString(string(text), -1) {
			if !strings.Contains(string(names), `"`+name+`"`) {
				t.Errorf("%s asks for %s, which there is not", filepath.Base(b), name)
			}
		}
	}
}
