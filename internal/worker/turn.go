package worker

import (
	"bytes"
	"context"
	"log/slog"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
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
	}
	return e
}

// work develops the photo and stores what came of it.
func (t *turn) work(ctx context.Context, news *newspaper) (pipeline.Result, error) {
	spec, err := t.Catalogue.Find(t.photo.Document)
	if err != nil {
		return pipeline.Result{}, err
	}
	original, err := t.Vault.Open(ctx, vault.OriginalOf(t.photo.ID))
	if err != nil {
		return pipeline.Result{}, err
	}
	defer original.Close()
	job := pipeline.Job{Spec: spec, AgeBand: t.photo.AgeBand, Format: t.photo.Original.Format}
	at := func(s photo.Step) {
		news.print(photo.Event{Status: photo.Processing, Step: s, Revision: t.claim.Revision})
	}
	result, err := t.Studio.Develop(ctx, job, original, at)
	if err != nil {
		return pipeline.Result{}, err
	}
	for _, s := range result.Steps {
		t.Meter.Step(s.Step, s.Took)
	}
	if result.Reason != "" {
		return result, nil
	}
	at(photo.StepStore)
	return result, t.store(ctx, result)
}

func (t *turn) store(ctx context.Context, r pipeline.Result) error {
	began := t.Now()
	for kind, b := range map[vault.Kind][]byte{vault.Result: r.Picture, vault.Report: r.Report} {
		if _, err := t.Vault.Put(ctx, vault.Of(kind, t.claim), bytes.NewReader(b)); err != nil {
			return err
		}
	}
	t.Meter.Step(photo.StepStore, t.Now().Sub(began))
	return nil
}
