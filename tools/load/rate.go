package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// How the limit is found: a few photos to warm up, then as many as keep all slots
// busy for some seconds. They wait no longer than an operator's limit would let them.
const (
	warmUp  = 4
	atATime = 6
	trial   = 60
)

// above is the load that is offered, in terms of what few could have at a time.
const above = 1.15

// findRate says how many uploads a second are a little more than the installation can
// make into photos.
func findRate(ctx context.Context, r *rig.Rig, say io.Writer) (float64, error) {
	picture, err := portraits.Smiling.Read()
	if err != nil {
		return 0, err
	}
	var began time.Time
	slots := make(chan error, atATime)
	for range atATime {
		slots <- nil
	}
	for i := range warmUp + trial {
		if err := <-slots; err != nil {
			return 0, err
		}
		if i == warmUp {
			began = time.Now()
		}
		go func() { slots <- makeOne(ctx, "http://"+r.HTTPAddr, picture) }()
	}
	for range atATime {
		if err := <-slots; err != nil {
			return 0, err
		}
	}
	rate := trial / time.Since(began).Seconds()
	_, _ = fmt.Fprintf(say, "%d photos at a time are made at %.1f a second\n", atATime, rate)
	return rate * above, nil
}

// makeOne uploads, waits for the end of the events and deletes.
func makeOne(ctx context.Context, base string, picture []byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("document", "us-passport"); err != nil {
		return err
	}
	part, err := form.CreateFormFile("file", "portrait.jpg")
	if err != nil {
		return err
	}
	if _, err := part.Write(picture); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	var photo struct{ ID, Key string }
	answer, err := ask(ctx, http.MethodPost, base+"/v1/photos", http.Header{"Content-Type": {form.FormDataContentType()}}, &body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, &photo); err != nil {
		return err
	}
	key := http.Header{"Authorization": {"Bearer " + photo.Key}}
	events, err := ask(ctx, http.MethodGet, base+"/v1/photos/"+photo.ID+"/events", key, nil)
	if err != nil {
		return err
	}
	if !bytes.Contains(events, []byte(`"ready"`)) {
		return fmt.Errorf("a photo of the warm-up was not made: %s", events)
	}
	_, err = ask(ctx, http.MethodDelete, base+"/v1/photos/"+photo.ID, key, nil)
	return err
}

func ask(ctx context.Context, method, url string, header http.Header, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, text)
	}
	return text, err
}
