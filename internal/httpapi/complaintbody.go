package httpapi

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
)

type complainInput struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Words     string `json:"words" minLength:"1" maxLength:"5000" doc:"what is wrong, in plain text of at most 5000 characters; name nobody and send no copy of an identity document"`
		Email     string `json:"email,omitempty" maxLength:"400" doc:"where the answer is announced, once a mailed link was followed; may be left out"`
		Reference string `json:"reference,omitempty" maxLength:"100" doc:"of a photo's usage statistics, if you want us to look at them"`
		PhotoID   string `json:"photo_id,omitempty" maxLength:"100" doc:"the photo that it is about, whose key is the bearer"`
	}
}

type complainedBody struct {
	ID       string           `json:"id"`
	Key      string           `json:"key" doc:"opens this complaint and its answer; it is shown once and can't be had again"`
	State    string           `json:"state" example:"received"`
	AnswerBy string           `json:"answer_by" format:"date" doc:"the last day on which the answer is in time"`
	Links    contestLinksBody `json:"links"`
}

type complainedOutput struct {
	Location string `header:"Location"`
	Body     complainedBody
}

// complaintBody is a complaint as its person sees it.
type complaintBody struct {
	ID            string           `json:"id"`
	State         string           `json:"state" enum:"received,in_progress,answered,closed"`
	FiledAt       time.Time        `json:"filed_at"`
	AnswerBy      string           `json:"answer_by" format:"date"`
	Words         string           `json:"words,omitempty" doc:"yours; forgotten 14 days after the answer"`
	Document      string           `json:"document,omitempty" doc:"of the photo that it is about"`
	Verdict       string           `json:"verdict,omitempty" doc:"of that photo's report"`
	Checks        []contestedBody  `json:"checks" nullable:"false" doc:"all that was copied of the report"`
	Answer        string           `json:"answer,omitempty"`
	AnsweredAt    *time.Time       `json:"answered_at" doc:"null until it is answered"`
	ReadableUntil *time.Time       `json:"readable_until" doc:"when words and answer are forgotten; null before there is an end"`
	ClosedAt      *time.Time       `json:"closed_at"`
	Closing       string           `json:"closing,omitempty" enum:"answered,unfounded,no_reply,withdrawn,merged" doc:"why it is closed"`
	MergedInto    string           `json:"merged_into,omitempty" doc:"the ID of your other complaint, whose answer is the answer to both"`
	Links         contestLinksBody `json:"links"`
}

type complaintOutput struct{ Body complaintBody }

func (a *API) complaintBodyOf(c complaint.Complaint) complaintBody {
	return complaintBody{
		ID: string(c.ID), State: string(c.State), FiledAt: c.FiledAt.UTC(), AnswerBy: a.lastDay(c), Words: c.Words,
		Document: c.About.Document, Verdict: string(c.About.Verdict), Checks: checkBodies(c.About.Checks),
		Answer: c.Answer, AnsweredAt: momentOrNil(c.AnsweredAt), ReadableUntil: momentOrNil(c.ReadableUntil()),
		ClosedAt: momentOrNil(c.ClosedAt), Closing: string(c.Closing), MergedInto: string(c.MergedInto),
		Links: contestLinksBody{complaintPath(c.ID)},
	}
}

// lastDay is the last day on which a complaint's answer is in time, where the controller
// is.
func (a *API) lastDay(c complaint.Complaint) string {
	return complaintdesk.LastDay(c).In(a.Zone).Format(time.DateOnly)
}

func momentOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// checkBodies are the checks that were kept of a report.
func checkBodies(records []contest.Record) []contestedBody {
	bodies := []contestedBody{}
	for _, r := range records {
		was := r.Check()
		bodies = append(bodies, contestedBody{
			string(was.Name), r.Stage, string(was.Outcome), was.Value, string(was.Unit), was.Limits, string(was.Certainty),
		})
	}
	return bodies
}
