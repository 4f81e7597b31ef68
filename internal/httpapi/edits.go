package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// settingsBody are a photo's settings as clients see them.
type settingsBody struct {
	Background  string      `json:"background" doc:"auto, original, or a colour"`
	TurnDeg     float64     `json:"turn_deg"`
	RightMM     geom.MM     `json:"right_mm"`
	DownMM      geom.MM     `json:"down_mm"`
	ZoomPercent float64     `json:"zoom_percent"`
	Brightness  int         `json:"brightness"`
	Contrast    int         `json:"contrast"`
	Warmth      int         `json:"warmth"`
	Sharpness   int         `json:"sharpness"`
	Declared    answersBody `json:"declared" doc:"what the person said of what can't be measured"`
}

// answersBody are the answers to a report's questions, by the checks' names.
type answersBody struct {
	Glasses      string `json:"glasses_present"`
	Hair         string `json:"hair_over_eyes"`
	HeadCovering string `json:"no_head_coverings"`
	Age          string `json:"photo_age"`
}

func answersOf(d edit.Declared) answersBody {
	return answersBody{d.Glasses.String(), d.Hair.String(), d.HeadCovering.String(), d.Age.String()}
}

func settingsOf(s edit.Settings) settingsBody {
	return settingsBody{
		Background: s.Background.String(), TurnDeg: s.TurnDeg, RightMM: s.Right, DownMM: s.Down, ZoomPercent: s.Percent(),
		Brightness: s.Brightness, Contrast: s.Contrast, Warmth: s.Warmth, Sharpness: s.Sharpness,
		Declared: answersOf(s.Declared),
	}
}

// revisionBody is one order in a photo's history. There are no pictures of it:
// restoring it makes its photo again.
type revisionBody struct {
	Revision int          `json:"revision"`
	EditedAt time.Time    `json:"edited_at"`
	Document string       `json:"document"`
	AgeBand  string       `json:"age_band"`
	Settings settingsBody `json:"settings"`
}

func revisionsOf(p photo.Photo) []revisionBody {
	var all []revisionBody
	for _, r := range p.Revisions() {
		all = append(all, revisionBody{r.Number, r.At.UTC(), r.Order.Document, string(r.Order.AgeBand), settingsOf(r.Order.Settings)})
	}
	return all
}

// changeBody is what a client wants otherwise; what it leaves out stays. The
// limits are those of package edit, and a test holds them together.
type changeBody struct {
	RestoreRevision *int          `json:"restore_revision,omitempty" minimum:"1" doc:"go back to this revision's order; what else is named is changed on top of that"`
	Document        *string       `json:"document,omitempty" maxLength:"200"`
	AgeBand         *string       `json:"age_band,omitempty" enum:"under_1,1_5,6_10,adult"`
	Background      *string       `json:"background,omitempty" maxLength:"40" example:"light grey" doc:"auto (what the document asks for, where it may be replaced), original, transparent (a PNG), or a colour: a word of the document's backgrounds or #rrggbb"`
	TurnDeg         *float64      `json:"turn_deg,omitempty" minimum:"-15" maximum:"15" doc:"beyond level eyes, positive clockwise"`
	RightMM         *float64      `json:"right_mm,omitempty" minimum:"-20" maximum:"20" doc:"moves the head to the right"`
	DownMM          *float64      `json:"down_mm,omitempty" minimum:"-20" maximum:"20" doc:"moves the head down"`
	ZoomPercent     *float64      `json:"zoom_percent,omitempty" minimum:"60" maximum:"160"`
	Brightness      *int          `json:"brightness,omitempty" minimum:"-100" maximum:"100"`
	Contrast        *int          `json:"contrast,omitempty" minimum:"-100" maximum:"100"`
	Warmth          *int          `json:"warmth,omitempty" minimum:"-100" maximum:"100"`
	Sharpness       *int          `json:"sharpness,omitempty" minimum:"0" maximum:"100"`
	Statistics      *bool         `json:"statistics,omitempty" doc:"false deletes the photo's usage statistics and has none written any more; that can't be taken back, and is no edit"`
	Declared        *declaredBody `json:"declared,omitempty" doc:"answers to the report's questions"`
}

