package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
)

// outcome is how a turn ended, a label of the metrics. The first three are
// statuses of the photo.
type outcome string

const (
	ready      outcome = "ready"
	rejected   outcome = "rejected"
	failed     outcome = "failed"
	struck     outcome = "struck"      // the studio died; there will be another turn
	lost       outcome = "lost"        // another holder, or an erasure
	handedBack outcome = "handed_back" // the process stops
	broken     outcome = "broken"      // a fault of ours; there will be another turn
)

// ending is how a turn ended. err, if any, is for the queue's archive.
type ending struct {
	how    outcome
	reason photo.Reason
	err    error
}

// Limits of time for what is done when the turn's own context may have ended.
// A stopping process has 3 seconds to hand back.
const (
	recordLimit  = 5 * time.Second
	handBackTime = 2 * time.Second
)

// end records what became of the work. held is the context of the work, whose
// cause tells why it was cut off.
func (t *turn) end(held context.Context, r pipeline.Result, err error) ending {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(held), recordLimit)
	defer cancel()
	switch {
	case err == nil:
		return t.finish(ctx, r)
	case errors.Is(err, studio.ErrDied):
		return t.strike(ctx, err)
	case errors.Is(context.Cause(held), photo.ErrClaimLost):
		return t.lose(ctx)
	case held.Err() != nil:
		return t.handBack(ctx)
	}
	return t.breakOff(ctx, err)
}

func (t *turn) finish(ctx context.Context, r pipeline.Result) ending {
	o, how := photo.Outcome{Status: photo.Ready, Now: t.Now(), Analysis: len(r.Analysis) > 0, Verdict: verdict(r.Report)}, ready
	if r.Reason != "" {
		o.Status, o.Reason, how = photo.Rejected, r.Reason, rejected
	}
	err := t.Outcomes.Finish(ctx, t.claim, o)
	if errors.Is(err, photo.ErrClaimLost) {
		return t.lose(ctx)
	}
	if err != nil {
		// It may have been recorded all the same, so nothing is discarded. If
		// it was not, the lease lapses and another turn comes.
		t.log.ErrorContext(ctx, "an outcome was not recorded", "error", err)
		return ending{how: broken, err: err}
	}
	return ending{how: how, reason: r.Reason}
}

// strike records that the studio died on this picture, and has it tried once
// more, at once.
func (t *turn) strike(ctx context.Context, why error) ending {
	t.log.WarnContext(ctx, "the studio died", "error", why)
	status, err := t.Outcomes.Strike(ctx, t.claim, t.Now())
	switch {
	case errors.Is(err, photo.ErrClaimLost):
		return t.lose(ctx)
	case err != nil:
		t.log.ErrorContext(ctx, "a strike was not recorded", "error", err)
		return ending{how: broken, err: err}
	case status == photo.Failed:
		return ending{how: failed, reason: photo.KillsChild}
	}
	t.enqueue(ctx)
	return ending{how: struck}
}

// lose leaves no trace of a turn whose claim is gone.
func (t *turn) lose(ctx context.Context) ending {
	if err := t.Vault.Discard(ctx, t.claim); err != nil {
		t.log.WarnContext(ctx, "a lost claim's blobs were not deleted", "error", err)
	}
	return ending{how: lost}
}

// handBack gives the photo to another worker, because this process stops or
// asynq has lost patience.
func (t *turn) handBack(ctx context.Context) ending {
	ctx, cancel := context.WithTimeout(ctx, handBackTime)
	defer cancel()
	if e, ok := t.release(ctx); !ok {
		return e
	}
	t.enqueue(ctx)
	return ending{how: handedBack}
}

// breakOff ends a turn that failed through no fault of the picture. The sweep
// asks for the next one some seconds later, when what is broken may work again.
func (t *turn) breakOff(ctx context.Context, why error) ending {
	if e, ok := t.release(ctx); !ok {
		return e // an erasure takes the original from under a turn: no fault
	}
	t.log.ErrorContext(ctx, "a turn failed", "error", why)
	return ending{how: broken, err: why}
}

// release puts the photo back among the queued. If it can't, the ending says so.
func (t *turn) release(ctx context.Context) (ending, bool) {
	err := t.Vault.Discard(ctx, t.claim)
	if err != nil {
		t.log.WarnContext(ctx, "an unfinished turn's blobs were not deleted", "error", err)
	}
	err = t.Claims.Release(ctx, t.claim, t.Now())
	if errors.Is(err, photo.ErrClaimLost) {
		return ending{how: lost}, false
	}
	if err != nil {
		t.log.ErrorContext(ctx, "a photo was not handed back", "error", err)
		return ending{how: broken, err: fmt.Errorf("hand back: %w", err)}, false
	}
	return ending{}, true
}

// enqueue asks for the next turn. If Redis is away, the sweep will.
func (t *turn) enqueue(ctx context.Context) {
	if err := t.Queue.EnqueuePhoto(ctx, t.claim); err != nil {
		t.log.WarnContext(ctx, "a photo's next task waits for the sweep", "error", err)
	}
}

// statusAfter is the photo's status that watchers are told; a lost turn has
// nothing to say.
func statusAfter(how outcome) (photo.Status, bool) {
	switch how {
	case ready, rejected, failed:
		return photo.Status(how), true
	case struck, handedBack:
		return photo.Queued, true
	}
	return "", false
}
