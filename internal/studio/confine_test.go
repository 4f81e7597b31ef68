package studio

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/google/go-cmp/cmp"
)

func TestAChildCanReachNothing(t *testing.T) {
	p, _ := startPool(t, nil)
	for what, answer := range mustDevelop(t, p, "probe") {
		if answer != "refused" {
			t.Errorf("a child may %s: %s", what, answer)
		}
	}
	if _, err := os.Stat("/tmp/studio-probe"); err == nil {
		t.Error("a child made a file")
	}
}

func TestAChildKnowsNoCredentials(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://user:secret@host/db")
	p, _ := startPool(t, func(c *Config) {
		c.Models, c.MatteModel, c.MatteScale, c.Memory = "/models", "/net.onnx", "unit", 1<<30
	})
	got := strings.Split(mustDevelop(t, p, "develop")["env"], "\n")
	want := []string{
		"GOMAXPROCS=2", "GOMEMLIMIT=268435456", "GOTRACEBACK=none", "LANG=C.UTF-8", "MALLOC_ARENA_MAX=1",
		"MATTE_MODEL=/net.onnx", "MATTE_MODEL_SCALE=unit", "MODELS_DIR=/models",
		"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "STUDIO_MEMORY_BYTES=1073741824", "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnUnconfinedChildIsRefusedOrWarnedOf(t *testing.T) {
	for _, require := range []bool{true, false} {
		t.Run(fmt.Sprintf("required %t", require), func(t *testing.T) {
			var log lines
			p, _ := startPool(t, func(c *Config) {
				c.Slots, c.Command = 2, []string{os.Args[0], "unconfined"}
				c.RequireConfinement, c.Log = require, slog.New(slog.NewTextHandler(&log, nil))
			})
			eventually(t, func() bool { return strings.Contains(log.String(), "no such kernel feature") })
			if require {
				if p.Ready() == nil {
					t.Error("the pool is ready")
				}
				return
			}
			eventually(t, func() bool { return p.alive.Load() == 2 })
			if n := strings.Count(log.String(), "no such kernel feature"); n != 1 {
				t.Errorf("%d warnings", n)
			}
		})
	}
}

func TestNoChildOutlivesAKilledParent(t *testing.T) {
	parent := exec.Command(os.Args[0], "parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscan(bufio.NewReader(out), &pid); err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Fatal("the child is not there")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	eventually(t, func() bool { return !alive(pid) })
}

// alive: a zombie that nobody has buried yet is not.
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) || err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}

func TestTheFilterIsKnownOnBothProcessors(t *testing.T) {
	info, err := arch.GetInfo("arm64")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(computing(), "getrlimit", "clone", "clone3", "tgkill", "prlimit64") {
		if _, ok := info.SyscallNames[name]; !ok {
			t.Errorf("arm64 has no %s", name)
		}
	}
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came true")
		}
	}
}
