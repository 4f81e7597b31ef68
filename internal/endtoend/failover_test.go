package endtoend

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestAFailoverOfRedisLosesNoPhoto(t *testing.T) {
	sentinel := testservers.StartRedisSentinel(t)
	s := newService(t, "REDIS_URL="+sentinel.URL)
	s.startAll()
	file := testpictures.Portrait(t, portraits.Smiling)
	var photos [][2]string
	upload := func() {
		id, key := s.accepted("us-passport", file)
		photos = append(photos, [2]string{id, key})
	}
	for range 4 {
		upload()
	}
	sentinel.Kill()
	killed := time.Now()
	for range 4 {
		upload()
	}
	for _, p := range photos {
		if f := s.settled(p[0], p[1], 2*time.Minute); f.Status != "ready" {
			t.Errorf("a photo is %s", f.Status)
		}
	}
	t.Logf("all were ready %s after the primary had gone", time.Since(killed).Round(100*time.Millisecond))
	id, key := s.accepted("us-passport", file)
	began := time.Now()
	if f := s.settled(id, key, time.Minute); f.Status != "ready" || time.Since(began) > 20*time.Second {
		t.Errorf("afterwards a photo is %s after %s", f.Status, time.Since(began))
	}
}
