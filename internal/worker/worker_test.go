package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

func TestAQueuedPhotoBecomesReadyAndWatchersSeeIt(t *testing.T) {
	r := newRig(t)
	r.studio.plays(develops)
	id := r.upload()
	events, stop, err := r.events.Subscribe(t.Context(), id)
	ok(t, err)
	defer stop()
	r.serve()

	p := r.reaches(id, photo.Ready)
	if p.ResultAttempt != 1 {
		t.Errorf("the result is of attempt %d", p.ResultAttempt)
	}
	if got := r.stored(vault.Result, p.Claim()) + r.stored(vault.Report, p.Claim()); got != `a photo{"verdict":"pass"}` {
		t.Errorf("stored: %s", got)
	}
	if was := r.studio.handed[0]; was != (handed{original: "an original"}) {
		t.Errorf("the studio was handed %+v", was)
	}
	if job := r.studio.jobs[0]; job.Spec.ID != "us-passport" || job.AgeBand != photo.Adult || job.Format != photo.JPEG {
		t.Errorf("the studio was asked for %s, %s, %s", job.Spec.ID, job.AgeBand, job.Format)
	}
	var got []photo.Event
	for len(got) < 5 {
		select {
		case e := <-events:
			got = append(got, e)
		case <-time.After(10 * time.Second):
			t.Fatalf("only %+v came", got)
		}
	}
	want := []photo.Event{
		{Status: photo.Processing, Revision: 1},
		{Status: photo.Processing, Step: photo.StepDecode, Revision: 1},
		{Status: photo.Processing, Step: photo.StepRender, Revision: 1},
		{Status: photo.Processing, Step: photo.StepStore, Revision: 1},
		{Status: photo.Ready, Revision: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPictureOfWhichNoPhotoCanBeMadeIsRejected(t *testing.T) {
	r := newRig(t)
	r.studio.plays(func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		return pipeline.Result{Reason: photo.SeveralFaces}, nil
	})
	id := r.upload()
	r.serve()
	if p := r.reaches(id, photo.Rejected); p.Reason != photo.SeveralFaces || p.ResultAttempt != 0 {
		t.Errorf("reason %s, result of attempt %d", p.Reason, p.ResultAttempt)
	}
}

func TestAPictureThatKillsTheStudioTwiceHasFailed(t *testing.T) {
	r := newRig(t)
	r.studio.plays(fails(studio.ErrDied))
	id := r.upload()
	r.serve()
	if p := r.reaches(id, photo.Failed); p.Reason != photo.KillsChild || p.Attempt != 2 {
		t.Errorf("reason %s after %d attempts", p.Reason, p.Attempt)
	}
}

func TestAPictureThatKillsTheStudioOnceIsTriedAgainAtOnce(t *testing.T) {
	r := newRig(t)
	r.studio.plays(fails(studio.ErrDied), develops)
	id := r.upload()
	r.serve()
	if p := r.reaches(id, photo.Ready); p.Strikes != 1 || p.ResultAttempt != 2 {
		t.Errorf("%d strikes, result of attempt %d", p.Strikes, p.ResultAttempt)
	}
}

func TestAFaultOfOursIsNoStrikeAndLeavesTheNextTurnToTheSweep(t *testing.T) {
	r := newRig(t)
	r.studio.plays(fails(studio.ErrFault), develops)
	id := r.upload()
	r.serve()
	for r.get(id).Attempt == 0 {
		time.Sleep(time.Millisecond)
	}
	if p := r.reaches(id, photo.Queued); p.Strikes != 0 {
		t.Errorf("%d strikes", p.Strikes)
	}
	claims, err := r.photos.Stranded(t.Context(), time.Now().Add(time.Minute), 10)
	ok(t, err)
	if diff := cmp.Diff([]photo.Claim{{ID: id, Revision: 1, Attempt: 1}}, claims); diff != "" {
		t.Fatal(diff)
	}
	ok(t, r.queue.EnqueuePhoto(t.Context(), claims[0]))
	r.reaches(id, photo.Ready)
}

func TestAPhotoWaitsForAKeyServiceThatIsAway(t *testing.T) {
	service := testservers.StartKeyService(t)
	r := newRig(t, "MASTER_KEY_URL="+service.AWS("master"))
	r.handler.Vault = r.in.Storage(t).Vault // the worker's own, which has opened no key yet
	r.studio.plays(develops)
	id := r.upload()
	service.Fail(-1)
	r.serve()
	for r.get(id).Attempt == 0 {
		time.Sleep(time.Millisecond)
	}
	r.reaches(id, photo.Queued)
	service.Fail(0)
	claims, err := r.photos.Stranded(t.Context(), time.Now().Add(time.Minute), 10)
	ok(t, err)
	if len(claims) != 1 {
		t.Fatalf("stranded: %v", claims)
	}
	ok(t, r.queue.EnqueuePhoto(t.Context(), claims[0]))
	p := r.reaches(id, photo.Ready)
	if got := r.stored(vault.Result, p.Claim()); got == "" || p.Strikes != 0 {
		t.Errorf("result %q, %d strikes", got, p.Strikes)
	}
}

func TestALateTaskTouchesNothing(t *testing.T) {
	r := newRig(t)
	r.studio.plays(develops)
	id := r.upload()
	task := photoTask(id, 0)
	ok(t, r.handler.ProcessTask(t.Context(), task))
	before := r.get(id)
	ok(t, r.handler.ProcessTask(t.Context(), task))
	if diff := cmp.Diff(before, r.get(id)); diff != "" || len(r.studio.jobs) != 1 {
		t.Errorf("%d pictures developed; %s", len(r.studio.jobs), diff)
	}
}

func TestAWorkerThatLosesItsClaimIsStoppedAndLeavesNothing(t *testing.T) {
	r := newRig(t)
	cause := make(chan error, 1)
	r.studio.plays(func(ctx context.Context, _ func(photo.Step)) (pipeline.Result, error) {
		if _, err := r.photos.BeginErasure(ctx, r.last); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return pipeline.Result{}, context.Cause(ctx)
	})
	r.last = r.upload()
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	if err := <-cause; !errors.Is(err, photo.ErrClaimLost) {
		t.Errorf("the studio was stopped by %v", err)
	}
	r.reaches(r.last, photo.Erasing)
}

func TestAPhotoReportedMeanwhileIsLeftAsItIsAndMadeWhenTheReportIsRejected(t *testing.T) {
	r := newRig(t)
	r.handler.RenewEvery = time.Hour
	r.last = r.upload()
	reports := r.store.ChildReports
	var report childreport.Report
	r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		c, name, _, err := childreport.New(childreport.Filing{Photo: string(r.last), Ground: "uploaded_by_child", Words: "x", Now: time.Now()})
		ok(t, err)
		report, err = reports.File(ctx, c, name)
		ok(t, err)
		return develops(ctx, at)
	}, develops)
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 1))) // refused
	if p := r.get(r.last); p.Status != photo.Queued || !p.Frozen() || len(r.studio.jobs) != 1 {
		t.Errorf("%s, frozen %v, %d pictures developed", p.Status, p.Frozen(), len(r.studio.jobs))
	}
	if got := r.stored(vault.Result, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}); got != "" {
		t.Errorf("left: %s", got)
	}
	c, _, err := report.Decide(childreport.Decision{State: childreport.Rejected, Reason: "x", Version: 1, Officer: "desk-a", Now: time.Now()})
	ok(t, err)
	ok(t, reports.Save(t.Context(), c))
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 1)))
	r.reaches(r.last, photo.Ready)
}

