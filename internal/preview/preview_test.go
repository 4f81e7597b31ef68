package preview_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// desk stands in for the queue: it hands an ID to whatever the test put behind it.
type desk struct {
	take   func(photo.PreviewID)
	forgot atomic.Int32
}

func (d *desk) EnqueuePreview(_ context.Context, id photo.PreviewID) error {
	if d.take != nil {
		go d.take(id)
	}
	return nil
}

func (d *desk) ForgetPreview(context.Context, photo.PreviewID) error {
	d.forgot.Add(1)
	return nil
}

var patient = preview.Waits{Offer: 10 * time.Second, Answer: 10 * time.Second}

var aPreview = photo.Preview{Order: photo.Order{Document: "us-passport", AgeBand: photo.Adult}, Format: photo.JPEG, Picture: []byte("\xff\xd8\xff a face")}

func TestATakerSeesThePreviewAndTheAskerItsAnswer(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	want := preview.Answer{Report: json.RawMessage(`{"checks":[]}`)}
	ended := make(chan error, 1)
	d := &desk{take: func(id photo.PreviewID) {
		ended <- preview.NewTaker(c).Take(context.Background(), id, func(_ context.Context, p photo.Preview) (preview.Answer, error) {
			if diff := cmp.Diff(aPreview, p); diff != "" {
				t.Error(diff)
			}
			return want, nil
		})
	}}
	got, err := preview.NewAsker(c, d, patient).Look(t.Context(), aPreview)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := d.forgot.Load(); n != 0 {
		t.Errorf("what was taken was forgotten %d times", n)
	}
}

func TestATakersTroubleIsTheAskersFailureAtOnce(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	trouble, ended := errors.New("secret of ours"), make(chan error, 1)
	d := &desk{take: func(id photo.PreviewID) {
		ended <- preview.NewTaker(c).Take(context.Background(), id, func(context.Context, photo.Preview) (preview.Answer, error) {
			return preview.Answer{}, trouble
		})
	}}
	if _, err := preview.NewAsker(c, d, patient).Look(t.Context(), aPreview); !errors.Is(err, preview.ErrFailed) {
		t.Errorf("the asker has %v", err)
	}
	if err := <-ended; !errors.Is(err, trouble) {
		t.Errorf("the taker has %v", err)
	}
}

func TestWithoutATakerTheAskerIsToldSoonAndTheIDIsTakenBack(t *testing.T) {
	c, d := testservers.RedisClient(t, testservers.Redis(t)), &desk{}
	_, err := preview.NewAsker(c, d, preview.Waits{Offer: 20 * time.Millisecond, Answer: 10 * time.Second}).Look(t.Context(), aPreview)
	if !errors.Is(err, preview.ErrBusy) || d.forgot.Load() != 1 {
		t.Errorf("the error is %v, forgotten %d times", err, d.forgot.Load())
	}
}

func TestATakerThatIsGoneIsNotWaitedForLong(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	gone := context.Canceled // as if killed: it answers nothing
	d := &desk{take: func(id photo.PreviewID) {
		ctx, cancel := context.WithCancel(context.Background())
		_ = preview.NewTaker(c).Take(ctx, id, func(context.Context, photo.Preview) (preview.Answer, error) {
			cancel()
			return preview.Answer{}, gone
		})
	}}
	_, err := preview.NewAsker(c, d, preview.Waits{Offer: 10 * time.Second, Answer: 300 * time.Millisecond}).Look(t.Context(), aPreview)
	if !errors.Is(err, preview.ErrBusy) {
		t.Errorf("the error is %v", err)
	}
}

func TestAClientThatLeavesTakesItsIDAlong(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	ctx, leave := context.WithCancel(t.Context())
	d := &desk{take: func(photo.PreviewID) { leave() }}
	_, err := preview.NewAsker(c, d, patient).Look(ctx, aPreview)
	if !errors.Is(err, context.Canceled) || d.forgot.Load() != 1 {
		t.Errorf("the error is %v, forgotten %d times", err, d.forgot.Load())
	}
}

func TestATakerStopsAtOnceWhenNobodyWaits(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	err := preview.NewTaker(c).Take(t.Context(), photo.NewPreviewID(), func(context.Context, photo.Preview) (preview.Answer, error) {
		t.Error("it looks at nothing")
		return preview.Answer{}, nil
	})
	if !errors.Is(err, preview.ErrNobody) {
		t.Errorf("the error is %v", err)
	}
}

// An ID may be handed out twice when the queue lost sight of the first taker.
func TestASecondTakerDisturbsNobody(t *testing.T) {
	c := testservers.RedisClient(t, testservers.Redis(t))
	second := make(chan error, 1)
	d := &desk{take: func(id photo.PreviewID) {
		_ = preview.NewTaker(c).Take(context.Background(), id, func(context.Context, photo.Preview) (preview.Answer, error) {
			second <- preview.NewTaker(c).Take(context.Background(), id, func(context.Context, photo.Preview) (preview.Answer, error) {
				t.Error("the second sees the picture")
				return preview.Answer{}, nil
			})
			return preview.Answer{Reason: photo.NoFace}, nil
		})
	}}
	got, err := preview.NewAsker(c, d, patient).Look(t.Context(), aPreview)
	if err != nil || got.Reason != photo.NoFace {
		t.Errorf("the answer is %+v, error %v", got, err)
	}
	if err := <-second; !errors.Is(err, preview.ErrNobody) {
		t.Errorf("the second has %v", err)
	}
}

func TestWithoutRedisBothSay(t *testing.T) {
	server := testservers.StartRedis(t)
	c := testservers.RedisClient(t, server.URL)
	server.Stop()
	if _, err := preview.NewAsker(c, &desk{}, patient).Look(t.Context(), aPreview); err == nil || errors.Is(err, preview.ErrBusy) {
		t.Errorf("the asker has %v", err)
	}
	if err := preview.NewTaker(c).Take(t.Context(), photo.NewPreviewID(), nil); err == nil || errors.Is(err, preview.ErrNobody) {
		t.Errorf("the taker has %v", err)
	}
}
