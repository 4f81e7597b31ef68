package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// turn is one holder's time with one photo.
type turn struct {
	*Handler
	photo photo.Photo
	claim photo.Claim
	log   *slog.Logger
}

func (t *turn) take(ctx context.Context) ending {
	news := t.newspaper()
	defer news.close()
	news.print(photo.Event{Status: photo.Processing, Revision: t.claim.Revision})

	held, letGo := t.holdLease(ctx)
	result, err := t.work(held, news)
	letGo()
	e := t.end(held, result, err)
	if s, ok := statusAfter(e.how); ok {
		news.print(photo.Event{Status: s, Revision: t.claim.Revision})
		if s.Settled() {
			t.Statistics.Settled(ctx, t.photo, statistics.Outcome{Status: s, Reason: e.reason, Verdict: verdict(result.Report)})
		}
	}
	return e
}

// verdict reads what a report comes to; empty without a report.
func verdict(report []byte) string {
	var r struct {
		Verdict string `json:"verdict"`
	}
	_ = json.Unmarshal(report, &r) // it is only for the statistics and for who is told
	return r.Verdict
}

// work develops the photo and stores what came of it.
func (t *turn) work(ctx context.Context, news *newspaper) (pipeline.Result, error) {
	at := func(s photo.Step) {
		news.print(photo.Event{Status: photo.Processing, Step: s, Revision: t.claim.Revision})
	}
	result, err := t.develop(ctx, at)
	if err != nil {
		return pipeline.Result{}, err
	}
	for _, s := range result.Steps {
		t.Meter.Step(ctx, s.Step, s.Took)
	}
	if result.Reason != "" {
		return result, nil
	}
	at(photo.StepStore)
	return result, t.store(ctx, result)
}

// develop goes by the analysis of an earlier turn where there is one, and asks
// for the original only when that does not do.
func (t *turn) develop(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
	spec, err := t.Catalogue.Find(t.photo.Document)
	if err != nil {
		return pipeline.Result{}, err
	}
	job := pipeline.Job{
		Spec: spec, AgeBand: t.photo.AgeBand, Format: t.photo.Original.Format, Settings: t.photo.Settings,
	}
	original := vault.OriginalOf(t.photo.ID)
	if t.photo.Analysis == (photo.Turn{}) {
		return t.hand(ctx, job, at, original)
	}
	analysis := vault.Of(vault.Analysis, t.photo.Analysis.Of(t.photo.ID))
	r, err := t.hand(ctx, job, at, analysis)
	if err != nil || !r.NeedsOriginal {
		return r, err
	}
	return t.hand(ctx, job, at, original, analysis)
}

// hand has the studio do the job with what the vault has under the items.
func (t *turn) hand(ctx context.Context, job pipeline.Job, at func(photo.Step), items ...vault.Item) (pipeline.Result, error) {
	var given studio.Given
	for _, item := range items {
		r, err := t.Vault.Open(ctx, item)
		if err != nil {
			return pipeline.Result{}, err
		}
		defer r.Close()
		if item.Kind == vault.Analysis {
			given.Analysis = r
		} else {
			given.Original = r
		}
	}
	result, err := t.Studio.Develop(ctx, job, given, at)
	if err == nil && result.NeedsOriginal && given.Original != nil {
		err = errors.New("the studio has the original and asks for it")
	}
	return result, err
}

// store keeps what was made and deletes what an edit has made useless: nobody
// can have that any more.
func (t *turn) store(ctx context.Context, r pipeline.Result) error {
	began := t.Now()
	for _, b := range []struct {
		kind    vault.Kind
		content []byte
	}{{vault.Result, r.Picture}, {vault.Report, r.Report}, {vault.Analysis, r.Analysis}} {
		if len(b.content) == 0 {
			continue // an edit leaves no analysis of its own
		}
		if _, err := t.Vault.Put(ctx, vault.Of(b.kind, t.claim), bytes.NewReader(b.content)); err != nil {
			return err
		}
	}
	if t.photo.Stale != (photo.Turn{}) {
		if err := t.Vault.DiscardResult(ctx, t.photo.Stale.Of(t.photo.ID)); err != nil {
			return err
		}
	}
	t.Meter.Step(ctx, photo.StepStore, t.Now().Sub(began))
	return nil
}