// declaredBody answers questions; what it leaves out stays as it was.
type declaredBody struct {
	Glasses      *string `json:"glasses_present,omitempty" enum:"met,not_met,exception,unanswered" doc:"exception: worn, and this office allows it"`
	Hair         *string `json:"hair_over_eyes,omitempty" enum:"met,not_met,unanswered"`
	HeadCovering *string `json:"no_head_coverings,omitempty" enum:"met,not_met,exception,unanswered"`
	Age          *string `json:"photo_age,omitempty" enum:"met,not_met,unanswered"`
}

func (b *declaredBody) declarations() edit.Declarations {
	if b == nil {
		return edit.Declarations{}
	}
	read := func(s *string) *edit.Answer {
		if s == nil {
			return nil
		}
		a, _ := edit.ParseAnswer(*s) // huma has checked it
		return &a
	}
	return edit.Declarations{Glasses: read(b.Glasses), Hair: read(b.Hair), HeadCovering: read(b.HeadCovering), Age: read(b.Age)}
}

func (b changeBody) change() (intake.Change, error) {
	c := intake.Change{Restore: b.RestoreRevision, Document: b.Document, Settings: edit.Change{
		TurnDeg: b.TurnDeg, Right: (*geom.MM)(b.RightMM), Down: (*geom.MM)(b.DownMM), ZoomPercent: b.ZoomPercent,
		Brightness: b.Brightness, Contrast: b.Contrast, Warmth: b.Warmth, Sharpness: b.Sharpness,
		Declared: b.Declared.declarations(),
	}}
	if b.AgeBand != nil {
		band, _ := photo.ParseAgeBand(*b.AgeBand) // huma has checked it
		c.AgeBand = &band
	}
	if b.Background != nil {
		background, err := backgroundOf(*b.Background)
		if err != nil {
			return c, err
		}
		c.Settings.Background = &background
	}
	return c, nil
}

// backgroundOf knows the catalogue's words for colours beside what package edit
// knows.
func backgroundOf(s string) (edit.Background, error) {
	if c, ok := docspec.ColourOf(strings.ToLower(s)); ok {
		s = c.Hex
	}
	return edit.ParseBackground(s)
}

type editInput struct {
	Visitor
	Body changeBody
}

// routeEdits adds what changes a photo.
func (a *API) routeEdits(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "edit-photo", Method: http.MethodPatch, Path: "/v1/photos/{id}",
		Summary: "Change a photo", Tags: []string{"photos"}, MaxBodyBytes: 16 << 10,
		Description: "The photo is made anew, mostly within a second, and kept for its full time again. Edits of a photo that is still being made wait for nothing: the last one wins, setting by setting. " +
			"A move beyond the picture's edge is made as far as the edge. Where the office forbids it, other light or another background is done all the same, and the report says that the photo will be refused.",
	}, api, http.StatusConflict), a.editPhoto)
}

func (a *API) editPhoto(ctx context.Context, in *editInput) (*photoOutput, error) {
	change, err := in.Body.change()
	if err != nil {
		return nil, a.problemOf(err)
	}
	// To say no to the statistics is no edit: it is done with any photo.
	look, objects := a.open, change == (intake.Change{}) && in.Body.Statistics != nil
	if objects {
		look = a.record
	}
	p, err := look(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	if change.Document != nil {
		if _, err := a.Catalogue.Find(*change.Document); err != nil {
			return nil, documentProblem(err)
		}
	}
	if p, err = a.object(ctx, p, in.Body.Statistics); err != nil {
		return nil, a.problemOf(err)
	}
	if objects {
		return a.photoOutput(ctx, p)
	}
	if p, err = a.Intake.Revise(ctx, p, change); err != nil {
		return nil, a.problemOf(err)
	}
	return a.photoOutput(ctx, p)
}