func TestAPhotoRestrictedMeanwhileIsLeftAsItIs(t *testing.T) {
	for name, renewEvery := range map[string]time.Duration{"the studio is stopped": 10 * time.Millisecond, "it has finished": time.Hour} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.handler.RenewEvery = renewEvery
			r.last = r.upload()
			r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
				_, err := r.photos.Restrict(ctx, r.last, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Objects, Since: time.Now()})
				if err != nil {
					t.Error(err)
				}
				if renewEvery < time.Hour {
					<-ctx.Done()
					return pipeline.Result{}, context.Cause(ctx)
				}
				return develops(ctx, at)
			})
			ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
			ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 1))) // refused
			p := r.get(r.last)
			if p.Status != photo.Queued || !p.Restricted() || p.Attempt != 1 || len(r.studio.jobs) != 1 {
				t.Errorf("%s, restricted %v, attempt %d, %d pictures developed", p.Status, p.Restricted(), p.Attempt, len(r.studio.jobs))
			}
			if got := r.stored(vault.Result, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}); got != "" {
				t.Errorf("left: %s", got)
			}
			if original, err := r.vault.Read(t.Context(), vault.OriginalOf(r.last)); err != nil || string(original) != "an original" {
				t.Errorf("the original: %q, %v", original, err)
			}
		})
	}
}

