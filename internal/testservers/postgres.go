package testservers

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is the one PostgreSQL server of a test binary: making one takes a
// second, a database in it some 50 ms.
var cluster struct {
	sync.Mutex
	run       *server // nil before the first use; held, or it would stop
	databases atomic.Int64
}

// Postgres returns the URL of a new, empty database on a PostgreSQL server.
func Postgres(t testing.TB) string {
	t.Helper()
	cluster.Lock()
	if cluster.run == nil {
		cluster.run = startPostgres(t)
	}
	cluster.Unlock()
	name := fmt.Sprintf("test_%d", cluster.databases.Add(1))
	if err := administer("CREATE DATABASE " + name); err != nil {
		t.Fatalf("new database: %v", err)
	}
	return databaseURL(cluster.run.dir, name)
}

// DropPostgres takes away a database that Postgres made, with everyone's
// connections to it: to its users the server has gone.
func DropPostgres(t testing.TB, databaseURL string) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatalf("drop database: %v", err)
	}
	if err := administer("DROP DATABASE " + u.Path[1:] + " WITH (FORCE)"); err != nil {
		t.Fatalf("drop database: %v", err)
	}
}

// PostgresFiles is the directory in which the PostgreSQL server keeps its data and its
// log. Postgres must have been called.
func PostgresFiles() string { return cluster.run.dir }

func databaseURL(dir, name string) string {
	return "postgres://postgres@/" + name + "?host=" + url.QueryEscape(dir)
}

func administer(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, databaseURL(cluster.run.dir, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, statement)
	return err
}

func startPostgres(t testing.TB) *server {
	t.Helper()
	initdb := binary(t, "/usr/lib/postgresql/*/bin/initdb")
	program := binary(t, filepath.Join(filepath.Dir(initdb), "postgres"))
	dir, owner := directory(t), unprivileged(t)
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatalf("hand over the database's directory: %v", err)
		}
	}
	data := filepath.Join(dir, "data")
	create := exec.CommandContext(t.Context(), initdb, // #nosec G204 -- the program that was found
		"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	create.Dir = dir
	create.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	run, err := start(spec{
		dir: dir, signal: "INT", user: owner,
		// A socket only: no port that another test could take meanwhile.
		args: []string{program, "-D", data, "-k", dir, "-c", "listen_addresses=",
			"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
			"-c", "max_connections=200", "-c", "shared_buffers=16MB"},
		ready: func() error { return pingPostgres(dir) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func pingPostgres(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, databaseURL(dir, "postgres"))
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

// unprivileged returns whom PostgreSQL, which refuses to run as root, shall run
// as; nil when this process isn't root.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("PostgreSQL does not run as root, and there is no user postgres or nobody: run `make deps`")
	return nil
}
