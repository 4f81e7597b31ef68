package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

// Version is that of the payloads which this program writes, of all task types
// together. Raise it when a program of the last version would misunderstand what is
// written now; a new field that may be missing is no reason. Readers understand this
// version and the last one, so that old and new processes can work side by side: what is
// too new for a process it gives back, and a newer one takes it.
const Version = 1

// ErrNewer says that a task is for a newer program. It is no failure: the entry is back
// in the queue after a second or two, and none of its retries are used up.
var ErrNewer = errors.New("the task is for a newer version of the program")

// giveBack is the number of retries of a task that must not be tried again: asynq keeps
// an entry without any left as failed, even one that is only given back.
const giveBack = 1

// pack writes a payload, an object, with its version.
func pack(payload any) ([]byte, error) {
	b, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, `{"v":%d,`, Version), b[1:]...), nil
}

// versionOf reads the version of a payload; one that says none is of the first.
func versionOf(payload []byte) int {
	versioned := struct {
		V int `json:"v"`
	}{1}
	_ = json.Unmarshal(payload, &versioned) // who can't be read is refused by its handler
	return versioned.V
}

// reader runs the tasks that a program of some version can read, and gives back the
// others.
type reader struct {
	asynq.Handler
	version int
	log     *slog.Logger
	told    sync.Once
}

// ProcessTask is asynq's.
func (r *reader) ProcessTask(ctx context.Context, t *asynq.Task) error {
	err := ErrNewer
	if versionOf(t.Payload()) <= r.version {
		err = r.Handler.ProcessTask(ctx, t)
	}
	if errors.Is(err, ErrNewer) {
		r.told.Do(func() { r.log.Info("tasks for a newer version of the program are left to newer processes") })
		return ErrNewer
	}
	if most, known := asynq.GetMaxRetry(ctx); err != nil && known && most <= giveBack {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	return err
}

// isFailure tells asynq what counts.
func isFailure(err error) bool { return !errors.Is(err, ErrNewer) }

// retryDelay doubles from one second. What is given back comes soon, and not all of it
// at once.
func retryDelay(tried int, err error, _ *asynq.Task) time.Duration {
	if errors.Is(err, ErrNewer) {
		return time.Second/2 + rand.N(time.Second) // #nosec G404 -- no secret
	}
	return time.Second << min(tried, 5)
}

// jobLife is how long after the start of its period a job that a process does not know
// may be one that a newer process asked for: more than the longest period.
const jobLife = 25 * time.Hour

// UnknownJob is the answer of a process that does not know the job of a task: a newer
// one may, until nobody can have asked for it.
func UnknownJob(ctx context.Context, now time.Time) error {
	id, _ := asynq.GetTaskID(ctx)
	_, start, _ := strings.Cut(id, ":")
	if period, err := time.Parse(time.RFC3339, start); err == nil && now.Sub(period) < jobLife {
		return ErrNewer
	}
	return fmt.Errorf("this version has no such job: %w", asynq.SkipRetry)
}
