package traced

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/worker"
)

// Studio returns a studio with a span around each picture, and in it one for each step.
// The child that does the steps can't reach a collector: it says when it begins one, and
// at the end how long each took.
func Studio(s worker.Studio, t *tracing.Tracer) worker.Studio { return developing{s, t} }

type developing struct {
	worker.Studio
	tracer *tracing.Tracer
}

func (d developing) Develop(ctx context.Context, job pipeline.Job, given studio.Given, at func(photo.Step)) (pipeline.Result, error) {
	ctx, span := d.tracer.Begin(ctx, "develop")
	var seen []begun
	result, err := d.Studio.Develop(ctx, job, given, func(s photo.Step) {
		seen = append(seen, begun{s, time.Now()})
		at(s)
	})
	over := time.Now()
	for i, s := range seen {
		d.tracer.Past(ctx, "step "+string(s.step), s.at, ended(seen[i:], result.Steps, over))
	}
	span.End(err)
	return result, err
}

// begun is a step that the child said it begins.
type begun struct {
	step photo.Step
	at   time.Time
}

// ended is when the first of the steps ended: after the time that the child says it
// took, or, of a child that said none because it died, when the next one began.
func ended(seen []begun, took []pipeline.StepTime, over time.Time) time.Time {
	end := over
	if len(seen) > 1 {
		end = seen[1].at
	}
	for _, t := range took {
		if t.Step == seen[0].step {
			end = seen[0].at.Add(t.Took)
		}
	}
	if end.After(over) {
		return over
	}
	return end
}
