package testservers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// The account of the S3 server, which anyone on this machine may know.
const (
	s3User   = "test-access-key"
	s3Secret = "test-secret-key" // #nosec G101 -- of a server that lives for one test
)

// gateway is the one S3 server of a test binary.
var gateway struct {
	sync.Mutex
	run     *server // nil before the first use; held, or it would stop
	port    int
	buckets int
}

// S3 returns the blob URL of a new, empty bucket on an S3 server, and sets the
// credentials in the environment for the rest of the test.
func S3(t testing.TB) string {
	t.Helper()
	gateway.Lock()
	defer gateway.Unlock()
	if gateway.run == nil {
		gateway.run, gateway.port = startS3(t)
	}
	gateway.buckets++
	bucket := fmt.Sprintf("bucket-%d", gateway.buckets)
	if err := os.Mkdir(filepath.Join(gateway.run.dir, "buckets", bucket), 0o700); err != nil {
		t.Fatalf("new bucket: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", s3User)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3Secret)
	query := url.Values{
		"endpoint":         {fmt.Sprintf("http://127.0.0.1:%d", gateway.port)},
		"region":           {"us-east-1"},
		"s3ForcePathStyle": {"true"},
	}
	return "s3://" + bucket + "?" + query.Encode()
}

// S3Files is the directory in which the S3 server keeps its buckets and what it notes
// of them. S3 must have been called.
func S3Files() string { return gateway.run.dir }

func startS3(t testing.TB) (run *server, port int) {
	t.Helper()
	places := []string{filepath.Join(root(t), ".deps/bin/versitygw")}
	if p := os.Getenv("S3_SERVER_BIN"); p != "" {
		places = []string{p}
	}
	program := binary(t, places...)
	dir, port := directory(t), freePort(t)
	for _, sub := range []string{"buckets", "attributes"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatalf("directory of the S3 server: %v", err)
		}
	}
	run, err := start(spec{
		dir: dir, signal: "KILL",
		args: []string{program, "--port", fmt.Sprintf("127.0.0.1:%d", port),
			"--access", s3User, "--secret", s3Secret, "--quiet",
			// Attributes in files: not every temporary directory has extended ones.
			"posix", "--sidecar", filepath.Join(dir, "attributes"), filepath.Join(dir, "buckets")},
		ready: func() error { return pingS3(t.Context(), port) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return run, port
}

func pingS3(ctx context.Context, port int) error {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", port), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// root is the directory of the checkout, where go.mod lies.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("checkout: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("checkout: no go.mod above the working directory")
		}
		dir = up
	}
}
