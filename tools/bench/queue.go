package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// printEndToEnd uploads one photo after the other and waits for each by its
// event stream. The steps of the same photos are taken from the worker's own
// figures, so that the ratio compares what happened in the same minute.
func printEndToEnd(ctx context.Context, s *services, pictures []picture, runs int) error {
	if _, err := s.start(ctx, "api", "bin/api"); err != nil {
		return err
	}
	ops, err := s.start(ctx, "worker", "bin/worker")
	if err != nil {
		return err
	}
	defer func() { s.end("worker"); s.end("api") }()
	t := newTable("picture")
	for _, p := range pictures {
		var waits []time.Duration
		var before float64
		for i := range warmUp + runs {
			if i == warmUp {
				if before, err = readStepSeconds(ctx, ops); err != nil {
					return err
				}
			}
			wait, err := s.develop(ctx, p)
			if err != nil {
				return err
			}
			if i >= warmUp {
				waits = append(waits, wait)
			}
		}
		after, err := readStepSeconds(ctx, ops)
		if err != nil {
			return err
		}
		steps := time.Duration((after - before) / float64(runs) * float64(time.Second))
		row := fmt.Sprintf("%g MP", p.megapixels)
		t.set(row, "accepted to ready", milliseconds(median(waits)))
		t.set(row, "sum of steps (mean)", milliseconds(steps))
		t.set(row, "ratio", fmt.Sprintf("%.2f", float64(mean(waits))/float64(steps)))
	}
	t.print()
	return s.printPolling(ctx)
}

func mean(d []time.Duration) time.Duration {
	var sum time.Duration
	for _, v := range d {
		sum += v
	}
	return sum / time.Duration(len(d))
}

// printPolling says what the worker's frequent look at an empty queue costs.
func (s *services) printPolling(ctx context.Context) error {
	const watch = 5 * time.Second
	commands, cpu, err := s.redisUse(ctx)
	if err != nil {
		return err
	}
	select {
	case <-time.After(watch):
	case <-ctx.Done():
		return ctx.Err()
	}
	laterCommands, laterCPU, err := s.redisUse(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\nOne idle worker and API ask Redis %.0f times a second, which costs it %.1f %% of a core.\n",
		(laterCommands-commands)/watch.Seconds(), 100*(laterCPU-cpu)/watch.Seconds())
	return nil
}

func (s *services) redisUse(ctx context.Context) (commands, cpuSeconds float64, err error) {
	info, err := s.redis.Info(ctx, "stats", "cpu").Result()
	if err != nil {
		return 0, 0, err
	}
	value := func(name string) (v float64) {
		_, rest, _ := strings.Cut(info, name+":")
		_, _ = fmt.Sscan(rest, &v) // absent: 0
		return v
	}
	return value("total_commands_processed"), value("used_cpu_sys") + value("used_cpu_user"), nil
}

// accepted is what of an upload's answer is used.
type accepted struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

func (s *services) upload(ctx context.Context, p picture) (a accepted, err error) {
	resp, err := s.post(ctx, "/v1/photos", p)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		text, _ := io.ReadAll(resp.Body)
		return a, fmt.Errorf("upload: %s: %s", resp.Status, text)
	}
	return a, json.NewDecoder(resp.Body).Decode(&a)
}

// post sends a picture and the document it is for.
func (s *services) post(ctx context.Context, path string, p picture) (*http.Response, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("document", document); err != nil {
		return nil, err
	}
	part, err := form.CreateFormFile("file", "portrait.jpg")
	if err != nil {
		return nil, err
	}
	if _, err := part.Write(p.file); err != nil {
		return nil, err
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.apiAddr+path, &body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return http.DefaultClient.Do(req)
}

// develop uploads and returns the time from the answer to the photo.
func (s *services) develop(ctx context.Context, p picture) (time.Duration, error) {
	a, err := s.upload(ctx, p)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.apiAddr+"/v1/photos/"+a.ID+"/events", nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+a.Key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		switch line := lines.Text(); {
		case strings.Contains(line, `"ready"`):
			return time.Since(began), nil
		case strings.Contains(line, `"rejected"`), strings.Contains(line, `"failed"`):
			return 0, fmt.Errorf("the photo ended as %s", line)
		}
	}
	return 0, fmt.Errorf("the events ended before the photo was ready")
}

// readStepSeconds reads off a worker's metrics how long all its steps took.
func readStepSeconds(ctx context.Context, ops string) (sum float64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+ops+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, value, _ := strings.Cut(lines.Text(), "} "); strings.HasPrefix(name, "passportphoto_step_seconds_sum{") {
			var v float64
			if _, err := fmt.Sscan(value, &v); err != nil {
				return 0, err
			}
			sum += v
		}
	}
	return sum, nil
}
