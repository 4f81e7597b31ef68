package studio

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

// watcher remembers how children ended.
type watcher struct {
	started, ended, peak atomic.Int64
	loaded, unloaded     atomic.Int64
	causes               chan Cause
}

func newWatcher() *watcher { return &watcher{causes: make(chan Cause, 1000)} }

func (w *watcher) ChildStarted()     { w.started.Add(1) }
func (w *watcher) ChildPeak(b int64) { w.peak.Store(max(b, w.peak.Load())) }
func (w *watcher) ChildLoaded(took time.Duration, err error) {
	if err != nil {
		w.unloaded.Add(1)
	} else if took > 0 {
		w.loaded.Add(1)
	}
}
func (w *watcher) ChildEnded(c string) {
	w.ended.Add(1)
	w.causes <- Cause(c)
}

func (w *watcher) nextCause(t *testing.T) Cause {
	t.Helper()
	select {
	case c := <-w.causes:
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("no child ended")
		return ""
	}
}

func startPool(t *testing.T, change func(*Config)) (*Pool, *watcher) {
	t.Helper()
	w := newWatcher()
	cfg := Config{Slots: 1, Command: []string{os.Args[0], "studio"}, Limit: 10 * time.Second, Log: slog.New(slog.DiscardHandler), Observer: w, RequireConfinement: true}
	if change != nil {
		change(&cfg)
	}
	p, err := NewPool(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		if w.started.Load() != w.ended.Load() {
			t.Errorf("%d children started, %d ended after Close", w.started.Load(), w.ended.Load())
		}
	})
	return p, w
}

func develop(p *Pool, order string) (pipeline.Result, error) {
	return p.Develop(context.Background(), pipeline.Job{}, Given{Original: strings.NewReader(order)}, func(photo.Step) {})
}

func mustDevelop(t *testing.T, p *Pool, order string) map[string]string {
	t.Helper()
	r, err := develop(p, order)
	if err != nil {
		t.Fatal(err)
	}
	return reportOf(r)
}

func TestAPictureComesBackWithItsSteps(t *testing.T) {
	p, w := startPool(t, nil)
	var steps []photo.Step
	r, err := p.Develop(t.Context(), pipeline.Job{}, Given{Original: strings.NewReader("develop")}, func(s photo.Step) { steps = append(steps, s) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]photo.Step{photo.StepDecode, photo.StepRender}, steps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]pipeline.StepTime{{Step: photo.StepDecode, Took: time.Millisecond}}, r.Steps); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(string(r.Picture), "picture") {
		t.Errorf("picture %q", r.Picture)
	}
	if w.peak.Load() < 1<<20 {
		t.Errorf("a peak of %d bytes of memory", w.peak.Load())
	}
}

