package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

func TestTheAPIStartsBeforeTheDatabasesAreMigratedAndSaysThatItIsNotReady(t *testing.T) {
	in := testapp.Install(t)
	api := start(t, in)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/openapi.json": 200, "/": 200} {
		if got := api.send(http.MethodGet, path, "", nil).code; got != want {
			t.Errorf("%s before the migration: %d, want %d", path, got, want)
		}
	}
	if got := string(api.send(http.MethodGet, "/readyz", "", nil).body); !strings.Contains(got, `"failing":["keys","records","stores"]`) {
		t.Errorf("what is missing is not named: %s", got)
	}
	if a := api.upload(); a.code != http.StatusServiceUnavailable || a.Detail == "" {
		t.Errorf("an upload before the migration: %d %s", a.code, a.body)
	}

	in.Migrated(t)
	if a := api.send(http.MethodGet, "/readyz", "", nil); a.code != http.StatusOK {
		t.Errorf("after the migration: %d %s", a.code, a.body)
	}
	if a := api.upload(); a.code != http.StatusAccepted {
		t.Errorf("an upload after the migration: %d %s", a.code, a.body)
	}
}

func TestFromTheInstantOfItsExpiryAPhotosKeyGets410(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	api := start(t, in)
	up := api.upload()
	if up.code != http.StatusAccepted {
		t.Fatalf("upload: %d %s", up.code, up.body)
	}
	if want := midnight.Add(48 * time.Hour); !up.Expiry.Equal(want) {
		t.Errorf("the photo expires at %s, want %s", up.Expiry, want)
	}
	for _, tt := range []struct {
		when  string
		later time.Duration
		key   string
		code  int
	}{
		{"just before its time is over", 48*time.Hour - time.Millisecond, up.Key, http.StatusOK},
		{"when its time is over", time.Millisecond, up.Key, http.StatusGone},
		{"then without the key", 0, "another", http.StatusNotFound},
	} {
		api.clock.Forward(tt.later)
		for _, path := range []string{"", "/result", "/report", "/events"} {
			if tt.code == http.StatusOK && path != "" {
				continue // there is no result yet, and the events do not end
			}
			if a := api.send(http.MethodGet, "/v1/photos/"+up.ID+path, tt.key, nil); a.code != tt.code {
				t.Errorf("%s %s: %d, want %d", path, tt.when, a.code, tt.code)
			}
		}
	}
}

func TestTheAPIStopsInTimeThoughSomeoneWatchesAPhoto(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	api := start(t, in)
	up := api.upload()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, api.url+"/v1/photos/"+up.ID+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+up.Key)
	resp, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewReader(resp.Body)
	for line := ""; line != "event: status\n"; { // watches by now
		if line, err = events.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	api.Signal()
	if _, err := io.ReadAll(events); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	api.Wait()
}

func TestAnUploadUnderWayIsTakenInBeforeTheAPIStops(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	api := start(t, in)
	body, contentType := form(t)
	r, w := io.Pipe()
	got := make(chan answer, 1)
	go func() { got <- api.send(http.MethodPost, "/v1/photos", "", r, "Content-Type", contentType) }()
	half := len(body) / 2
	if _, err := w.Write(body[:half]); err != nil {
		t.Fatal(err)
	}
	counts := func() map[photo.Status]int {
		c, err := store.Photos.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	testapp.Eventually(t, 10*time.Second, "the upload is being received", func() bool { return counts()[photo.Receiving] == 1 })
	api.Signal()
	testapp.Eventually(t, 10*time.Second, "nobody else is let in", func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(api.url, "http://"))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	if _, err := w.Write(body[half:]); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	if a := <-got; a.code != http.StatusAccepted {
		t.Errorf("the upload: %d %s", a.code, a.body)
	}
	api.Wait()
	if n := counts()[photo.Queued]; n != 1 {
		t.Errorf("%d photos wait", n)
	}
}

func TestATakenAddressIsNamedAtTheStartAndTheOtherIsFreeAgain(t *testing.T) {
	names := []string{"HTTP_ADDR", "OPS_ADDR"}
	for i, taken := range names {
		t.Run(taken, func(t *testing.T) {
			other := names[1-i]
			held, free := listen(t, "127.0.0.1:0"), listen(t, "127.0.0.1:0")
			defer held.Close()
			free.Close()
			in := testapp.Install(t)
			in.Env = append(in.Env, taken+"="+held.Addr().String(), other+"="+free.Addr().String())
			_, err := New(t.Context(), in.Config(t, process), surroundings(t, testapp.NewClock(midnight)))
			if !errors.Is(err, syscall.EADDRINUSE) || !strings.HasPrefix(err.Error(), taken+": ") {
				t.Errorf("the error is: %v", err)
			}
			listen(t, free.Addr().String()).Close()
		})
	}
}

func listen(t *testing.T, addr string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAStoppedAPIHasStoredTheLinesOfItsLastRequests(t *testing.T) {
	in := testapp.Install(t)
	store := in.Migrated(t)
	api := start(t, in)
	const requests = 300
	for range requests {
		api.send(http.MethodGet, "/v1/documents?limit=1", "", nil)
	}
	api.Stop()
	lines, err := store.AccessLog.Page(t.Context(), accesslog.Filter{To: midnight.AddDate(0, 0, 1)}, accesslog.Entry{}, 2*requests)
	if err != nil || len(lines) != requests {
		t.Errorf("%d lines of %d requests, %v", len(lines), requests, err)
	}
}

func TestAnAccessLogThatIsOffHasNoLines(t *testing.T) {
	in := testapp.Install(t)
	in.Env = append(in.Env, "ACCESS_LOG=off")
	store := in.Migrated(t)
	api := start(t, in)
	api.upload()
	api.Stop()
	if _, any, err := store.AccessLog.Oldest(t.Context()); any || err != nil {
		t.Errorf("there are lines: %t, %v", any, err)
	}
}
