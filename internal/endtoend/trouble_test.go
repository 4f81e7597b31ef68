package endtoend

import (
	"net/http"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestAnUploadWithoutRedisIsAcceptedAndMadeWhenRedisReturns(t *testing.T) {
	s := newService(t)
	s.start("api")
	s.Redis.Stop()
	id, key := s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	s.Redis.Start(t)
	s.start("worker")
	s.start("scheduler")
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Errorf("the photo is %s", f.Status)
	}
}

func TestLosingAllOfRedisLosesNoPhoto(t *testing.T) {
	s := newService(t)
	s.start("api")
	id, key := s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	s.Redis.Stop()
	s.Redis.Start(t) // comes back empty
	s.start("worker")
	s.start("scheduler")
	// A task that is noted is asked for again after a minute.
	if f := s.settled(id, key, 2*time.Minute); f.Status != "ready" {
		t.Errorf("the photo is %s", f.Status)
	}
}

func TestAPhotoOfAKilledWorkerIsFinishedByAnotherWithinAMinute(t *testing.T) {
	s := newService(t)
	s.start("api")
	s.start("scheduler")
	first := s.start("worker")
	file := testpictures.Megapixels(t, 12)
	var photos [][2]string
	for range 4 {
		id, key := s.accepted("us-passport", file)
		photos = append(photos, [2]string{id, key})
	}
	busy := func(p [2]string) bool { return s.get(p[0], p[1]).fields(t).Status == "processing" }
	testapp.Eventually(t, 30*time.Second, "a photo is being made", func() bool {
		for _, p := range photos {
			if busy(p) {
				return true
			}
		}
		return false
	})
	first.kill()
	killed := time.Now()
	s.start("worker")
	for _, p := range photos {
		if f := s.settled(p[0], p[1], time.Minute); f.Status != "ready" {
			t.Errorf("a photo is %s", f.Status)
		}
	}
	if took := time.Since(killed); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

// A studio with little memory dies on a large picture, every time.
func TestAPictureThatKillsTheStudioTwiceHasFailedAndTheNextIsMade(t *testing.T) {
	s := newService(t, "STUDIO_MEMORY_MB=512")
	s.startAll()
	img := testpictures.Scaled(testpictures.Pixels(t, portraits.Smiling), 6.5)
	large := testpictures.HEIC(t, img)
	id, key := s.accepted("us-passport", large)
	f := s.settled(id, key, time.Minute)
	if f.Status != "failed" || f.Problem.Code != "picture_not_processable" {
		t.Errorf("the photo is %s, problem %q", f.Status, f.Problem.Code)
	}
	if f.Problem.Detail == "" {
		t.Error("the person is not told what to do")
	}
	id, key = s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Errorf("the next photo is %s", f.Status)
	}
}

func TestWithoutABlobStoreAnUploadIsRefusedAndNothingIsLeft(t *testing.T) {
	s := newService(t)
	s.Env = append(s.Env, "BLOB_URL=s3://nowhere?endpoint=http://127.0.0.1:9&region=x&s3ForcePathStyle=true",
		"AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_MAX_ATTEMPTS=1")
	p := s.launch("api")
	testapp.Eventually(t, 20*time.Second, "the API answers", func() bool { return status("http://"+s.addr+"/healthz") == http.StatusOK })
	a := s.upload("us-passport", testpictures.Portrait(t, portraits.Smiling))
	if a.code != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q: %s", a.code, a.header.Get("Retry-After"), a.body)
	}
	if got := status(p.ops + "/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d", got)
	}
}
