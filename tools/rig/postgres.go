package rig

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Postgres is a server with its defaults, fsync included, that counts statements.
type Postgres struct {
	dir    string
	server *Process
}

// The settings that are not PostgreSQL's defaults. Each worker has two pools.
var postgresSettings = []string{
	"listen_addresses=", "max_connections=500", "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.max=1000",
}

func startPostgres(ctx context.Context, dir string) (*Postgres, error) {
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return nil, errors.New("PostgreSQL is missing: run `make test-deps`")
	}
	initdb, data := found[len(found)-1], filepath.Join(dir, "data")
	create := exec.CommandContext(ctx, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
	create.Dir, create.SysProcAttr = dir, &syscall.SysProcAttr{Credential: owner}
	if said, err := create.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, said)
	}
	args := []string{"-D", data, "-k", dir}
	for _, s := range postgresSettings {
		args = append(args, "-c", s)
	}
	p := &Postgres{dir: dir}
	if p.server, err = startProcess(ctx, command{
		name: "postgres", path: filepath.Join(filepath.Dir(initdb), "postgres"), dir: dir, args: args, user: owner,
	}); err != nil {
		return nil, err
	}
	err = p.server.await(ctx, func() bool { _, err := p.Ask(ctx, "postgres", "SELECT 1"); return err == nil })
	for _, statement := range []string{"CREATE DATABASE photos", "CREATE DATABASE keys", "CREATE EXTENSION pg_stat_statements"} {
		if err == nil {
			_, err = p.Ask(ctx, "postgres", statement)
		}
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// URL is where a database is.
func (p *Postgres) URL(database string) string {
	return "postgres://postgres@/" + database + "?host=" + url.QueryEscape(p.dir)
}

// Ask returns what a statement yields, columns separated by |.
func (p *Postgres) Ask(ctx context.Context, database, statement string) (string, error) {
	out, err := exec.CommandContext(ctx, "psql", "-XAtq", "-d", p.URL(database), "-c", statement).Output()
	if err != nil {
		return "", fmt.Errorf("ask PostgreSQL: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// PostgresUse is what PostgreSQL counted since its start; Connections are of now.
type PostgresUse struct {
	Statements, Commits float64
	Connections         float64
}

// Use asks.
func (p *Postgres) Use(ctx context.Context) (u PostgresUse, err error) {
	text, err := p.Ask(ctx, "postgres", `SELECT
		(SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE datname IN ('photos', 'keys')),
		(SELECT sum(xact_commit) FROM pg_stat_database WHERE datname IN ('photos', 'keys')),
		(SELECT count(*) FROM pg_stat_activity WHERE datname IN ('photos', 'keys'))`)
	if err != nil {
		return u, err
	}
	if _, err := fmt.Sscanf(strings.ReplaceAll(text, "|", " "), "%g %g %g", &u.Statements, &u.Commits, &u.Connections); err != nil {
		return u, fmt.Errorf("PostgreSQL's counters: %w", err)
	}
	return u, nil
}

// PID is the number of the server's first process.
func (p *Postgres) PID() int { return p.server.PID() }

func (p *Postgres) stop() {
	_ = p.server.cmd.Process.Signal(syscall.SIGINT) // its quick way to stop; SIGTERM waits for clients
	_ = p.server.wait()                             // nothing it holds is needed
}

// unprivileged is whom PostgreSQL, which refuses to run as root, runs as; nil when
// this process isn't root.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: run `make test-deps`: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}
