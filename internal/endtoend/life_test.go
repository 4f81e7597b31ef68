package endtoend

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestAPortraitBecomesAPhotoAndIsDeletedWhenAsked(t *testing.T) {
	for _, stores := range []string{"SQLite and files", "PostgreSQL and S3"} {
		t.Run(stores, func(t *testing.T) {
			var settings []string
			if stores != "SQLite and files" {
				settings = onServers(t)
			}
			s := newService(t, settings...)
			s.startAll()
			id, key := s.accepted("gb-passport", testpictures.Portrait(t, portraits.Smiling))
			events := s.watch(id, key)
			if !strings.Contains(events, `"ready"`) {
				t.Errorf("the events do not end with the photo ready:\n%s", events)
			}
			f := s.settled(id, key, time.Minute)
			if f.Status != "ready" || f.Report.Verdict != "take_another" { // he smiles
				t.Errorf("the photo is %s, its verdict %s", f.Status, f.Report.Verdict)
			}
			result := s.send(http.MethodGet, "/v1/photos/"+id+"/result", key, nil)
			cfg, err := jpeg.DecodeConfig(bytes.NewReader(result.body))
			if err != nil || cfg.Width != 413 || cfg.Height != 531 {
				t.Errorf("the result is %d x %d: %v", cfg.Width, cfg.Height, err)
			}
			sheet := s.send(http.MethodGet, "/v1/photos/"+id+"/print-sheet", key, nil)
			if sheet.code != http.StatusOK || !bytes.Contains(sheet.body, result.body) {
				t.Errorf("the print sheet, %d, %d bytes, does not hold the result", sheet.code, len(sheet.body))
			}
			if got := s.get(id, "").code; got != http.StatusNotFound {
				t.Errorf("without the key: %d", got)
			}

			gone := s.send(http.MethodDelete, "/v1/photos/"+id, key, nil)
			if gone.code != http.StatusNoContent || gone.header.Get("Erasure-Receipt") == "" {
				t.Fatalf("delete: %d, receipt %q: %s", gone.code, gone.header.Get("Erasure-Receipt"), gone.body)
			}
			receipt := s.send(http.MethodGet, gone.header.Get("Location"), "", nil)
			if receipt.code != http.StatusOK || receipt.fields(t).State != "finished" {
				t.Errorf("the receipt: %d %s", receipt.code, receipt.body)
			}
			for _, path := range []string{"", "/result", "/report", "/events", "/print-sheet"} {
				if got := s.send(http.MethodGet, "/v1/photos/"+id+path, key, nil).code; got != http.StatusNotFound {
					t.Errorf("%s after the deletion: %d", path, got)
				}
			}
		})
	}
}

// onServers are the settings of an installation on PostgreSQL and S3.
func onServers(t *testing.T) []string {
	t.Helper()
	return []string{
		"DATABASE_URL=" + testservers.Postgres(t), "KEYS_DATABASE_URL=" + testservers.Postgres(t), "BLOB_URL=" + testservers.S3(t),
		"AWS_ACCESS_KEY_ID=" + os.Getenv("AWS_ACCESS_KEY_ID"), "AWS_SECRET_ACCESS_KEY=" + os.Getenv("AWS_SECRET_ACCESS_KEY"),
	}
}

// The life of a picture is shortened to seconds, as only development may.
func TestAPhotoWhoseTimeIsOverIsGoneEverywhere(t *testing.T) {
	s := newService(t, "PICTURE_LIFE=4s")
	_, _, scheduler := s.startAll()
	id, key := s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Fatalf("the photo is %s", f.Status)
	}
	testapp.Eventually(t, 10*time.Second, "410", func() bool { return s.get(id, key).code == http.StatusGone })
	// The sweep comes each minute.
	testapp.Eventually(t, 90*time.Second, "404", func() bool { return s.get(id, key).code == http.StatusNotFound })
	// The record goes before the last traces of it do.
	testapp.Eventually(t, 10*time.Second, "the scheduler says that it is done", func() bool {
		return strings.Contains(scheduler.log.String(), "msg=erased ")
	})
	if left, err := filepath.Glob(filepath.Join(s.Dir, "blobs", "photos", "*")); err != nil || len(left) > 0 {
		t.Errorf("blobs are left: %v, %v", left, err)
	}
	for _, file := range []string{"photos.db", "photos.db-wal", "keys.db", "keys.db-wal"} {
		content, err := os.ReadFile(filepath.Join(s.Dir, file))
		if err == nil && bytes.Contains(content, []byte(id)) {
			t.Errorf("%s still knows the photo", file)
		}
	}
	// What Redis holds is dumped as it stands.
	dump, err := exec.CommandContext(t.Context(), "redis-cli", "-u", s.Redis.URL, "--scan").Output()
	if err != nil || strings.Contains(string(dump), id) {
		t.Errorf("Redis still knows the photo: %v\n%s", err, dump)
	}
}

func TestEveryProcessStopsWithinTenSecondsAndLeavesNoChild(t *testing.T) {
	s := newService(t, "PREVIEW_CONCURRENCY=1")
	api, worker, scheduler := s.startAll()
	children := worker.children()
	if len(children) != 2 {
		t.Fatalf("the worker has children %v, want one for photos and one for previews", children)
	}
	var photos [][2]string
	for range 6 {
		id, key := s.accepted("us-passport", testpictures.Megapixels(t, 12))
		photos = append(photos, [2]string{id, key})
	}
	testapp.Eventually(t, 30*time.Second, "the worker is at work", func() bool {
		return s.get(photos[0][0], photos[0][1]).fields(t).Status != "queued"
	})
	for name, p := range map[string]*process{"worker": worker, "scheduler": scheduler, "api": api} {
		if took := p.stop(); took > 10*time.Second {
			t.Errorf("%s took %s to stop", name, took)
		}
		if code := p.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s ended with code %d", name, code)
		}
	}
	for _, pid := range children {
		if _, err := os.Stat("/proc/" + pid); err == nil {
			t.Error("a studio lives on")
		}
	}
	s.startAll()
	for _, p := range photos {
		if f := s.settled(p[0], p[1], time.Minute); f.Status != "ready" {
			t.Errorf("after the restart a photo is %s", f.Status)
		}
	}
}
