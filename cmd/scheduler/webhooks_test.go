package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// inbox is a client's server on this machine.
type inbox struct {
	mu   sync.Mutex
	got  []string
	base string
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	b := &inbox{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.got = append(b.got, string(body))
	}))
	t.Cleanup(s.Close)
	b.base = s.URL
	return b
}

func (b *inbox) has(words ...string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, got := range b.got {
		found := 0
		for _, w := range words {
			if strings.Contains(got, w) {
				found++
			}
		}
		if found == len(words) {
			return true
		}
	}
	return false
}

func TestAClientIsToldThatItsPhotoIsReadyAndThatItIsErased(t *testing.T) {
	in, box := testapp.Install(t), newInbox(t)
	in.Env = append(in.Env, "WEBHOOK_LOOPBACK=on")
	store, ctx := in.Migrated(t), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	did := audit.Event{At: midnight, Actor: "desk-a", Action: audit.AddAPIClient, Outcome: audit.Allowed}
	_, record := apiclient.NewKey(midnight)
	client, err := store.APIClients.Add(ctx, apiclient.Client{Name: "Town Hall", PhotosPerDay: 5}, record, did)
	must(err)
	desk := courier.Desk{Endpoints: store.Webhooks, Sealer: store.Master, Loopback: true, Now: func() time.Time { return midnight }}
	_, _, err = desk.Set(ctx, webhook.Endpoint{Client: client.ID, URL: box.base}, false, did)
	must(err)
	id := photo.NewID()
	must(store.Photos.Reserve(ctx, photo.Reservation{ID: id, KeyHash: photo.NewKey().Hash(), Client: client.ID, Now: midnight}))
	must(store.Photos.Queue(ctx, id, photo.Received{Document: "us-passport", AgeBand: photo.Adult, Now: midnight, ExpiresAt: midnight.Add(retention.PictureFloor)}))
	p, err := store.Photos.Claim(ctx, photo.Claim{ID: id, Revision: 1}, midnight)
	must(err)
	must(store.Photos.Finish(ctx, p.Claim(), photo.Outcome{Status: photo.Ready, Verdict: "ready_to_submit", Now: midnight}))

	s := start(t, in, midnight)
	eventually(t, "told that it is ready", func() bool { return box.has("photo.ready", string(id), "ready_to_submit") })
	s.clock.Forward(retention.PictureFloor + retention.ClockTolerance)
	eventually(t, "the photo is erased", func() bool {
		_, err := store.Photos.Get(ctx, id)
		return errors.Is(err, photo.ErrNotFound)
	})
	s.clock.Forward(10 * time.Second) // to the job's next run
	eventually(t, "told that it is erased", func() bool { return box.has("photo.erased", string(id)) })
	eventually(t, "the figures show it", func() bool {
		return s.shows(`passportphoto_webhook_tries_total{kind="photo.erased",result="delivered"} 1`) && s.shows(`passportphoto_webhook_endpoints{state="on"} 1`)
	})
	if log := s.log.String(); strings.Contains(log, string(id)) || strings.Contains(log, box.base) {
		t.Error("the log names the photo or the endpoint")
	}
}
