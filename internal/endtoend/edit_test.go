package endtoend

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func (s *service) edit(id, key, change string) answer {
	s.t.Helper()
	return s.send(http.MethodPatch, "/v1/photos/"+id, key, []byte(change), "Content-Type", "application/json")
}

// size is the result's size in pixels.
func (s *service) size(id, key string) (width, height int) {
	s.t.Helper()
	result := s.send(http.MethodGet, "/v1/photos/"+id+"/result", key, nil)
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(result.body))
	if err != nil {
		s.t.Fatalf("the result: %d: %v", result.code, err)
	}
	return cfg.Width, cfg.Height
}

func TestAPhotoIsEditedRestoredAndPrinted(t *testing.T) {
	s := newService(t)
	s.startAll()
	id, key := s.accepted("gb-passport", testpictures.Portrait(t, portraits.Smiling))
	s.settled(id, key, time.Minute)

	for _, tt := range []struct {
		change        string
		width, height int
	}{
		{`{"document": "us-passport", "brightness": 15}`, 600, 600},
		{`{"document": "custom:40x50,head=30-36"}`, 472, 591},
		{`{"background": "#d8e4f0"}`, 472, 591},
		{`{"restore_revision": 1}`, 413, 531},
	} {
		if a := s.edit(id, key, tt.change); a.code != http.StatusOK {
			t.Fatalf("%s: %d %s", tt.change, a.code, a.body)
		}
		if f := s.settled(id, key, time.Minute); f.Status != "ready" {
			t.Fatalf("after %s the photo is %s", tt.change, f.Status)
		}
		if w, h := s.size(id, key); w != tt.width || h != tt.height {
			t.Errorf("after %s the photo has %d x %d pixels", tt.change, w, h)
		}
	}
	sheet := s.send(http.MethodGet, "/v1/photos/"+id+"/print-sheet?paper=10x15&format=pdf", key, nil)
	if sheet.code != http.StatusOK || !bytes.HasPrefix(sheet.body, []byte("%PDF-")) {
		t.Errorf("the print sheet: %d, %.20q", sheet.code, sheet.body)
	}
}

// Edits that come faster than photos are made all count, and the last result is
// that of all of them.
func TestEditsWhileThePhotoIsMadeLoseNothing(t *testing.T) {
	s := newService(t)
	s.startAll()
	id, key := s.accepted("gb-passport", testpictures.Megapixels(t, 12))
	var all sync.WaitGroup
	for _, change := range []string{`{"brightness": 5}`, `{"contrast": 6}`, `{"warmth": 7}`, `{"zoom_percent": 103}`, `{"document": "us-passport"}`} {
		all.Go(func() {
			if a := s.edit(id, key, change); a.code != http.StatusOK {
				t.Errorf("%s: %d %s", change, a.code, a.body)
			}
		})
	}
	all.Wait()
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		t.Fatalf("the photo is %s", f.Status)
	}
	var got struct {
		Revision int
		Document string
		Settings struct{ Brightness, Contrast, Warmth, ZoomPercent float64 }
	}
	if err := json.Unmarshal(s.get(id, key).body, &got); err != nil {
		t.Fatal(err)
	}
	if got.Revision != 6 || got.Document != "us-passport" || got.Settings.Brightness != 5 || got.Settings.Contrast != 6 || got.Settings.Warmth != 7 {
		t.Errorf("the photo is %+v", got)
	}
	if w, h := s.size(id, key); w != 600 || h != 600 {
		t.Errorf("the photo has %d x %d pixels", w, h)
	}
}