func TestAPhotoThatExpiresMeanwhileIsNotStored(t *testing.T) {
	r := newRig(t)
	r.handler.RenewEvery = time.Hour
	late := time.Duration(0)
	r.handler.Now = func() time.Time { return time.Now().Add(late) }
	r.last = r.upload()
	r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		late = retention.PictureFloor
		return develops(ctx, at)
	})
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	if p := r.get(r.last); p.Status != photo.Processing || p.ResultAttempt != 0 {
		t.Errorf("%s, result of attempt %d", p.Status, p.ResultAttempt)
	}
	if got := r.stored(vault.Result, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}); got != "" {
		t.Errorf("left: %s", got)
	}
}

func TestAFrozenWorkerThatWakesOverwritesNothing(t *testing.T) {
	r := newRig(t)
	r.handler.RenewEvery = time.Hour // frozen
	r.last = r.upload()
	r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		// Meanwhile the lease lapses, and another worker finishes.
		other, err := r.photos.Claim(ctx, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}, time.Now().Add(photo.Lease+time.Second))
		if err != nil {
			t.Error(err)
		}
		_, err = r.vault.Put(ctx, vault.Of(vault.Result, other.Claim()), strings.NewReader("the other's photo"))
		if err != nil {
			t.Error(err)
		}
		if err := r.photos.Finish(ctx, other.Claim(), photo.Outcome{Status: photo.Ready, Now: time.Now()}); err != nil {
			t.Error(err)
		}
		return develops(ctx, at)
	})
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	p := r.get(r.last)
	if p.Status != photo.Ready || p.ResultAttempt != 2 || r.stored(vault.Result, p.Claim()) != "the other's photo" {
		t.Errorf("%s, result of attempt %d", p.Status, p.ResultAttempt)
	}
	if got := r.stored(vault.Result, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}); got != "" {
		t.Errorf("the loser's blob is left: %s", got)
	}
}

func TestAPhotoErasedMeanwhileIsNotStored(t *testing.T) {
	r := newRig(t)
	r.handler.RenewEvery = time.Hour
	r.last = r.upload()
	r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		_, err := r.photos.BeginErasure(ctx, r.last)
		for _, err := range []error{err, r.vault.EraseKey(ctx, r.last), r.vault.EraseBlobs(ctx, r.last), r.photos.Remove(ctx, r.last, time.Now())} {
			if err != nil {
				t.Error(err)
			}
		}
		return develops(ctx, at)
	})
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	if got := r.stored(vault.Result, photo.Claim{ID: r.last, Revision: 1, Attempt: 1}); got != "" {
		t.Errorf("left: %s", got)
	}
}

func TestAStoppingWorkerHandsItsPhotoToAnother(t *testing.T) {
	r := newRig(t)
	atWork := make(chan struct{})
	r.studio.plays(func(ctx context.Context, _ func(photo.Step)) (pipeline.Result, error) {
		close(atWork)
		<-ctx.Done()
		return pipeline.Result{}, context.Cause(ctx)
	}, develops)
	id := r.upload()
	stop := r.serve()
	<-atWork
	began := time.Now()
	stop()
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if p := r.get(id); p.Status != photo.Queued || p.Strikes != 0 {
		t.Errorf("left %s with %d strikes", p.Status, p.Strikes)
	}
	began = time.Now()
	r.serve()
	r.reaches(id, photo.Ready)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the next worker needed %s", took)
	}
}

