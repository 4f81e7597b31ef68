package webui

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// The parts of the page of the service's state, as it names those that are missing.
const (
	PhotosPart   = "photos"
	QueuesPart   = "queues"
	LettersPart  = "letters"
	HistoryPart  = "history"
	EvidencePart = "jobs and retention"
)

// Status is what the page of the service's state shows.
type Status struct {
	By           SignedIn
	Now          time.Time
	Photos       map[photo.Status]int
	Queues       []metrics.Depth
	Letters      map[letter.State]int
	LettersSince time.Time // when the one was written that waits longest
	Totals       []statistics.Total
	Days         int // that Totals may be of, today the last
	Evidence     proof.Evidence
	Missing      []string // parts that could not be asked
}

type statusView struct {
	Title, At string
	Bar       *barView
	Concerns  []concernView
	Missing   map[string]bool
	Photos    []countView
	Queues    []queueView
	Letters   []countView
	Jobs      []jobView
	Classes   []keptView
	Chart     chartView
}

// concernView is something that somebody should look at.
type concernView struct{ What, Href, Label string }

type queueView struct {
	Name, Oldest                                     string
	Pending, Active, Later, Failed, Processes, Slots int
}

// Status renders the page of the service's state.
func (p *Pages) Status(w io.Writer, in Status) error {
	v := statusView{
		Title: "Status", At: instant(in.Now), Bar: in.By.bar(), Missing: map[string]bool{},
		Jobs: jobViews(in.Evidence), Chart: chartOf(in.Totals, in.Now, in.Days), Concerns: concerns(in),
	}
	for _, part := range in.Missing {
		v.Missing[part] = true
	}
	for _, s := range []photo.Status{photo.Receiving, photo.Queued, photo.Processing, photo.Ready, photo.Rejected, photo.Failed, photo.Erasing} {
		v.Photos = append(v.Photos, countView{string(s), in.Photos[s]})
	}
	for _, d := range in.Queues {
		v.Queues = append(v.Queues, queueView{
			Name: d.Queue, Oldest: seconds(d.Oldest), Pending: d.Pending, Active: d.Active, Later: d.Scheduled + d.Retry,
			Failed: d.Archived, Processes: d.Processes, Slots: d.Slots,
		})
	}
	for _, s := range letter.States() {
		v.Letters = append(v.Letters, countView{lettersLabel(s), in.Letters[s]})
	}
	for _, c := range in.Evidence.Classes {
		if c.State != proof.Elsewhere {
			v.Classes = append(v.Classes, keptOf(c, in.Evidence.At))
		}
	}
	return p.render(w, "status", v)
}

// seconds says a wait, which short ones are worth saying exactly.
func seconds(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return span(d)
}

// Waits from which the page speaks of them.
const (
	longWait       = 10 * time.Second
	longLetterWait = 30 * time.Minute
)

// concerns lists what is not as it should be.
func concerns(in Status) (all []concernView) {
	say := func(href, label, format string, args ...any) {
		all = append(all, concernView{fmt.Sprintf(format, args...), href, label})
	}
	slices.Sort(in.Missing)
	for _, part := range in.Missing {
		say("", "", "Not known, because what is asked does not answer: %s.", part)
	}
	for _, d := range in.Queues {
		if d.Processes == 0 && (d.Pending > 0 || d.Queue == "default" || d.Queue == "maintenance") {
			say("/ops/queues/servers", "Servers", "No process serves the queue %s.", d.Queue)
		}
		if d.Oldest > longWait {
			say("/ops/queues/queues/"+d.Queue, "Queue", "In the queue %s something has waited for %s.", d.Queue, seconds(d.Oldest))
		}
		if d.Archived > 0 {
			say("/ops/queues/queues/"+d.Queue+"?status=archived", "Failed entries", "Failed for good in the queue %s: %d.", d.Queue, d.Archived)
		}
	}
	if n := in.Letters[letter.Failed]; n > 0 {
		say("/ops/letters?state=failed", "Letters", "Letters that could not be sent: %d.", n)
	}
	if !in.LettersSince.IsZero() && in.Now.Sub(in.LettersSince) > longLetterWait {
		say("/ops/letters?state=waiting", "Letters", "A letter has waited for %s.", span(in.Now.Sub(in.LettersSince)))
	}
	if len(in.Evidence.Jobs) == 0 && !slices.Contains(in.Missing, EvidencePart) {
		say("", "", "No job ever ran: is the scheduler running?")
	}
	for _, r := range in.Evidence.Jobs {
		if r.Overdue(in.Evidence.At) {
			say("/ops/privacy", "Jobs", "The job %s has not succeeded for %s.", r.Job, span(r.Silent(in.Evidence.At)))
		}
	}
	for _, c := range in.Evidence.Classes {
		if c.State == proof.Late || c.State == proof.Over || c.State == proof.Unseen {
			say("/ops/privacy", "What is kept", "%s: %s.", c.Kept.Class().Holds, keptOf(c, in.Evidence.At).State)
		}
	}
	if in.Evidence.Pending > 0 {
		say("/ops/privacy", "What is kept", "Erasures that are not finished: %d.", in.Evidence.Pending)
	}
	return all
}