func TestARejectionIsAResult(t *testing.T) {
	p, _ := startPool(t, nil)
	r, err := develop(p, "reject")
	if err != nil || r.Reason != photo.NoFace {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAPictureOfTheLargestSizePasses(t *testing.T) {
	p, _ := startPool(t, nil)
	big := "develop " + strings.Repeat("x", photo.MaxBytes-8)
	if got := mustDevelop(t, p, big)["bytes"]; got != "26214400" {
		t.Errorf("the child got %s bytes", got)
	}
	if _, err := develop(p, big+"x"); err == nil || errors.Is(err, ErrDied) {
		t.Errorf("one byte more: %v", err)
	}
}

func TestWhatDiesOnAPictureIsReplaced(t *testing.T) {
	for order, cause := range map[string]Cause{
		"panic": Crashed, "segfault": Crashed, "exit": Crashed, "eat": Crashed,
		"spin": TimedOut, "block": TimedOut, "close": TimedOut,
		"huge-frame": Nonsense, "unknown-frame": Nonsense, "noise": Nonsense, "unknown-step": Nonsense,
		"endless-steps": Nonsense, "unknown-reason": Nonsense, "no-jpeg": Nonsense, "stolen-step-time": Nonsense, "pixels-that-cannot-be": Nonsense,
	} {
		t.Run(order, func(t *testing.T) {
			p, w := startPool(t, func(c *Config) { c.Limit, c.Memory = 6*time.Second, 1<<30 })
			before := mustDevelop(t, p, "develop")["pid"]
			if _, err := develop(p, order); !errors.Is(err, ErrDied) {
				t.Errorf("the picture ended with %v", err)
			}
			if got := w.nextCause(t); got != cause {
				t.Errorf("the child ended because it %s, not %s", got, cause)
			}
			if after := mustDevelop(t, p, "develop")["pid"]; after == before {
				t.Error("the same child goes on")
			}
		})
	}
}

func TestAHangingPictureIsStoppedAtItsLimit(t *testing.T) {
	p, _ := startPool(t, func(c *Config) { c.Limit = 300 * time.Millisecond })
	mustDevelop(t, p, "develop")
	began := time.Now()
	_, err := develop(p, "spin")
	if took := time.Since(began); !errors.Is(err, ErrDied) || took < 300*time.Millisecond || took > 2*time.Second {
		t.Errorf("%v after %s", err, took)
	}
}

func TestACrashLeavesTheNeighbourAlone(t *testing.T) {
	p, _ := startPool(t, func(c *Config) { c.Slots = 2 })
	atWork := make(chan struct{})
	neighbour := make(chan error)
	go func() {
		_, err := p.Develop(context.Background(), pipeline.Job{}, Given{Original: strings.NewReader("take-your-time")}, func(photo.Step) { close(atWork) })
		neighbour <- err
	}()
	<-atWork
	if _, err := develop(p, "segfault"); !errors.Is(err, ErrDied) {
		t.Error(err)
	}
	select {
	case err := <-neighbour:
		t.Fatalf("the neighbour had ended before the crash: %v", err)
	default:
	}
	if err := <-neighbour; err != nil {
		t.Errorf("the neighbour: %v", err)
	}
}

func TestAFaultIsNotThePicturesAndItsTextIsHarmless(t *testing.T) {
	p, w := startPool(t, nil)
	_, err := develop(p, "fault")
	if !errors.Is(err, ErrFault) || errors.Is(err, ErrDied) || err.Error() != "the studio has a fault: the model is?broken ?[31m" {
		t.Errorf("%q", err)
	}
	if got := w.nextCause(t); got != Faulty {
		t.Errorf("the child ended: %s", got)
	}
}

func TestACancelledPictureIsNobodysFault(t *testing.T) {
	p, w := startPool(t, nil)
	lost := errors.New("the lease is lost")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := p.Develop(ctx, pipeline.Job{}, Given{Original: strings.NewReader("block")}, func(photo.Step) { cancel(lost) })
	if !errors.Is(err, lost) || errors.Is(err, ErrDied) {
		t.Errorf("%v", err)
	}
	if got := w.nextCause(t); got != Cancelled {
		t.Errorf("the child ended: %s", got)
	}
}

func TestABrokenSourceIsNotThePicturesFault(t *testing.T) {
	p, _ := startPool(t, nil)
	broken := errors.New("the blob was cut")
	source := io.MultiReader(strings.NewReader("develop"), iotest.ErrReader(broken))
	_, err := p.Develop(t.Context(), pipeline.Job{}, Given{Original: source}, func(photo.Step) {})
	if !errors.Is(err, broken) || errors.Is(err, ErrDied) {
		t.Errorf("%v", err)
	}
	mustDevelop(t, p, "develop")
}

func TestAChildIsReplacedAfterItsNumberOfPictures(t *testing.T) {
	p, w := startPool(t, func(c *Config) { c.MaxPictures = 2 })
	var pids []string
	for range 4 {
		pids = append(pids, mustDevelop(t, p, "develop")["pid"])
	}
	if pids[0] != pids[1] || pids[1] == pids[2] || pids[2] != pids[3] {
		t.Errorf("pictures were done by %v", pids)
	}
	if got := w.nextCause(t); got != Spent {
		t.Errorf("the child ended: %s", got)
	}
}

func TestWithoutAChildAPictureGivesUpWithoutBlame(t *testing.T) {
	var log lines
	p, _ := startPool(t, func(c *Config) {
		c.Command, c.StartLimit = []string{os.Args[0], "broken"}, time.Second
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	_, err := develop(p, "develop")
	if err == nil || errors.Is(err, ErrDied) || errors.Is(err, ErrFault) {
		t.Errorf("%v", err)
	}
	if p.Ready() == nil {
		t.Error("the pool says that it is ready")
	}
	if !strings.Contains(log.String(), "a library is missing") {
		t.Errorf("the log does not say why the child ended: %s", log.String())
	}
}

func TestCloseEndsPicturesWithoutBlame(t *testing.T) {
	p, w := startPool(t, nil)
	_, err := p.Develop(t.Context(), pipeline.Job{}, Given{Original: strings.NewReader("block")}, func(photo.Step) { go p.Close() })
	if err == nil || errors.Is(err, ErrDied) {
		t.Errorf("%v", err)
	}
	if got := w.nextCause(t); got != Closed {
		t.Errorf("the child ended: %s", got)
	}
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  []byte
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = append(l.b, b...)
	return len(b), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(slices.Clone(l.b))
}
