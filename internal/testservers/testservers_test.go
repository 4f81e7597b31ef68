package testservers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob"
)

func TestAStoppedRedisComesBackEmptyAtItsAddress(t *testing.T) {
	server := StartRedis(t)
	c, ctx := RedisClient(t, server.URL), t.Context()
	if err := c.Set(ctx, "word", "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if err := c.Ping(ctx).Err(); err == nil {
		t.Error("a stopped server answers")
	}
	server.Start(t)
	if n, err := c.DBSize(ctx).Result(); err != nil || n != 0 {
		t.Errorf("after the restart: %d keys, error %v", n, err)
	}
}

func TestEveryPostgresDatabaseIsItsOwn(t *testing.T) {
	first, second := Postgres(t), Postgres(t)
	for _, u := range []string{first, second} {
		c, err := pgx.Connect(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(t.Context(), "CREATE TABLE mine (n INT)"); err != nil {
			t.Error(err)
		}
		_ = c.Close(t.Context())
	}
	DropPostgres(t, first)
	if _, err := pgx.Connect(t.Context(), first); err == nil {
		t.Error("a dropped database answers")
	}
}

func TestEveryBucketIsItsOwn(t *testing.T) {
	for range 2 {
		b, err := blob.OpenBucket(t.Context(), S3(t))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close() }()
		if _, err := b.List(nil).Next(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("a new bucket is not empty: %v", err)
		}
		if err := b.WriteAll(t.Context(), "a/b", []byte("c"), nil); err != nil {
			t.Error(err)
		}
	}
}

// childOf names the environment variable that makes this binary start a Redis,
// say where it is, and wait to be killed.
const childOf = "TESTSERVERS_WAIT_TO_BE_KILLED"

func TestServersDieWithAKilledTestProcess(t *testing.T) {
	if os.Getenv(childOf) != "" {
		fmt.Println(StartRedis(t).URL)
		select {}
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), childOf+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(line[:len(line)-1])
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for dials(u.Host) {
		if ctx.Err() != nil {
			t.Fatal("the server outlived the process that started it")
		}
	}
}

func dials(address string) bool {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
