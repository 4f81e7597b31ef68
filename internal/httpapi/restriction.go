package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Restricter stops what happens to a photo; photo.ErrNotFound says that there is
// nothing left to stop.
type Restricter interface {
	Restrict(ctx context.Context, id photo.ID, r photo.Restriction) (photo.Photo, error)
}

// restrictedStatus stands in the API for whatever status a restricted photo has:
// whoever waits for the photo must know that nothing will come.
const restrictedStatus = "restricted"

func statusOf(p photo.Photo) string {
	if p.Frozen() {
		return frozenStatus
	}
	if p.Restricted() {
		return restrictedStatus
	}
	return string(p.Status)
}

// restrictionBody is what a person is told of the restriction of their photo.
type restrictionBody struct {
	Since    time.Time  `json:"since"`
	Ground   string     `json:"ground" enum:"accuracy,unlawful,legal_claim,objection"`
	ReviewBy time.Time  `json:"review_by" doc:"when somebody has to have looked at it again"`
	ToldAt   *time.Time `json:"told_at" doc:"null until it is decided that the restriction will be lifted: from then on it may be at any time, and the photo is deleted 24 hours later at the earliest"`
	Note     string     `json:"note,omitempty" doc:"why it will be lifted"`
}

func restrictionOf(p photo.Photo) *restrictionBody {
	if !p.Restricted() {
		return nil
	}
	r := p.Restriction
	b := &restrictionBody{Since: r.Since.UTC(), Ground: string(r.Ground), ReviewBy: r.ReviewBy.UTC(), Note: r.Note}
	if !r.ToldAt.IsZero() {
		told := r.ToldAt.UTC()
		b.ToldAt = &told
	}
	return b
}

type restrictInput struct {
	Visitor
	Body struct {
		Ground string `json:"ground" enum:"accuracy,unlawful,legal_claim,objection" doc:"why, by Article 18(1) GDPR: accuracy (you contest that what we hold is right), unlawful (we process it unlawfully, and you want no erasure), legal_claim (you need it for a legal claim), objection (you object to the processing)"`
	}
}

// routeRestrictions adds a person's right to the restriction of processing.
func (a *API) routeRestrictions(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "restrict-photo", Method: http.MethodPost, Path: "/v1/photos/{id}/restriction",
		Summary: "Have a photo kept and nothing done with it", Tags: []string{"photos"}, DefaultStatus: http.StatusOK, MaxBodyBytes: 1 << 10,
		Description: "Article 18 GDPR. From the answer on the photo is not made, shown, changed or counted, and not deleted when its time is over; DELETE still deletes it. " +
			"An officer looks at it within 30 days. Before it is lifted the photo's record tells you so; 24 hours pass between lifting and deletion. The photo's key is all that opens the record: keep it. Asking again changes nothing.",
	}, api, http.StatusConflict), a.restrictPhoto)
}

func (a *API) restrictPhoto(ctx context.Context, in *restrictInput) (*photoOutput, error) {
	p, err := a.record(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	restricted, err := a.restrict(ctx, p.ID, photo.Ground(in.Body.Ground))
	if errors.Is(err, photo.ErrNotFound) { // its time has come since it was read: say what it is now
		if _, gone := a.record(ctx, in.Visitor); gone != nil {
			err = gone
		}
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return a.photoOutput(ctx, restricted)
}

// restrict restricts a photo from now on.
func (a *API) restrict(ctx context.Context, id photo.ID, why photo.Ground) (photo.Photo, error) {
	now := a.Now()
	return a.Restricter.Restrict(ctx, id, photo.Restriction{
		ID: photo.NewRestrictionID(), Ground: why, Since: now, ReviewBy: subjectrequest.RestrictionReviewDue(now),
	})
}

// restrictionProblem knows the errors of restrictions; nil for any other.
func restrictionProblem(err error) *Problem {
	switch {
	case errors.Is(err, photo.ErrRestricted):
		return problem(http.StatusConflict, "restricted", "The processing of this photo is restricted, as its owner asked: it is kept, and nothing is done with it. GET the photo to see since when and why; DELETE still deletes it.")
	case errors.Is(err, photo.ErrNotTold):
		return problem(http.StatusConflict, "person_not_told", "Tell the person first, with your reasons. The restriction can be lifted after that.")
	}
	return nil
}
