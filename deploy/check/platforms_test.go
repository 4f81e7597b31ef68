package check

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// fly are the fields of fly.toml that we use, as Fly documents them.
type fly struct {
	App           string            `toml:"app"`
	PrimaryRegion string            `toml:"primary_region"`
	KillSignal    string            `toml:"kill_signal"`
	KillTimeout   string            `toml:"kill_timeout"`
	Build         map[string]string `toml:"build"`
	Deploy        struct {
		ReleaseCommand string `toml:"release_command"`
		Strategy       string `toml:"strategy"`
	} `toml:"deploy"`
	Processes map[string]string `toml:"processes"`
	Env       map[string]string `toml:"env"`
	Metrics   struct {
		Port int    `toml:"port"`
		Path string `toml:"path"`
	} `toml:"metrics"`
	Service struct {
		Processes    []string `toml:"processes"`
		InternalPort int      `toml:"internal_port"`
		ForceHTTPS   bool     `toml:"force_https"`
		AutoStop     string   `toml:"auto_stop_machines"`
		AutoStart    bool     `toml:"auto_start_machines"`
		MinRunning   int      `toml:"min_machines_running"`
		Concurrency  struct {
			Type string `toml:"type"`
			Soft int    `toml:"soft_limit"`
			Hard int    `toml:"hard_limit"`
		} `toml:"concurrency"`
		Checks []flyCheck `toml:"checks"`
	} `toml:"http_service"`
	Checks map[string]flyCheck `toml:"checks"`
	VM     []struct {
		Processes []string `toml:"processes"`
		Size      string   `toml:"size"`
		Memory    string   `toml:"memory"`
	} `toml:"vm"`
}

type flyCheck struct {
	Processes   []string `toml:"processes"`
	Type        string   `toml:"type"`
	Port        int      `toml:"port"`
	Method      string   `toml:"method"`
	Path        string   `toml:"path"`
	Interval    string   `toml:"interval"`
	Timeout     string   `toml:"timeout"`
	GracePeriod string   `toml:"grace_period"`
}

func TestFlyRunsAllProcesses(t *testing.T) {
	var f fly
	if err := toml.NewDecoder(strings.NewReader(read(t, "fly.toml"))).DisallowUnknownFields().Decode(&f); err != nil {
		t.Fatal(err)
	}
	expectRead(t, "fly.toml", names(f.Env), config.Processes()...)
	kept := with(secrets)
	for _, open := range names(f.Env) { // what the file itself says is no secret
		delete(kept, open)
	}
	for name, command := range f.Processes {
		process := processOf(strings.Fields(command))
		set := expectStart(t, "fly.toml: "+name, process, with(imageSettings(t), kept, f.Env))
		if name == "worker" && f.Env["WORKER_CONCURRENCY"] == "" || set.OpsAddr != ":9100" || f.Metrics.Port != 9100 {
			t.Errorf("%s is seen at %s, asked at %d", name, set.OpsAddr, f.Metrics.Port)
		}
		if !slices.ContainsFunc(f.VM, func(vm struct {
			Processes []string `toml:"processes"`
			Size      string   `toml:"size"`
			Memory    string   `toml:"memory"`
		}) bool {
			return slices.Contains(vm.Processes, name)
		}) {
			t.Errorf("%s has no machine", name)
		}
		if check, there := f.Checks[name]; name != "api" && (!there || check.Port != 9100 || !slices.Equal(check.Processes, []string{name})) {
			t.Errorf("%s is not checked: %+v", name, check)
		}
	}
	if len(f.Processes) != 3 || f.Deploy.ReleaseCommand != "scheduler migrate" || f.Build["dockerfile"] != "Dockerfile" {
		t.Errorf("%v, %q, %v", f.Processes, f.Deploy.ReleaseCommand, f.Build)
	}
	if kill, err := time.ParseDuration(f.KillTimeout); err != nil || kill < stopTime(t, f.Env) || kill > 5*time.Minute || f.KillSignal != "SIGTERM" {
		t.Errorf("stopped by %s within %s: %v", f.KillSignal, f.KillTimeout, err)
	}
	if port := imageSettings(t)["PORT"]; port != "8080" || f.Service.InternalPort != 8080 || !slices.Equal(f.Service.Processes, []string{"api"}) {
		t.Errorf("the API at %s is looked for at %d", port, f.Service.InternalPort)
	}
}

func TestHerokuRunsAllProcesses(t *testing.T) {
	var app struct {
		Name, Description, Stack string
		Addons                   []struct{ Plan, As string }
		Formation                map[string]struct {
			Quantity int
			Size     string
		}
		Env map[string]struct{ Value, Description string }
	}
	d := json.NewDecoder(strings.NewReader(read(t, "app.json")))
	d.DisallowUnknownFields()
	if err := d.Decode(&app); err != nil {
		t.Fatal(err)
	}
	type phase struct {
		Image   string
		Command []string
	}
	var manifest struct {
		Build   struct{ Docker map[string]string }
		Release phase
		Run     map[string]yaml.Node
	}
	y := yaml.NewDecoder(strings.NewReader(read(t, "heroku.yml")))
	y.KnownFields(true)
	if err := y.Decode(&manifest); err != nil {
		t.Fatal(err)
	}
	environ := map[string]string{}
	for name, e := range app.Env {
		if e.Description == "" {
			t.Errorf("app.json does not say what %s is", name)
		}
		if environ[name] = e.Value; e.Value == "" {
			environ[name] = secrets[name]
		}
	}
	expectRead(t, "app.json", names(environ), config.Processes()...)
	for _, a := range app.Addons {
		environ[a.As+"_URL"] = "postgres://u:p@heroku.example/db"
	}
	for name, dyno := range manifest.Run {
		command := dyno.Value
		if dyno.Kind != yaml.ScalarNode {
			var p phase
			if err := dyno.Decode(&p); err != nil || p.Image != "web" || len(p.Command) != 1 {
				t.Fatalf("%s: %+v, %v", name, p, err)
			}
			command = p.Command[0]
		}
		process := processOf(strings.Fields(command))
		set := expectStart(t, "Heroku: "+name, process, with(imageSettings(t), environ, map[string]string{"PORT": "34567"}))
		if process == config.API && (name != "web" || set.HTTPAddr != ":34567") {
			t.Errorf("%s serves %s, not Heroku's port", name, set.HTTPAddr)
		}
		if app.Formation[name].Quantity < 1 {
			t.Errorf("app.json starts no %s", name)
		}
	}
	if len(manifest.Run) != 3 || manifest.Build.Docker["web"] != "Dockerfile" || app.Stack != "container" || manifest.Release.Command[0] != "scheduler migrate" {
		t.Errorf("heroku.yml: %+v", manifest)
	}
	if stopTime(t, environ) > 30*time.Second {
		t.Error("Heroku kills after 30 seconds")
	}
}

func TestTheProcfileHasAllProcessesAndTheReleasePhase(t *testing.T) {
	want := []string{"web: bin/api", "worker: bin/worker", "scheduler: bin/scheduler", "release: bin/scheduler migrate"}
	if got := lines(t, "Procfile"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	// The runner ends all when one ends, so it must not run the release phase.
	if !strings.Contains(read(t, "build/run"), "honcho start --no-prefix web worker scheduler") {
		t.Error("make run does not name what it starts")
	}
}
