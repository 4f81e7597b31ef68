package worker

import (
	"context"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// edit has the photo edited, with its task.
func (r *rig) edit(id photo.ID, s edit.Settings) {
	r.Helper()
	now := time.Now()
	p, err := r.photos.Revise(r.Context(), r.get(id), photo.Revised{
		Order: photo.Order{Document: "gb-passport", AgeBand: photo.Adult, Settings: s}, Now: now, ExpiresAt: now.Add(48 * time.Hour),
	})
	ok(r.T, err)
	ok(r.T, r.queue.EnqueuePhoto(r.Context(), p.Claim()))
}

func edited(context.Context, func(photo.Step)) (pipeline.Result, error) {
	return pipeline.Result{Picture: []byte("another photo"), Report: []byte(`{}`)}, nil
}

func TestAnEditIsMadeFromTheAnalysisAndReplacesTheResult(t *testing.T) {
	r := newRig(t)
	r.studio.plays(develops, edited)
	id := r.upload()
	r.serve()
	first := r.reaches(id, photo.Ready)
	r.edit(id, edit.Settings{Brightness: 20})
	second := r.reaches(id, photo.Ready)

	if was := r.studio.handed[1]; was != (handed{analysis: "what was seen"}) {
		t.Errorf("the studio was handed %+v", was)
	}
	if job := r.studio.jobs[1]; job.Spec.ID != "gb-passport" || job.Settings.Brightness != 20 {
		t.Errorf("the studio was asked for %s, %+v", job.Spec.ID, job.Settings)
	}
	if got := r.stored(vault.Result, second.Claim()); got != "another photo" {
		t.Errorf("the result is %q", got)
	}
	if got := r.stored(vault.Result, first.Claim()); got != "" {
		t.Errorf("the result before is still there: %q", got)
	}
	if got := r.stored(vault.Analysis, first.Claim()); got != "what was seen" {
		t.Errorf("the analysis is %q", got)
	}
}

func TestAnEditThatTheAnalysisCannotServeGetsTheOriginalToo(t *testing.T) {
	r := newRig(t)
	needs := func(context.Context, func(photo.Step)) (pipeline.Result, error) {
		return pipeline.Result{NeedsOriginal: true}, nil
	}
	r.studio.plays(develops, needs, edited)
	id := r.upload()
	r.serve()
	r.reaches(id, photo.Ready)
	r.edit(id, edit.Settings{})
	p := r.reaches(id, photo.Ready)
	if was := r.studio.handed[2]; was != (handed{"an original", "what was seen"}) {
		t.Errorf("the studio was handed %+v", was)
	}
	if got := r.stored(vault.Result, p.Claim()); got != "another photo" {
		t.Errorf("the result is %q", got)
	}
}

func TestAnEditDuringATurnWinsOverIt(t *testing.T) {
	r := newRig(t)
	id := r.upload()
	first := func(ctx context.Context, at func(photo.Step)) (pipeline.Result, error) {
		r.edit(id, edit.Settings{Contrast: 5})
		return develops(ctx, at)
	}
	r.studio.plays(first, edited)
	r.serve()
	p := r.reaches(id, photo.Ready)
	if p.Revision != 2 || r.stored(vault.Result, p.Claim()) != "another photo" {
		t.Errorf("revision %d with %q", p.Revision, r.stored(vault.Result, p.Claim()))
	}
	lost := photo.Claim{ID: id, Revision: 1, Attempt: 1}
	if got := r.stored(vault.Result, lost) + r.stored(vault.Analysis, lost); got != "" {
		t.Errorf("the turn that lost left %q", got)
	}
}
