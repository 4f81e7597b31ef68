package webui

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Privacy is what the operators' page of evidence shows.
type Privacy struct {
	Evidence proof.Evidence
	Stated   []proof.Statement // the latest first
	By       SignedIn
}

type privacyView struct {
	Title, At, Since   string
	Bar                *barView
	Kept               bool
	Classes            []keptView
	Jobs               []jobView
	Erased, Restricted []countView
	Orphans            []countView
	Pending            string // empty if all erasures are finished
	Overdue            int    // reviews of restrictions
	Weeks              []string
}

type keptView struct {
	Holds, Oldest, Greatest, Limit, State, StateClass, Purged string
	Deleted                                                   int
	// Of the bar, in hours.
	Age, Period, Alert, Ceiling float64
	Bar                         bool
}

type jobView struct {
	Name, Every, Succeeded, State, StateClass string
	Failures                                  int
}

type countView struct {
	What  string
	Count int
}

// Privacy renders the evidence.
func (p *Pages) Privacy(w io.Writer, in Privacy) error {
	e := in.Evidence
	v := privacyView{
		Title: "What is kept", Bar: in.By.bar(), At: instant(e.At), Since: e.Since.Format("2 January"), Kept: e.Kept(), Overdue: e.ReviewsOverdue,
		Erased: countsOf(e.Erased.Photos, erasureLabel), Restricted: countsOf(e.Restricted, groundLabel), Orphans: countsOf(e.Orphans, orphanLabel),
	}
	if e.Pending > 0 {
		v.Pending = fmt.Sprintf("%d not finished, the first since %s", e.Pending, instant(e.PendingSince))
	}
	for _, c := range e.Classes {
		v.Classes = append(v.Classes, keptOf(c, e.At))
	}
	v.Jobs = jobViews(e)
	for _, s := range in.Stated {
		v.Weeks = append(v.Weeks, s.Week.Format(time.DateOnly))
	}
	return p.render(w, "privacy", v)
}

// jobViews says when each job last succeeded, and whether that is in time.
func jobViews(e proof.Evidence) (views []jobView) {
	for _, r := range e.Jobs {
		job := jobView{Name: r.Job, Every: every(r.Every), Succeeded: ago(r.SucceededAt, e.At), Failures: r.Failures, State: "in time", StateClass: "pass"}
		if r.Overdue(e.At) {
			job.State, job.StateClass = "silent for "+span(r.Silent(e.At)), "fail"
		}
		views = append(views, job)
	}
	return views
}

func keptOf(c proof.Class, now time.Time) keptView {
	class := c.Kept.Class()
	v := keptView{
		Holds: class.Holds, Oldest: "none", Deleted: c.Deleted,
		Limit: retention.Words(c.Kept.Length()) + ", never over " + retention.Words(class.Ceiling),
		Age:   c.Oldest.Hours(), Period: c.Kept.Length().Hours(), Alert: c.Kept.Alert().Hours(), Ceiling: class.Ceiling.Hours(), Bar: c.Any,
		Purged: ago(c.PurgedAt, now),
	}
	if c.State == proof.Elsewhere {
		v.Oldest, v.Purged = "", ""
	}
	if c.Any {
		v.Oldest = span(c.Oldest)
	}
	if c.Greatest > 0 {
		v.Greatest = span(c.Greatest)
	}
	v.State, v.StateClass = map[proof.State]string{
		proof.Within: "within its time", proof.Late: "late", proof.Over: "over its time", proof.Unseen: "not seen", proof.Elsewhere: "kept elsewhere",
	}[c.State], map[proof.State]string{proof.Within: "pass", proof.Late: "warn", proof.Over: "fail", proof.Unseen: "fail"}[c.State]
	return v
}

// countsOf lists counts in a stable order.
func countsOf[K ~string](by map[K]int, label func(K) string) (out []countView) {
	for _, key := range slices.Sorted(maps.Keys(by)) {
		if by[key] > 0 {
			out = append(out, countView{label(key), by[key]})
		}
	}
	return out
}

func erasureLabel(r photo.ErasureReason) string {
	return map[photo.ErasureReason]string{
		photo.ErasedByExpiry: "by time", photo.ErasedOnRequest: "because their owners asked for it", photo.ErasedAfterRestore: "after a backup was restored",
	}[r]
}

func orphanLabel(kind string) string {
	return map[string]string{
		"blobs": "blobs without a record, deleted", "key": "keys without a record, deleted", "record": "records that had lost their blobs or key, failed",
	}[kind]
}

// every says a period; the shortest is seconds.
func every(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return span(d)
}

func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return span(now.Sub(t)) + " ago"
}
