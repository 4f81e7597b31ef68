package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

const analyser = "systemd-analyze" //nolint:misspell // its name

// unitSettings are the assignments of a unit, in their order.
func unitSettings(t *testing.T, unit string) map[string][]string {
	t.Helper()
	set := map[string][]string{}
	for _, line := range lines(t, "deploy/systemd/"+unit) {
		if name, value, ok := strings.Cut(line, "="); ok {
			set[name] = append(set[name], value)
		}
	}
	return set
}

var program = regexp.MustCompile(`(?m)^ExecStart=/opt/passportphotogenie/\S+`)

func TestSystemdTakesTheUnits(t *testing.T) {
	dir := t.TempDir()
	files, err := filepath.Glob("../systemd/passportphotogenie*")
	if err != nil || len(files) < 7 {
		t.Fatalf("%v: %v", files, err)
	}
	var units []string
	for _, f := range files {
		unit := filepath.Join(dir, filepath.Base(f))
		// It looks whether the programs are there, which they need not be here.
		text := program.ReplaceAllString(readFile(t, f), "ExecStart=/bin/true")
		if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		units = append(units, unit)
	}
	out, err := exec.Command(analyser, append([]string{"verify", "--man=no"}, units...)...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, dir) || strings.Contains(line, "passportphotogenie") {
			t.Errorf("systemd: %s", line)
		}
	}
	if err != nil {
		t.Errorf("verifying: %v\n%s", err, out)
	}
	for _, unit := range units {
		if filepath.Ext(unit) != ".service" {
			continue
		}
		// Of 100, of which a service without any settings has 96.
		c := exec.Command(analyser, "security", "--offline=true", "--no-pager", "--threshold=25", unit)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s is too exposed: %s", filepath.Base(unit), out)
		}
	}
}

func TestSystemdsProcessesStartAndStop(t *testing.T) {
	file := map[string]string{}
	for _, line := range lines(t, "deploy/production.env.example") {
		name, value, _ := strings.Cut(line, "=")
		file[name] = strings.Trim(value, "'")
	}
	file["OPERATORS"] = secrets["OPERATORS"]
	for unit, process := range map[string]config.Process{"api": config.API, "worker": config.Worker, "scheduler": config.Scheduler, "migrate": config.Scheduler} {
		set := unitSettings(t, "passportphotogenie-"+unit+".service")
		environ := map[string]string{}
		for _, pair := range set["Environment"] {
			name, value, _ := strings.Cut(pair, "=")
			environ[name] = value
		}
		expectRead(t, unit, names(environ), process)
		expectStart(t, unit, process, with(environ, file))
		if command := strings.Fields(set["ExecStart"][0]); filepath.Base(command[0]) != string(process) || (unit == "migrate") != (len(command) == 2 && command[1] == "migrate") {
			t.Errorf("%s runs %v", unit, command)
		}
		if unit != "migrate" {
			if stop, err := time.ParseDuration(set["TimeoutStopSec"][0] + "s"); err != nil || stop < stopTime(t, with(environ, file)) {
				t.Errorf("%s has %v to stop", unit, stop)
			}
			if set["Requires"][0] != "passportphotogenie-migrate.service" {
				t.Errorf("%s does not wait for migrate", unit)
			}
		}
		for name, want := range map[string]string{"NoNewPrivileges": "yes", "ProtectSystem": "strict", "User": "photos", "CapabilityBoundingSet": "", "PrivateDevices": "yes"} {
			if !slices.Equal(set[name], []string{want}) {
				t.Errorf("%s: %s=%q", unit, name, set[name])
			}
		}
	}
}

// The studio confines itself by a call that no group of systemd's but all calls has;
// in production a worker without it does not start.
func TestTheWorkersUnitLetsTheStudioConfineItself(t *testing.T) {
	filters := unitSettings(t, "passportphotogenie-worker.service")["SystemCallFilter"]
	allowed := map[string]bool{}
	for _, f := range filters {
		rest, deny := strings.CutPrefix(f, "~")
		for _, word := range strings.Fields(rest) {
			for _, call := range callsOf(t, word) {
				allowed[call] = !deny
			}
		}
	}
	for _, call := range []string{"seccomp", "prctl", "setrlimit", "prlimit64", "setsid", "execve", "clone", "mprotect", "openat", "socket"} {
		if !allowed[call] {
			t.Errorf("the worker's unit forbids %s", call)
		}
	}
	for _, call := range []string{"ptrace", "mount", "reboot", "bpf"} {
		if allowed[call] {
			t.Errorf("the worker's unit allows %s", call)
		}
	}
}

// callsOf are the system calls of a group, groups in it included.
func callsOf(t *testing.T, word string) (calls []string) {
	t.Helper()
	if !strings.HasPrefix(word, "@") {
		return []string{word}
	}
	out, err := exec.Command(analyser, "syscall-filter", "--no-pager", word).Output()
	if err != nil {
		t.Fatalf("%s: %v", word, err)
	}
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if line != "" && line != word && !strings.HasPrefix(line, "#") {
			calls = append(calls, callsOf(t, line)...)
		}
	}
	return calls
}
