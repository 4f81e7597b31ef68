package endtoend

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// What the previews of these tests can be known by: words in the picture's bytes
// and as its file's name, and the size of its document.
const (
	marker     = "MARK-OF-A-FACE"
	markedSize = "41.37x52.91"
	aDocument  = "custom:" + markedSize + ",head=30-36"
)

func marks() []string { return []string{marker, markedSize} }

// smallPortrait is of the size that a preview may have.
func smallPortrait(t *testing.T) []byte {
	t.Helper()
	img := testpictures.Pixels(t, portraits.Smiling)
	return testpictures.JPEG(t, testpictures.Scaled(img, float64(photo.MaxPreviewSide)/float64(max(img.Rect.Dx(), img.Rect.Dy()))))
}

// markedPreview is a small portrait with the marker in it.
func markedPreview(t *testing.T) []byte {
	t.Helper()
	return testpictures.MarkedJPEG(smallPortrait(t), marker)
}

func (s *service) preview(document string, file []byte) answer {
	s.t.Helper()
	body, contentType := form(s.t, part{"document", "", document}, part{"file", "me-" + marker + ".jpg", string(file)})
	return s.send(http.MethodPost, "/v1/checks", "", body, "Content-Type", contentType)
}

// sent counts the pictures that went to Redis, and complains of any that went
// otherwise than by publishing.
func sent(t *testing.T, tap *testservers.Wiretap, least int) int {
	t.Helper()
	n := 0
	for _, c := range tap.Commands() {
		if len(c) < least {
			continue
		}
		n++
		if !strings.Contains(c[:100], `"spublish" "preview-picture:`) {
			t.Errorf("Redis got %d bytes by: %.100s", len(c), c)
		}
	}
	return n
}

