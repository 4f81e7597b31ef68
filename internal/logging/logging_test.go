package logging

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type resolves struct{ as slog.Value }

func (r resolves) LogValue() slog.Value { return r.as }

func TestOnlyListedKeysAreWritten(t *testing.T) {
	const secret = "anna@example.org"
	for _, tt := range []struct {
		name string
		log  func(*slog.Logger)
	}{
		{"an attribute", func(l *slog.Logger) { l.Info("m", "email", secret, "status", "ready") }},
		{"in a group", func(l *slog.Logger) {
			l.Info("m", slog.Group("photo", slog.String("file_name", secret), slog.String("status", "ready")))
		}},
		{"kept with the logger", func(l *slog.Logger) { l.With("file_name", secret).Info("m", "status", "ready") }},
		{"kept in a group of the logger", func(l *slog.Logger) { l.WithGroup("request").With("ip", secret).Info("m", "status", "ready") }},
		{"resolved late", func(l *slog.Logger) {
			l.Info("m", "status", resolves{slog.GroupValue(slog.String("ip", secret), slog.String("status", "ready"))})
		}},
		{"a group without a name", func(l *slog.Logger) {
			l.Info("m", slog.Group("", slog.String("ip", secret), slog.String("status", "ready")))
		}},
	} {
		for _, json := range []bool{true, false} {
			t.Run(tt.name, func(t *testing.T) {
				var b bytes.Buffer
				tt.log(New(Options{Out: &b, JSON: json, Process: "api"}))
				got := b.String()
				if strings.Contains(got, secret) {
					t.Errorf("the secret is in %s", got)
				}
				for _, want := range []string{"ready", hidden, "api"} {
					if !strings.Contains(got, want) {
						t.Errorf("%q is missing in %s", want, got)
					}
				}
			})
		}
	}
}

// A blob store's error names the blob, and with it the photo.
func TestAPhotosIDIsAWordOfTheProcessesOwn(t *testing.T) {
	const id, receipt = "mzsx6ytboa2dcmzsgq2dgnrugu", "a7d2x6ytboa2dcmzsgq2dgnruh"
	word := func() string {
		var b bytes.Buffer
		l := New(Options{Out: &b, Process: "worker"})
		l.Warn("m", "photo", id)
		l.With("photo", id).Error("m", "error", fmt.Errorf("open blob (key %q): %w", "photos/"+id+"/r0-a0/original", io.EOF), "attempt", 2)
		l.Info("m", "receipt", receipt, "cause", resolves{slog.AnyValue(id)})
		said := b.String()
		if strings.Contains(said, id) || !strings.Contains(said, "receipt="+receipt) || !strings.Contains(said, "attempt=2") || !strings.Contains(said, "EOF") {
			t.Errorf("logged %s", said)
		}
		words := regexp.MustCompile(`~\w{8}`).FindAllString(said, -1)
		if len(words) != 4 || len(slices.Compact(words)) != 1 {
			t.Fatalf("the photo is called %v in %s", words, said)
		}
		return words[0]
	}
	if first, second := word(), word(); first == second {
		t.Error("another process has the same word for the photo")
	}
}

func TestTheLevelHoldsBack(t *testing.T) {
	var b bytes.Buffer
	l := New(Options{Out: &b, Level: slog.LevelWarn})
	l.Info("quiet")
	l.Warn("loud")
	if got := b.String(); strings.Contains(got, "quiet") || !strings.Contains(got, "loud") {
		t.Errorf("logged %s", got)
	}
}
