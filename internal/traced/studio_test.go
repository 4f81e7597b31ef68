package traced

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// acts is a studio that does two steps.
type acts struct {
	result pipeline.Result
	err    error
}

func (a acts) Develop(_ context.Context, _ pipeline.Job, _ studio.Given, at func(photo.Step)) (pipeline.Result, error) {
	at(photo.StepDecode)
	time.Sleep(30 * time.Millisecond) // the time of the work itself
	at(photo.StepDetect)
	return a.result, a.err
}

// develop has it done in a trace, and returns the spans by name.
func develop(t *testing.T, a acts) map[string]testservers.Span {
	t.Helper()
	collector := testservers.StartCollector(t)
	cfg, err := config.Load(config.Worker, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL})
	if err != nil {
		t.Fatal(err)
	}
	traces, err := tracing.Open(t.Context(), tracing.Options{Config: cfg, Process: "worker", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = Studio(a, traces.Tracer()).Develop(t.Context(), pipeline.Job{}, studio.Given{}, func(photo.Step) {})
	if err := traces.Close(); err != nil {
		t.Fatal(err)
	}
	by := map[string]testservers.Span{}
	for _, s := range collector.Spans() {
		by[s.Name] = s
	}
	return by
}

func took(s testservers.Span) time.Duration { return time.Duration(s.Ended - s.Began) } // #nosec G115 -- a test's seconds

func TestAStepsSpanIsAsLongAsTheChildSaysItTook(t *testing.T) {
	by := develop(t, acts{result: pipeline.Result{Steps: []pipeline.StepTime{{Step: photo.StepDecode, Took: 7 * time.Millisecond}, {Step: photo.StepDetect, Took: time.Hour}}}})
	if got := took(by["step decode"]); got != 7*time.Millisecond {
		t.Errorf("decode took %s", got)
	}
	if detect, all := by["step detect"], by["develop"]; detect.Parent != all.ID || detect.Ended > all.Ended || all.Failed {
		t.Errorf("a step of an hour in %s: %+v", took(all), detect)
	}
}

func TestTheStepsOfAChildThatDiedAreThereToo(t *testing.T) {
	by := develop(t, acts{err: studio.ErrDied})
	if got := took(by["step decode"]); got < 30*time.Millisecond {
		t.Errorf("decode took %s", got)
	}
	if by["step detect"].Parent != by["develop"].ID || !by["develop"].Failed {
		t.Errorf("the spans are %+v", by)
	}
}
