// Package rig runs a whole installation of the service on this machine, to measure
// it: a Redis and a PostgreSQL of its own, the real binaries, and where asked for a
// studio that costs a fixed time in the place of the real one. All of it listens on
// the loopback address alone, lies in one temporary directory and ends with the rig.
//
// It also reads what a measurement is made of: the processes' own figures, Redis'
// and PostgreSQL's counters, memory and CPU time from /proc, and what machine it all
// ran on. Only tools and their tests use it.
package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say what a rig has.
type Options struct {
	Checkout  string        // the checkout's root, where bin/ is
	RedisOnly bool          // and nothing else: no database, no settings
	Postgres  bool          // records and keys in PostgreSQL; SQLite otherwise
	Stub      time.Duration // a picture's cost in a stub studio; negative for the real studio
	Env       []string      // further settings of all processes, NAME=value
}

// Rig is an installation that runs.
type Rig struct {
	Dir      string // everything on disk lies in it
	HTTPAddr string // of the API
	RedisURL string
	Redis    *redis.Client
	Postgres *Postgres // nil on SQLite
	Env      []string  // the settings of all processes

	options  Options
	redis    *Process
	services []*Process
}

// Start starts the servers, migrates the databases and prepares the stub studio; no
// process of the service runs yet. What it started is stopped if it fails.
func Start(ctx context.Context, o Options) (r *Rig, err error) {
	dir, err := os.MkdirTemp("/tmp", "rig") // a short path: PostgreSQL's socket lies in it
	if err != nil {
		return nil, err
	}
	r = &Rig{Dir: dir, options: o}
	defer func() {
		if err != nil {
			r.Stop()
		}
	}()
	if err := os.Chmod(dir, 0o755); err != nil { // #nosec G302 -- PostgreSQL runs as another user, in a directory of its own
		return r, err
	}
	if r.HTTPAddr, err = freeAddr(); err != nil {
		return r, err
	}
	if err := r.startRedis(ctx); err != nil || o.RedisOnly {
		return r, err
	}
	return r, r.prepare(ctx)
}

// prepare has the databases, the stub studio and the settings ready.
func (r *Rig) prepare(ctx context.Context) (err error) {
	o, dir := r.options, r.Dir
	records, keys := "sqlite:"+filepath.Join(dir, "photos.db"), "sqlite:"+filepath.Join(dir, "keys.db")
	if o.Postgres {
		if r.Postgres, err = startPostgres(ctx, filepath.Join(dir, "pg")); err != nil {
			return err
		}
		records, keys = r.Postgres.URL("photos"), r.Postgres.URL("keys")
	}
	models := os.Getenv("MODELS_DIR")
	if o.Stub >= 0 {
		if models, err = r.prepareStub(ctx); err != nil {
			return err
		}
	}
	r.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LOG_LEVEL=warn", "HTTP_ADDR=" + r.HTTPAddr, "REDIS_URL=" + r.RedisURL,
		"DATABASE_URL=" + records, "KEYS_DATABASE_URL=" + keys, "BLOB_URL=file://" + r.Blobs(),
		"MASTER_KEY_URL=file://" + filepath.Join(dir, "master.key"), "SIGNING_KEY_URL=file://" + filepath.Join(dir, "signing.key"),
		"MODELS_DIR=" + models,
		// Each upload of a measurement names a client of its own (X-Forwarded-For).
		"TRUSTED_PROXIES=127.0.0.1/32",
	}, o.Env...)
	migrate := exec.CommandContext(ctx, filepath.Join(o.Checkout, "bin", "scheduler"), "migrate")
	migrate.Env = r.Env
	if said, err := migrate.CombinedOutput(); err != nil {
		return fmt.Errorf("migrate: %w: %s", err, said)
	}
	return nil
}

// Blobs is the directory of the encrypted pictures.
func (r *Rig) Blobs() string { return filepath.Join(r.Dir, "blobs") }

