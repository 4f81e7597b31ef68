package backlog

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// seconds shows a lane once a second.
func seconds(l *lane, from time.Time, looks ...Look) time.Time {
	for _, look := range looks {
		from = from.Add(time.Second)
		l.saw(look, from)
	}
	return from
}

func paced(n int, at func(second int) Look) (looks []Look) {
	for i := range n {
		looks = append(looks, at(i))
	}
	return looks
}

func within(t *testing.T, what string, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: a wait of %s is expected, want %s to %s", what, got, least, most)
	}
}

func TestTheWaitIsWhatWaitsAtTheWorkersPace(t *testing.T) {
	var l lane
	at := seconds(&l, noon, paced(10, func(s int) Look { return Look{Waiting: 200, Done: 5 * s, Oldest: time.Second} })...)
	within(t, "200 at 5 a second", l.wait(), 40*time.Second, 40*time.Second)

	at = seconds(&l, at, paced(30, func(s int) Look { return Look{Waiting: 200, Done: 45 + 20*(s+1), Oldest: time.Second} })...)
	within(t, "soon after more workers came", l.wait(), 10*time.Second, 13*time.Second)

	at = seconds(&l, at, Look{Done: 900})
	within(t, "nothing waits", l.wait(), 0, 0)
	seconds(&l, at, paced(60, func(int) Look { return Look{Done: 900} })...)
	l.saw(Look{Waiting: 100, Oldest: time.Second, Done: 900}, at.Add(61*time.Second))
	within(t, "a burst after a quiet minute", l.wait(), time.Second, time.Second)
}

func TestAQuietServiceIsNotTakenForASlowOne(t *testing.T) {
	var l lane
	// One photo every ten seconds, which waits for no look.
	at := seconds(&l, noon, paced(100, func(s int) Look { return Look{Done: s / 10} })...)
	l.saw(Look{Waiting: 30, Done: 10, Oldest: 300 * time.Millisecond}, at.Add(time.Second))
	within(t, "30 at once", l.wait(), 300*time.Millisecond, 300*time.Millisecond)
}

func TestWithoutWorkersTheWaitIsWhatTheFirstHasWaited(t *testing.T) {
	var l lane
	seconds(&l, noon, paced(70, func(s int) Look { return Look{Waiting: 3, Oldest: time.Duration(s) * time.Second} })...)
	within(t, "nobody works", l.wait(), 69*time.Second, 69*time.Second)
}

func TestWhenTheWorkersGoTheWaitGrowsBeforeAnybodyHasHadIt(t *testing.T) {
	var l lane
	at := seconds(&l, noon, paced(30, func(s int) Look { return Look{Waiting: 100, Done: 10 * s, Oldest: time.Second} })...)
	before := l.wait()
	seconds(&l, at, paced(20, func(s int) Look { return Look{Waiting: 200, Done: 290, Oldest: time.Duration(s+10) * time.Second} })...)
	within(t, "before", before, 9*time.Second, 11*time.Second)
	within(t, "20 seconds later", l.wait(), 50*time.Second, 100*time.Second)
}

func TestARedisThatLostItsMemoryGivesNoPace(t *testing.T) {
	var l lane
	seconds(&l, noon, Look{Waiting: 5, Done: 1000, Oldest: time.Second}, Look{Waiting: 5, Oldest: time.Second}, Look{Waiting: 5, Done: 1, Oldest: 2 * time.Second})
	within(t, "after", l.wait(), 2*time.Second, 2*time.Second)
}

// shown is a queue that shows what it is told to.
type shown map[photo.Lane]Look

func (s shown) LookAt(_ context.Context, l photo.Lane) (Look, error) {
	look, ok := s[l]
	if !ok {
		return Look{}, errors.New("it does not answer")
	}
	return look, nil
}

func TestALaneIsOverItsOwnLimitAndOnlyAsLongAsTheQueueAnswers(t *testing.T) {
	now := noon
	queue := shown{"": {Waiting: 9, Oldest: 70 * time.Second}, photo.Bulk: {Waiting: 9, Oldest: 70 * time.Second}}
	w := NewWatch(Options{Queue: queue, Limits: Limits{"": time.Minute, photo.Bulk: 10 * time.Minute}, Now: func() time.Time { return now }})
	over := func(l photo.Lane) time.Duration {
		w.look(t.Context(), "")
		w.look(t.Context(), photo.Bulk)
		return w.Over(l)
	}
	if got := w.Over(""); got != 0 {
		t.Errorf("before the first look: %s", got)
	}
	seen := map[time.Duration]bool{}
	for range 50 {
		got := over("")
		if got < 10*time.Second || got > 15*time.Second {
			t.Fatalf("come again after %s", got)
		}
		seen[got] = true
	}
	if len(seen) < 10 {
		t.Errorf("all come again at %d moments", len(seen))
	}
	if got := over(photo.Bulk); got != 0 {
		t.Errorf("bulk, whose limit is another: %s", got)
	}
	queue[photo.Bulk] = Look{Waiting: 9, Oldest: 5 * time.Hour}
	if got := over(photo.Bulk); got < latest || got > latest*3/2 {
		t.Errorf("far over: %s", got)
	}
	delete(queue, "")
	now = now.Add(6 * time.Second)
	if got := over(""); got != 0 {
		t.Errorf("when the queue has not answered for a while: %s", got)
	}
	w.Limits = nil
	if got := over(photo.Bulk); got != 0 {
		t.Errorf("without a limit: %s", got)
	}
}
