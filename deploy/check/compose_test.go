package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// composed reads compose files as Docker does, in a copy of deploy/ with the example's
// settings.
func composed(t *testing.T, files ...string) *types.Project {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "deploy")
	if err := os.CopyFS(dir, os.DirFS("..")); err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = filepath.Join(dir, f)
	}
	settings := strings.ReplaceAll(readFile(t, filepath.Join(dir, "production.env.example")), "'desk:officer:$argon2id$...'", "'"+secrets["OPERATORS"]+"'")
	if err := os.WriteFile(filepath.Join(dir, "production.env"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := cli.NewProjectOptions(files, cli.WithWorkingDirectory(dir), cli.WithProfiles([]string{"*"}), cli.WithEnv([]string{
		"SITE=photos.example", "DATABASE_PASSWORD=database1", "REDIS_PASSWORD=redis1",
		"BLOB_URL=" + secrets["BLOB_URL"], "AWS_ACCESS_KEY_ID=an ID", "AWS_SECRET_ACCESS_KEY=a secret",
	}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func settingsOf(s types.ServiceConfig) map[string]string {
	set := map[string]string{}
	for name, value := range s.Environment {
		if value != nil {
			set[name] = *value
		}
	}
	return set
}

func TestComposesProcessesStartAndStop(t *testing.T) {
	for _, files := range [][]string{{"compose.yaml"}, {"compose.yaml", "compose.s3.yaml"}} {
		p := composed(t, files...)
		for name, process := range map[string]config.Process{"api": config.API, "worker": config.Worker, "scheduler": config.Scheduler, "migrate": config.Scheduler} {
			s := p.Services[name]
			set := settingsOf(s)
			expectRead(t, name, names(set), config.Processes()...)
			c := expectStart(t, name, process, with(imageSettings(t), set))
			if processOf(s.Command) != process {
				t.Errorf("%s runs %v", name, s.Command)
			}
			if bucket := strings.HasPrefix(c.BlobURL, "s3:"); bucket != (len(files) == 2) {
				t.Errorf("%s has its pictures at %s", name, c.BlobURL)
			}
			if s.StopGracePeriod == nil || time.Duration(*s.StopGracePeriod) < stopTime(t, set) {
				t.Errorf("%s has too little time to stop: %v", name, s.StopGracePeriod)
			}
			if name != "migrate" && s.DependsOn["migrate"].Condition != types.ServiceConditionCompletedSuccessfully {
				t.Errorf("%s does not wait for migrate", name)
			}
		}
	}
}

func TestComposesContainersHaveNoRights(t *testing.T) {
	p := composed(t, "compose.yaml")
	for name, s := range p.Services {
		if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may get new privileges", name)
		}
		if s.Privileged || s.NetworkMode == "host" || s.Pid == "host" {
			t.Errorf("%s is not confined", name)
		}
		if name == "database" { // becomes the user postgres by itself
			continue
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("%s has a writable image or capabilities", name)
		}
	}
	for name, s := range p.Services {
		if len(s.Ports) > 0 && name != "caddy" {
			t.Errorf("%s is open to the world", name)
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind {
				if _, err := os.Stat(v.Source); err != nil || !v.ReadOnly {
					t.Errorf("%s mounts %s, writable or missing: %v", name, v.Source, err)
				}
			}
		}
	}
	// A picture or a key can't leave from where pictures are parsed.
	for name := range p.Services["worker"].Networks {
		if !p.Networks[name].Internal {
			t.Errorf("the worker reaches the world by the network %s", name)
		}
	}
	for _, v := range p.Services["backup"].Volumes {
		if v.Source == "pictures" || v.Source == "keys" {
			t.Errorf("the backup sees the volume %s", v.Source)
		}
	}
}
