package logging

import (
	"bytes"
	"log/slog"
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

func TestTheLevelHoldsBack(t *testing.T) {
	var b bytes.Buffer
	l := New(Options{Out: &b, Level: slog.LevelWarn})
	l.Info("quiet")
	l.Warn("loud")
	if got := b.String(); strings.Contains(got, "quiet") || !strings.Contains(got, "loud") {
		t.Errorf("logged %s", got)
	}
}
