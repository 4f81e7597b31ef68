package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

func TestAnAPIThatStopsSaysSoBeforeItTakesNothingMore(t *testing.T) {
	in := testapp.Install(t)
	in.Env = append(in.Env, "STOP_WAIT=1s")
	in.Migrated(t)
	r := start(t, in)
	if code, body := testapp.Get(t, r.url+"/readyz"); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	r.Signal()
	testapp.Eventually(t, time.Second, "/readyz says so", func() bool {
		code, body := testapp.Get(t, r.url+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, `"stopping"`)
	})
	body, contentType := form(t)
	resp, err := http.Post(r.url+"/v1/photos", contentType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted || !resp.Close {
		t.Errorf("an upload meanwhile: %d, the connection is kept: %v", resp.StatusCode, !resp.Close)
	}
	r.Wait()
	if _, err := http.Get(r.url + "/healthz"); err == nil {
		t.Error("it has stopped, and answers")
	}
}