// found lists the files under a directory that hold one of the marks, and the size
// of all.
func found(t *testing.T, dir string) (names []string, size int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		size += len(b)
		for _, m := range marks() {
			if bytes.Contains(b, []byte(m)) {
				names = append(names, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, size
}

func TestAPreviewLeavesNoTraceAnywhere(t *testing.T) {
	tmp := t.TempDir()
	s := newService(t, "PREVIEW_CONCURRENCY=1", "LOG_LEVEL=debug", "TMPDIR="+tmp, "PREVIEWS_PER_CLIENT=1000")
	disk, tap := s.Redis.Persist(t), s.Redis.Tap(t)
	file := markedPreview(t)
	api := s.start("api")

	// Nobody there, what is refused at the door, and what is looked at.
	if a := s.preview(aDocument, file); a.code != http.StatusServiceUnavailable || a.problem(t).Code != "busy" || a.header.Get("Retry-After") != "1" {
		t.Errorf("without a worker: %d %s", a.code, a.body)
	}
	worker := s.start("worker")
	for _, bad := range []struct {
		document string
		file     []byte
		code     int
	}{
		{"xx-" + marker, file, 422}, {aDocument, []byte("%PDF-1.7 " + marker), 415}, {aDocument, testpictures.Truncated(file), 422},
	} {
		if a := s.preview(bad.document, bad.file); a.code != bad.code {
			t.Errorf("a bad one: %d %s, want %d", a.code, a.body, bad.code)
		}
	}
	for range 3 {
		s.judged(aDocument, file)
	}
	large := len(file) / 2 // for a command of Redis: one of the pictures is cut in half
	before := sent(t, tap, large)
	if before != 4 {
		t.Errorf("%d pictures went over Redis, 4 were looked at, one of them in vain", before)
	}

	// A worker that dies with a preview in its hands.
	for _, pid := range worker.children() {
		n, _ := strconv.Atoi(pid)
		if err := syscall.Kill(n, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	got := make(chan answer, 1)
	go func() { got <- s.preview(aDocument, file) }()
	testapp.Eventually(t, 10*time.Second, "the worker has the preview", func() bool { return sent(t, tap, large) == before+1 })
	worker.kill()
	if a := <-got; a.code != http.StatusServiceUnavailable || a.problem(t).Code != "busy" {
		t.Errorf("of a worker that was killed: %d %s", a.code, a.body)
	}

	s.noTrace(disk, tap, len(file))
	if names, _ := found(t, tmp); len(names) > 0 {
		t.Errorf("the temporary folder has %v", names)
	}
	for _, m := range marks() {
		for name, log := range map[string]*testapp.Output{"api": api.log, "worker": worker.log} {
			if strings.Contains(log.String(), m) {
				t.Errorf("the log of %s says %s", name, m)
			}
		}
	}

	// The search does find what is there.
	disk.Set(t, "control", marker)
	disk.Save(t)
	if names, _ := found(t, disk.Dir); len(names) != 2 {
		t.Errorf("a mark that Redis was given to store is found in %v, not in a snapshot and a log of changes", names)
	}
}

// judged asks for a preview that must be answered.
func (s *service) judged(document string, file []byte) {
	s.t.Helper()
	a := s.preview(document, file)
	var f fields
	if err := json.Unmarshal(a.body, &f.Report); err != nil || a.code != http.StatusOK {
		s.t.Fatalf("preview: %d %s", a.code, a.body)
	}
	for _, c := range f.Report.Checks {
		if c.Name == "head_height" && c.Outcome == "pass" && c.Value > 0 {
			return
		}
	}
	s.t.Errorf("the head's height did not pass: %s", a.body)
}

// noTrace searches what Redis noted, what it keeps, what it was told, and the
// installation's databases and blobs.
func (s *service) noTrace(disk *testservers.RedisFiles, tap *testservers.Wiretap, picture int) {
	s.t.Helper()
	look := func(what, dir string) {
		names, size := found(s.t, dir)
		if len(names) > 0 {
			s.t.Errorf("%s: a mark of a preview is in %v", what, names)
		}
		if dir == disk.Dir && size > picture/2 { // what is sealed has no mark, but its size
			s.t.Errorf("%s: Redis keeps %d bytes; a preview has %d", what, size, picture)
		}
	}
	look("as noted", disk.Dir)
	disk.Save(s.t)
	look("with a snapshot", disk.Dir)
	disk.Condense(s.t)
	look("condensed", disk.Dir)
	look("databases and blobs", s.Dir)
	for _, c := range tap.Commands() {
		for _, m := range marks() {
			if strings.Contains(c, m) {
				s.t.Errorf("Redis was told %s by: %.100s", m, c)
			}
		}
	}
}

// Photos have their slots and previews theirs.
func TestAPreviewDoesNotWaitBehindPhotos(t *testing.T) {
	s := newService(t, "PREVIEW_CONCURRENCY=1")
	s.start("api")
	s.start("worker")
	file, small := testpictures.Megapixels(t, 12), markedPreview(t)
	s.judged("us-passport", small) // the studio is up
	const many = 12
	var photos [][2]string
	for range many {
		id, key := s.accepted("us-passport", file)
		photos = append(photos, [2]string{id, key})
	}
	s.judged("us-passport", small)
	last := photos[many-1]
	if f := s.get(last[0], last[1]).fields(t); f.Status != "queued" {
		t.Errorf("the last of %d photos was %s before the preview was answered", many, f.Status)
	}
	if f := s.settled(last[0], last[1], time.Minute); f.Status != "ready" {
		t.Errorf("the last photo is %s", f.Status)
	}
}

// Whoever gets no answer is told so soon, and the place is free again after.
func TestManyPreviewsAtOnceAreAnsweredOrBusy(t *testing.T) {
	s := newService(t, "PREVIEW_CONCURRENCY=1")
	s.start("api")
	s.start("worker")
	small := markedPreview(t)
	s.judged("us-passport", small) // the studio is up
	type end struct {
		answer
		took time.Duration
	}
	const many = 20
	ends := make(chan end, many)
	for range many {
		go func() {
			began := time.Now()
			a := s.preview("us-passport", small)
			ends <- end{a, time.Since(began)}
		}()
	}
	codes := map[int]int{}
	for range many {
		e := <-ends
		codes[e.code]++
		if e.code != http.StatusOK && e.problem(t).Code != "busy" {
			t.Errorf("got %d %s", e.code, e.body)
		}
		if e.took > 4*time.Second {
			t.Errorf("%d came after %s", e.code, e.took)
		}
	}
	if codes[http.StatusOK] == 0 || codes[http.StatusServiceUnavailable] == 0 {
		t.Errorf("the answers' codes are %v", codes)
	}
	s.judged("us-passport", small)
}
