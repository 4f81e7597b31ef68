package ratelimit

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestATallyCountsWithinAWindowForAll(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	here, there := NewTally(c, "slips"), NewTally(c, "slips")
	counted := func(name string, want int, since time.Time) {
		t.Helper()
		times, began, err := there.Counted(t.Context(), name)
		if err != nil || times != want || want > 0 && !began.Equal(since) {
			t.Errorf("%s was counted %d times since %s, %v; want %d since %s", name, times, began, err, want, since)
		}
	}
	counted("a", 0, noon)
	for i := range 3 {
		if err := here.Count(t.Context(), "a", noon.Add(time.Duration(i)*time.Minute), 15*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	counted("a", 3, noon)
	counted("b", 0, noon)
	later := noon.Add(15 * time.Minute)
	if err := there.Count(t.Context(), "a", later, 15*time.Minute); err != nil {
		t.Fatal(err)
	}
	counted("a", 1, later)
	if left, err := c.TTL(t.Context(), "tally:slips:a").Result(); err != nil || left <= 14*time.Minute || left > 15*time.Minute {
		t.Errorf("it is kept for %s, %v", left, err)
	}
}

func TestNothingIsLostOfWhatIsCountedAtTheSameTime(t *testing.T) {
	tally := NewTally(testservers.RedisClient(t, testservers.Redis(t)), "slips")
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if err := tally.Count(context.Background(), "a", noon, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if times, _, err := tally.Counted(t.Context(), "a"); times != 40 || err != nil {
		t.Errorf("%d, %v", times, err)
	}
}

func TestWithoutRedisATallySaysSo(t *testing.T) {
	server := testservers.StartRedis(t)
	tally := NewTally(testservers.RedisClient(t, server.URL), "slips")
	server.Stop()
	if _, _, err := tally.Counted(t.Context(), "a"); err == nil {
		t.Error("it says how often")
	}
	if err := tally.Count(t.Context(), "a", noon, time.Minute); err == nil {
		t.Error("it counts")
	}
}
