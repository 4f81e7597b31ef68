package main

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// midnight is when the clocks of these tests begin.
var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// running is the API, on a free port, with a clock that stands still.
type running struct {
	*testing.T
	*testapp.Process
	url   string
	clock *testapp.Clock
}

func start(t *testing.T, in *testapp.Installation) running {
	t.Helper()
	clock := testapp.NewClock(midnight)
	app, err := New(t.Context(), in.Config(t, process), surroundings(t, clock))
	if err != nil {
		t.Fatal(err)
	}
	return running{t, testapp.Start(t, app), "http://" + app.Addr(), clock}
}

func surroundings(t *testing.T, clock *testapp.Clock) Surroundings {
	return Surroundings{Log: logging.New(logging.Options{Out: testapp.Log(t), Process: string(process)}), Now: clock.Now}
}

// answer is what the API said.
type answer struct {
	code   int
	body   []byte
	ID     string
	Key    string
	Detail string
	Expiry time.Time `json:"expires_at"`
}

func (r running) send(method, path, key string, body io.Reader, header ...string) answer {
	r.Helper()
	ask, err := http.NewRequestWithContext(r.Context(), method, r.url+path, body)
	if err != nil {
		r.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i < len(header); i += 2 {
		ask.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(ask)
	if err != nil {
		r.Error(err)
		return answer{}
	}
	defer resp.Body.Close()
	a := answer{code: resp.StatusCode}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		r.Error(err)
	}
	_ = json.Unmarshal(a.body, &a) // not all answers are JSON
	return a
}

// form is an upload of a real portrait.
func form(t *testing.T) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	file, err := w.CreateFormFile("file", "portrait.jpg")
	if err == nil {
		_, err = file.Write(testpictures.Portrait(t, portraits.Smiling))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteField("document", "us-passport"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func (r running) upload() answer {
	r.Helper()
	body, contentType := form(r.T)
	return r.send(http.MethodPost, "/v1/photos", "", bytes.NewReader(body), "Content-Type", contentType)
}
