package webhook_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestOnlyAnHTTPSAddressWithAFullNameIsTaken(t *testing.T) {
	for _, good := range []string{"https://hooks.town.example", " https://hooks.town.example/a/b?c=d&e=%20 ", "https://hooks.town.example:443/x", "https://xn--bcher-kva.example/", "https://1and1.example"} {
		if got, err := webhook.ParseURL(good, false); err != nil || got != strings.TrimSpace(good) {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", "hooks.town.example", "http://hooks.town.example", "ftp://hooks.town.example", "https:hooks.town.example", "https://", "//hooks.town.example", "javascript:alert(1)", "file:///etc/passwd",
		"https://user@hooks.town.example", "https://user:secret@hooks.town.example", "https://hooks.town.example#x", "https://hooks.town.example/#", "https://hooks.town.example:8443", "https://hooks.town.example:", "https://hooks.town.example:80",
		"https://localhost", "https://intranet", "https://127.0.0.1", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433", "https://0x7f.0x1", "https://127.1", "https://0177.0.0.1", "https://1.2.3.0x4", "https://hooks..example", "https://hooks.example.", "https://.example",
		"https://hooks_town.example", "https://hooks.town.example/a b", "https://hooks.town.example/\x00", "https://hooks.town.example/\r\nHost: x", "https://bücher.example", "https://hooks.town.example/" + strings.Repeat("a", 500), "https://hooks.%74own.example",
	} {
		var wrong webhook.URLError
		if got, err := webhook.ParseURL(bad, false); !errors.As(err, &wrong) {
			t.Errorf("%.60q is taken as %q, %v", bad, got, err)
		}
	}
	for _, own := range []string{"http://127.0.0.1:9000/x", "http://localhost:9000", "https://[::1]:9000"} {
		if _, err := webhook.ParseURL(own, true); err != nil {
			t.Errorf("in development %s: %v", own, err)
		}
	}
	for _, bad := range []string{"http://10.0.0.1", "http://hooks.town.example", "http://user@localhost"} {
		if got, err := webhook.ParseURL(bad, true); err == nil {
			t.Errorf("in development %s is taken as %s", bad, got)
		}
	}
}

func TestASecretIsWrittenAsTheStandardSays(t *testing.T) {
	raw, written := webhook.NewSecret()
	rest, ok := strings.CutPrefix(written.Reveal(), "whsec_")
	back, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || string(back) != string(raw) || len(raw) < 24 || len(raw) > 64 {
		t.Errorf("%q, %v", written.Reveal(), err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", written, written, written), rest) {
		t.Error("it prints itself")
	}
}

func TestTriesGetRarerAndEndAfterADay(t *testing.T) {
	for _, random := range []float64{0, 1} {
		n := webhook.NewNotice("c", webhook.Event{Kind: webhook.Test, At: noon})
		now, tries, last := noon, 0, time.Duration(0)
		for {
			tries++
			o := n.After(tries, webhook.Failure{Trouble: webhook.Unreachable}, random, now)
			if o.State == webhook.Failed {
				break
			}
			wait := o.Next.Sub(now)
			if o.State != webhook.Waiting || wait < last || wait > 4*time.Hour || !o.Next.Before(n.Until) {
				t.Fatalf("try %d: %+v", tries, o)
			}
			now, last = o.Next, wait
		}
		if tries < 10 || tries > 20 || now.Sub(noon) < 18*time.Hour {
			t.Errorf("%d tries within %s", tries, now.Sub(noon))
		}
	}
}

func TestWhatATryCameTo(t *testing.T) {
	n := webhook.NewNotice("c", webhook.Event{Kind: webhook.Test, At: noon})
	for name, tt := range map[string]struct {
		posted error
		state  webhook.State
		gone   bool
	}{
		"taken":      {nil, webhook.Delivered, false},
		"refused":    {webhook.Failure{Trouble: webhook.Refused, Code: 500}, webhook.Waiting, false},
		"gone":       {fmt.Errorf("wrapped: %w", webhook.Failure{Trouble: webhook.Answered410, Code: 410}), webhook.Dropped, true},
		"unexpected": {errors.New("no idea"), webhook.Waiting, false},
	} {
		if o := n.After(1, tt.posted, 0, noon); o.State != tt.state || o.Gone != tt.gone || !o.Now.Equal(noon) || o.Next.IsZero() == (tt.state == webhook.Waiting) {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestAPayloadIsAlwaysTheSameBytesAndHasNoMoreThanItSays(t *testing.T) {
	id := photo.NewID()
	for want, e := range map[string]webhook.Event{
		`{"type":"photo.ready","timestamp":"2026-03-01T12:00:00Z","data":{"id":"` + string(id) + `","status":"ready","revision":3,"document":"us-passport","verdict":"take_another"}}`: {Kind: webhook.PhotoReady, Photo: id, Document: "us-passport", Revision: 3, Verdict: "take_another", At: noon},
		`{"type":"photo.rejected","timestamp":"2026-03-01T12:00:00Z","data":{"id":"` + string(id) + `","status":"rejected","revision":1,"document":"us-passport","reason":"no_face"}}`: {Kind: webhook.PhotoRejected, Photo: id, Document: "us-passport", Revision: 1, Reason: photo.NoFace, At: noon},
		`{"type":"photo.erased","timestamp":"2026-03-01T12:00:00Z","data":{"id":"` + string(id) + `","status":"erased"}}`:                                                              {Kind: webhook.PhotoErased, Photo: id, At: noon},
		`{"type":"webhook.test","timestamp":"2026-03-01T12:00:00Z","data":{"status":"test"}}`:                                                                                          {Kind: webhook.Test, At: noon},
	} {
		n := webhook.NewNotice("c", e)
		got, err := n.Payload()
		if err != nil || string(got) != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
	if _, err := (webhook.Notice{}).Payload(); err == nil {
		t.Error("nothing is told")
	}
}
