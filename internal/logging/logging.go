// Package logging writes what a process has to say without saying anything
// about a person. Only attributes on a list come through; any other is left out
// and replaced by a mark, so that a careless line costs a value in a log and not
// someone's privacy. Groups are judged by their members' own names.
//
// The list is of keys, not of values: what is logged under a listed key must be
// one of our own words or numbers, and messages are constants. In the values photos'
// IDs, which errors may hold, are replaced by words that mean something to this
// process alone: lines can be brought together, and lead to no photo.
package logging

import (
	"context"
	"io"
	"log/slog"

	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// traceID leads from a line to the trace of the request or task that it is about, where
// there is one that is kept.
const traceID = "trace_id"

// hidden stands in for what was left out.
const hidden = "(left out)"

// allowed are the keys that may be logged: IDs of ours, words of ours, figures.
// An error is allowed because errors hold no personal data by rule but for IDs.
func allowed() map[string]bool {
	keys := []string{
		"process", "version", "addr", "environment", "pid", "signal", "check", "queue", "job", "period", // the process
		"photo", "revision", "attempt", "status", "reason", "document", "step", "receipt", "task", "strikes", "letter", "client", "kind", // the photo
		"method", "route", "code", "bytes", "duration", "duration_ms", // the request
		"error", "count", "limit", "slot", "cause", "exit", "rss_mb", "panic", "where", traceID, // what happened
	}
	set := make(map[string]bool, len(keys))
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// Options say how to log. JSON is for machines, text for a developer's eyes.
type Options struct {
	Out     io.Writer
	Level   slog.Level
	JSON    bool
	Process string
}

// New returns a logger that lets only the listed keys through.
func New(o Options) *slog.Logger {
	opts := &slog.HandlerOptions{Level: o.Level}
	var h slog.Handler = slog.NewTextHandler(o.Out, opts)
	if o.JSON {
		h = slog.NewJSONHandler(o.Out, opts)
	}
	return slog.New(&discreet{h, allowed(), newVeil()}).With("process", o.Process)
}

// discreet is the handler that leaves attributes out.
type discreet struct {
	next slog.Handler
	keys map[string]bool
	veil *veil
}

func (d *discreet) Enabled(ctx context.Context, l slog.Level) bool { return d.next.Enabled(ctx, l) }

func (d *discreet) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(d.pass(a))
		return true
	})
	if id := tracing.ID(ctx); id != "" {
		clean.AddAttrs(slog.String(traceID, id))
	}
	return d.next.Handle(ctx, clean)
}

func (d *discreet) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = d.pass(a)
	}
	return &discreet{d.next.WithAttrs(clean), d.keys, d.veil}
}

func (d *discreet) WithGroup(name string) slog.Handler {
	return &discreet{d.next.WithGroup(name), d.keys, d.veil}
}

// pass returns the attribute, or the mark under its key. Values that resolve
// themselves are resolved first: what they turn into may be a group.
func (d *discreet) pass(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	if a.Value.Kind() == slog.KindGroup {
		members := a.Value.Group()
		clean := make([]slog.Attr, len(members))
		for i, m := range members {
			clean[i] = d.pass(m)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	if a.Key == "" || d.keys[a.Key] {
		return d.veil.over(a)
	}
	return slog.String(a.Key, hidden)
}