func TestALongTurnKeepsItsLease(t *testing.T) {
	r := newRig(t)
	r.last = r.upload()
	r.studio.plays(func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		first := r.get(r.last).LeaseUntil
		for r.get(r.last).LeaseUntil.Sub(first) < 50*time.Millisecond {
			if ctx.Err() != nil {
				return pipeline.Result{}, ctx.Err()
			}
			time.Sleep(time.Millisecond)
		}
		return develops(ctx, at)
	})
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	r.reaches(r.last, photo.Ready)
}

func TestWithoutRecordsATaskIsTriedAgain(t *testing.T) {
	r := newRig(t)
	r.handler.Claims = noRecords{}
	err := r.handler.ProcessTask(t.Context(), photoTask(r.upload(), 0))
	if err == nil || errors.Is(err, asynq.SkipRetry) {
		t.Errorf("%v", err)
	}
}

func TestWhenNoLeaseCanBeRenewedTheTurnEndsWithIt(t *testing.T) {
	r := newRig(t)
	r.last = r.upload()
	now := time.Now()
	clock := make(chan time.Time, 1)
	clock <- now
	r.handler.Now = func() time.Time { n := <-clock; clock <- n; return n }
	r.handler.Claims = &noRenewal{Claims: r.photos, tried: func() { n := <-clock; clock <- n.Add(photo.Lease / 3) }}
	r.studio.plays(func(ctx context.Context, _ func(photo.Step)) (pipeline.Result, error) {
		<-ctx.Done()
		return pipeline.Result{}, context.Cause(ctx)
	})
	ok(t, r.handler.ProcessTask(t.Context(), photoTask(r.last, 0)))
	if got := <-clock; got.Sub(now) < photo.Lease {
		t.Errorf("the turn ended %s after its claim", got.Sub(now))
	}
}

func TestATaskThatNamesNoPhotoIsNotTriedAgain(t *testing.T) {
	r := newRig(t)
	err := r.handler.ProcessTask(t.Context(), asynq.NewTask("photo:develop", []byte("?")))
	if !errors.Is(err, asynq.SkipRetry) {
		t.Errorf("%v", err)
	}
}

type noRecords struct{ Claims }

func (noRecords) Claim(context.Context, photo.Claim, time.Time) (photo.Photo, error) {
	return photo.Photo{}, errors.New("the database is away")
}

// noRenewal answers all but renewals.
type noRenewal struct {
	Claims
	tried func()
}

func (n *noRenewal) Renew(context.Context, photo.Claim, time.Time) error {
	n.tried()
	return errors.New("the database is away")
}

// photoTask is the task of a photo's first revision before the given attempt.
func photoTask(id photo.ID, attempt int) *asynq.Task {
	return asynq.NewTask("photo:develop", fmt.Appendf(nil, `{"id":%q,"revision":1,"attempt":%d}`, id, attempt))
}

func TestHowATurnEndedIsNotedUnderThePhotosReference(t *testing.T) {
	r := newRig(t)
	dies := fails(studio.ErrDied)
	rejects := func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		return pipeline.Result{Reason: photo.NoFace}, nil
	}
	r.studio.plays(develops, rejects, dies)
	r.serve()
	for _, want := range []string{"ready  pass", "rejected no_face ", "failed picture_not_processable "} {
		p := r.reaches(r.upload(), photo.Status(strings.Fields(want)[0]))
		testapp.Eventually(t, 10*time.Second, "the turn is noted as "+want, func() bool {
			e, err := r.store.Statistics.Find(t.Context(), p.Reference)
			return err == nil && e.Outcome+" "+e.Reason+" "+e.Verdict == want && !e.SettledAt.IsZero()
		})
	}
}