// prepareStub builds the stub studio beside a copy of the worker, which looks for
// its studio there, and returns the MODELS_DIR that tells its cost.
func (r *Rig) prepareStub(ctx context.Context) (models string, err error) {
	bin, models := filepath.Join(r.Dir, "bin"), filepath.Join(r.Dir, "models")
	if err := errors.Join(os.Mkdir(bin, 0o755), os.Mkdir(models, 0o755)); err != nil { // #nosec G301 -- nothing secret
		return "", err
	}
	worker, err := os.ReadFile(filepath.Join(r.options.Checkout, "bin", "worker"))
	if err != nil {
		return "", fmt.Errorf("the binaries are missing, run `make build`: %w", err)
	}
	if err := os.WriteFile(filepath.Join(bin, "worker"), worker, 0o755); err != nil { // #nosec G306 -- a program
		return "", err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(bin, "studio"), "./tools/stubstudio")
	build.Dir = r.options.Checkout
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the stub studio: %w: %s", err, said)
	}
	return models, os.WriteFile(filepath.Join(models, "cost"), []byte(r.options.Stub.String()), 0o644) // #nosec G306 -- nothing secret
}

// binary is the path of one of the service's programs. A worker with a stub studio
// is a copy.
func (r *Rig) binary(name string) string {
	if name == "worker" && r.options.Stub >= 0 {
		return filepath.Join(r.Dir, "bin", name)
	}
	return filepath.Join(r.options.Checkout, "bin", name)
}

// Run starts n processes of a program, all at once, and returns when all are ready.
func (r *Rig) Run(ctx context.Context, program string, n int, settings ...string) ([]*Process, error) {
	var started []*Process
	for i := range n {
		ops, err := freeAddr()
		if err != nil {
			return nil, err
		}
		p, err := startProcess(ctx, command{
			name: fmt.Sprintf("%s-%d", program, len(r.services)+i), path: r.binary(program), dir: r.Dir,
			env: append(append(r.Env[:len(r.Env):len(r.Env)], settings...), "OPS_ADDR="+ops),
		})
		if err != nil {
			return nil, err
		}
		p.Program, p.Ops = program, ops
		started = append(started, p)
	}
	r.services = append(r.services, started...)
	for _, p := range started {
		if err := p.await(ctx, func() bool { return answers(ctx, "http://"+p.Ops+"/readyz") }); err != nil {
			return nil, err
		}
	}
	return started, nil
}

// Launch starts one process of a tool, which has no figures to be read.
func (r *Rig) Launch(ctx context.Context, program, path string, args, settings []string) (*Process, error) {
	p, err := startProcess(ctx, command{
		name: fmt.Sprintf("%s-%d", program, len(r.services)), path: path, args: args, dir: r.Dir, env: settings,
	})
	if err == nil {
		p.Program = program
		r.services = append(r.services, p)
	}
	return p, err
}

// Services are the service's processes that were started and not ended.
func (r *Rig) Services() []*Process { return r.services }

// End stops processes as an operator would, all at once.
func (r *Rig) End(processes ...*Process) error {
	for _, p := range processes {
		p.signal()
	}
	var errs []error
	for _, p := range processes {
		errs = append(errs, p.wait())
	}
	kept := r.services[:0]
	for _, p := range r.services {
		if !p.ended() {
			kept = append(kept, p)
		}
	}
	r.services = kept
	return errors.Join(errs...)
}

// Stop ends everything and removes the directory.
func (r *Rig) Stop() {
	_ = r.End(r.services...) // how they end is End's to say
	if r.Redis != nil {
		_ = r.Redis.Close()
	}
	if r.redis != nil {
		r.redis.kill()
	}
	if r.Postgres != nil {
		r.Postgres.stop()
	}
	_ = os.RemoveAll(r.Dir)
}

// freeAddr is a loopback address with a port that nobody uses now.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// Of are those of one program.
func (r *Rig) Of(program string) (some []*Process) {
	for _, p := range r.services {
		if p.Program == program {
			some = append(some, p)
		}
	}
	return some
}
