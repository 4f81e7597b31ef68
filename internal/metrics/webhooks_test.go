package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

type aBook struct {
	now  time.Time
	down error
}

func (b *aBook) Counts(_ context.Context, now time.Time) (map[webhook.State]int, time.Time, error) {
	if !now.Equal(b.now) {
		b.down = errors.New("asked for another time")
	}
	return map[webhook.State]int{webhook.Waiting: 4}, b.now.Add(-time.Hour), b.down
}

func (b *aBook) Endpoints(context.Context) (map[string]int, error) {
	return map[string]int{webhook.IsFailing: 2}, b.down
}

func TestNoticesThatNobodyTriesShow(t *testing.T) {
	m, now := New("scheduler", "v1"), time.Unix(1700000000, 0)
	w, book := m.NewWebhooks(), &aBook{now: now}
	w.Tried(webhook.PhotoReady, webhook.Delivered, 80*time.Millisecond)
	w.GaveUp(webhook.PhotoErased, 3)
	m.WatchWebhooks(func() time.Time { return now }, book)
	expect(t, scrape(t, m),
		`passportphoto_webhook_notices{state="waiting"} 4`, `passportphoto_webhook_notices{state="delivered"} 0`,
		`passportphoto_webhook_notices_late_seconds 3600`,
		`passportphoto_webhook_endpoints{state="failing"} 2`, `passportphoto_webhook_endpoints{state="on"} 0`, `passportphoto_webhook_endpoints{state="off"} 0`,
		`passportphoto_webhook_tries_total{kind="photo.ready",result="delivered"} 1`,
		`passportphoto_webhook_tries_total{kind="photo.erased",result="failed"} 3`,
		`passportphoto_webhook_seconds_count 1`)
	book.down = errors.New("no answer")
	if strings.Contains(scrape(t, m), "passportphoto_webhook_notices") {
		t.Error("old figures are given out")
	}
}
