package archive

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// Photo is the record of a photo and of what belongs to it. It holds no place in the
// picture: what was measured there is in the report, which ends with the photo.
type Photo struct {
	ID        photo.ID  `json:"id"`
	Original  Upload    `json:"original"`
	Statement Statement `json:"statement"`
	Orders    []Order   `json:"orders"` // oldest first; the last one is in force

	// The rest is not part of a portability answer, but for the contests' words.
	Record      *Record      `json:"record,omitempty"`
	Restriction *Restriction `json:"restriction,omitempty"`
	Checks      *Checks      `json:"checks,omitempty"`
	Statistics  *Statistics  `json:"statistics,omitempty"`
	Log         []LogLine    `json:"log,omitempty"`
	Contests    []Contest    `json:"contests,omitempty"`
}

// Upload is the picture as it came.
type Upload struct {
	Format photo.Format `json:"format"`
	Bytes  int64        `json:"bytes"`
	Width  int          `json:"width_px"` // 0 when the file did not tell
	Height int          `json:"height_px"`
}

// Statement is what was stated before the upload.
type Statement struct {
	Person        bool `json:"thirteen_or_older_and_may_act"`
	FacePoints    bool `json:"agreed_to_locating_points_of_the_face"`
	PolicyVersion int  `json:"policy_version"` // 0 when nothing was stated
}

// Order is what the photo was wanted as, and the answers that were given.
type Order struct {
	Number   int           `json:"revision"`
	At       time.Time     `json:"at"`
	Document string        `json:"document"`
	AgeBand  photo.AgeBand `json:"age_band"`
	Settings edit.Settings `json:"settings"`
}

// Record is where the photo stood when the archive was made.
type Record struct {
	Status       photo.Status `json:"status"`
	Reason       photo.Reason `json:"reason,omitempty"`
	CreatedAt    time.Time    `json:"created_at"`
	LastEditedAt time.Time    `json:"last_edited_at"`
	ExpiresAt    time.Time    `json:"expires_at"`
}

// Restriction is one that was in force.
type Restriction struct {
	Ground   photo.Ground `json:"ground"`
	Since    time.Time    `json:"since"`
	ReviewBy time.Time    `json:"review_by"`
	ToldAt   *time.Time   `json:"told_at,omitempty"`
	Note     string       `json:"note,omitempty"`
}

// Checks are what was said of the photo.
type Checks struct {
	Verdict check.Verdict    `json:"verdict"`
	Checks  []contest.Record `json:"checks"`
}

// Statistics is the photo's row, as coarse as it is kept.
type Statistics struct {
	Reference    string       `json:"reference"`
	Country      string       `json:"country"`
	Document     string       `json:"document"`
	Outcome      string       `json:"outcome"`
	Reason       string       `json:"reason"`
	Verdict      string       `json:"verdict"`
	Edits        int          `json:"edits"`
	Format       photo.Format `json:"format"`
	Kilobytes    int64        `json:"kilobytes"`
	Width        int          `json:"width_px"`
	Height       int          `json:"height_px"`
	UploadedAt   time.Time    `json:"uploaded_at"`
	LastEditedAt time.Time    `json:"last_edited_at"`
	SettledAt    *time.Time   `json:"settled_at,omitempty"`
}

// LogLine is a line of the access log.
type LogLine struct {
	At       time.Time `json:"at"`
	IP       string    `json:"ip"`
	Method   string    `json:"method"`
	URL      string    `json:"url"`
	Visitor  string    `json:"user_id"`
	Bytes    int64     `json:"bytes"`
	Status   int       `json:"status"`
	Browser  string    `json:"browser"`
	OS       string    `json:"os"`
	Referrer string    `json:"referrer"`
}

// Contest is one of the photo's.
type Contest struct {
	ID        contest.ID       `json:"id"`
	State     contest.State    `json:"state"`
	CreatedAt time.Time        `json:"created_at"`
	ClosedAt  *time.Time       `json:"closed_at,omitempty"`
	Message   string           `json:"message,omitempty"`
	MayOpen   bool             `json:"officer_may_look"`
	Records   []contest.Record `json:"checks,omitempty"`
	Decision  contest.Decision `json:"decision,omitempty"`
	Note      string           `json:"note,omitempty"`
}

// NewPhoto is what a person provided of a photo.
func NewPhoto(p photo.Photo) *Photo {
	n := &Photo{
		ID:        p.ID,
		Original:  Upload{p.Original.Format, p.Original.Bytes, p.Original.Width, p.Original.Height},
		Statement: Statement{p.Statement.Person, p.Statement.FacePoints, p.Statement.PolicyVersion},
	}
	for _, r := range p.Revisions() {
		n.Orders = append(n.Orders, Order{r.Number, r.At.UTC(), r.Order.Document, r.Order.AgeBand, r.Order.Settings})
	}
	return n
}

// Complete adds what we made of it.
func (n *Photo) Complete(p photo.Photo) {
	n.Record = &Record{p.Status, p.Reason, p.CreatedAt.UTC(), p.LastEditedAt.UTC(), p.ExpiresAt.UTC()}
	if r := p.Restriction; p.Restricted() {
		n.Restriction = &Restriction{r.Ground, r.Since.UTC(), r.ReviewBy.UTC(), moment(r.ToldAt), r.Note}
	}
}

// NewStatistics returns a row as it is told.
func NewStatistics(e statistics.Entry) *Statistics {
	return &Statistics{
		e.Reference, e.Country, e.Document, e.Outcome, e.Reason, e.Verdict, e.Edits, e.Format, e.Kilobytes, e.Width, e.Height,
		e.UploadedAt.UTC(), e.LastEditedAt.UTC(), moment(e.SettledAt),
	}
}

// NewLogLine returns a line as it is told.
func NewLogLine(e accesslog.Entry) LogLine {
	return LogLine{e.At.UTC(), e.IP, e.Method, e.URL(), e.Visitor, e.Bytes, e.Status, e.Browser, e.OS, e.Referrer}
}

// NewContest returns a contest with what the person provided, and the rest if that is
// wanted.
func NewContest(c contest.Contest, whole bool) Contest {
	n := Contest{ID: c.ID, State: c.State, CreatedAt: c.CreatedAt.UTC(), ClosedAt: moment(c.ClosedAt), Message: c.Message, MayOpen: c.MayOpen}
	if whole {
		n.Records, n.Decision, n.Note = c.Records, c.Ruling.Decision, c.Ruling.Note
	}
	return n
}
