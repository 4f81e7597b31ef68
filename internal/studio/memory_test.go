package studio

import (
	"os"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

func TestThePoolKnowsTheMemoryOfChildrenThatLive(t *testing.T) {
	p, w := startPool(t, func(c *Config) { c.Slots = 2 })
	testapp.Eventually(t, 10*time.Second, "both have loaded", func() bool { return w.loaded.Load() == 2 })
	before := p.Memory()
	mustDevelop(t, p, "develop")
	after := p.Memory()
	if before.Resident < 1<<20 || before.Pixels != 0 {
		t.Errorf("before the first picture: %+v", before)
	}
	if after.Resident < 1<<20 || after.Pixels != 1000 || after.PixelsMost != 5000 {
		t.Errorf("after it: %+v", after)
	}
	p.Close()
	if got := p.Memory(); got != (metrics.StudioMemory{}) {
		t.Errorf("after the end: %+v", got)
	}
}

func TestAChildThatCannotLoadIsCounted(t *testing.T) {
	p, w := startPool(t, func(c *Config) { c.Command = []string{os.Args[0], "broken"} })
	testapp.Eventually(t, 10*time.Second, "one has failed", func() bool { return w.unloaded.Load() > 0 })
	p.Close()
	if w.loaded.Load() != 0 {
		t.Error("one has loaded")
	}
}
