package studio

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Config says how a pool keeps its children. The zero value of a field that
// names a default means that default.
type Config struct {
	Slots   int      // children at a time, at least 1
	Command []string // program and arguments of a child
	// Models is the directory of the models, MatteModel the file of a segmentation
	// network in place of the built-in one and MatteScale how its numbers are
	// meant, both empty for that one. This is all of the configuration that a child
	// is told, in ModelsVariable and so on. It gets nothing else of its parent's
	// environment, which holds credentials.
	Models, MatteModel, MatteScale string

	Memory uint64 // bytes of private writable memory; 1.5 GB by default

	Limit       time.Duration // for one picture; 20 s by default
	StartLimit  time.Duration // for becoming ready, and for a picture's wait; 30 s by default
	MaxPictures int           // before a child is replaced; 200 by default

	// RequireConfinement refuses children whom the kernel denies a system call
	// filter. Without it they work and a warning is logged.
	RequireConfinement bool

	Log      *slog.Logger
	Observer Observer // nobody by default
}

// The variables of a child's environment that say where the models are. They are
// named as an operator knows them, for what a child says about them is logged.
const (
	ModelsVariable     = "MODELS_DIR"
	MatteModelVariable = "MATTE_MODEL"
	MatteScaleVariable = "MATTE_MODEL_SCALE"
)

const (
	defaultMemory      = 1536 << 20
	defaultLimit       = 20 * time.Second
	defaultStartLimit  = 30 * time.Second
	defaultMaxPictures = 200
)

func (c *Config) complete() error {
	if c.Slots < 1 || len(c.Command) == 0 || c.Log == nil {
		return errors.New("a pool of studios needs at least one slot, a command and a log")
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	if c.Memory == 0 {
		c.Memory = defaultMemory
	}
	if c.Limit == 0 {
		c.Limit = defaultLimit
	}
	if c.StartLimit == 0 {
		c.StartLimit = defaultStartLimit
	}
	if c.MaxPictures == 0 {
		c.MaxPictures = defaultMaxPictures
	}
	return nil
}

// environment is everything a child knows of the world. It does one picture at
// a time, so libraries get one thread and few arenas; Go's own part is small
// and leaves the memory to C.
func (c *Config) environment() []string {
	return []string{
		fmt.Sprintf("%s=%d", memoryVariable, c.Memory),
		ModelsVariable + "=" + c.Models,
		MatteModelVariable + "=" + c.MatteModel,
		MatteScaleVariable + "=" + c.MatteScale,
		"LANG=C.UTF-8",
		"GOMAXPROCS=2",
		fmt.Sprintf("GOMEMLIMIT=%d", c.Memory/4),
		"GOTRACEBACK=none",
		"MALLOC_ARENA_MAX=1",
		"OMP_NUM_THREADS=1",
		"OPENBLAS_NUM_THREADS=1",
		"VIPS_CONCURRENCY=1",
		"VIPS_BLOCK_UNTRUSTED=1",
	}
}
