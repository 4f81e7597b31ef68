package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

func TestADownMailServerShows(t *testing.T) {
	m, now := New("scheduler", "v1"), time.Unix(1700000000, 0)
	l := m.NewLetters()
	expect(t, scrape(t, m), `passportphoto_letters_sent_total{kind="address_confirmation",result="sent"} 0`)
	l.Tried(letter.Refusal, letter.Waiting)
	l.Tried(letter.Refusal, letter.Sent)
	l.GaveUp(letter.Refusal, 3)
	var down error
	m.WatchLetters(func() time.Time { return now }, func(context.Context) (map[letter.State]int, time.Time, error) {
		return map[letter.State]int{letter.Waiting: 4}, now.Add(-time.Hour), down
	})
	expect(t, scrape(t, m),
		`passportphoto_letters{state="waiting"} 4`, `passportphoto_letters{state="sent"} 0`,
		`passportphoto_letters_oldest_waiting_seconds 3600`,
		`passportphoto_letters_sent_total{kind="refusal",result="failed"} 3`,
		`passportphoto_letters_sent_total{kind="refusal",result="waiting"} 1`,
		`passportphoto_letters_sent_total{kind="refusal",result="sent"} 1`)
	down = errors.New("no answer")
	if strings.Contains(scrape(t, m), "passportphoto_letters{") {
		t.Error("old figures are given out")
	}
}
