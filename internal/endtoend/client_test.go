package endtoend

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// answer is what the API said.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

// fields are the parts of any JSON answer that the tests look at.
type fields struct {
	ID        string  `json:"id"`
	Key       string  `json:"key"`
	Status    string  `json:"status"`
	Reference string  `json:"reference"`
	KeyID     string  `json:"key_id"`
	State     string  `json:"state"`
	Problem   problem `json:"problem"`
	Report    struct {
		Verdict string `json:"verdict"`
		Checks  []struct {
			Name    string  `json:"name"`
			Outcome string  `json:"outcome"`
			Value   float64 `json:"value"`
		} `json:"checks"`
	} `json:"report"`
}

// problem is the answer to a bad request.
type problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%d: %v: %.200s", a.code, err, a.body)
	}
	return p
}

func (a answer) fields(t *testing.T) fields {
	t.Helper()
	var f fields
	if err := json.Unmarshal(a.body, &f); err != nil {
		t.Fatalf("%d: %v: %.200s", a.code, err, a.body)
	}
	return f
}

// part is one part of an upload's form; a name makes it a file.
type part struct{ field, name, value string }

func form(t *testing.T, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var dst io.Writer
		var err error
		if p.name != "" {
			dst, err = w.CreateFormFile(p.field, p.name)
		} else {
			dst, err = w.CreateFormField(p.field)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(dst, p.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func (s *service) send(method, path, key string, body []byte, header ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, b}
}

// upload sends a picture for a document.
func (s *service) upload(document string, file []byte) answer {
	s.t.Helper()
	body, contentType := form(s.t, part{"document", "", document}, part{"file", "portrait.jpg", string(file)})
	return s.send(http.MethodPost, "/v1/photos", "", body, "Content-Type", contentType)
}

// accepted uploads and expects 202.
func (s *service) accepted(document string, file []byte) (id, key string) {
	s.t.Helper()
	a := s.upload(document, file)
	if a.code != http.StatusAccepted {
		s.t.Fatalf("upload: %d %s", a.code, a.body)
	}
	f := a.fields(s.t)
	return f.ID, f.Key
}

func (s *service) get(id, key string) answer {
	s.t.Helper()
	return s.send(http.MethodGet, "/v1/photos/"+id, key, nil)
}

// settled waits until nothing more will happen to the photo.
func (s *service) settled(id, key string, limit time.Duration) fields {
	s.t.Helper()
	var f fields
	testapp.Eventually(s.t, limit, "photo "+id+" is settled", func() bool {
		a := s.get(id, key)
		if a.code != http.StatusOK {
			s.t.Fatalf("get: %d %s", a.code, a.body)
		}
		f = a.fields(s.t)
		return f.Status == "ready" || f.Status == "rejected" || f.Status == "failed"
	})
	return f
}

// watch follows the events of a photo to their end.
func (s *service) watch(id, key string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.addr+"/v1/photos/"+id+"/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var all strings.Builder
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		all.WriteString(lines.Text() + "\n")
	}
	return all.String()
}

// get asks a process for something in a form.
func get(t *testing.T, url, accept string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
