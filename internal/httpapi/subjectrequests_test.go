package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// askedReply is the answer to a request as it is filed.
type askedReply struct {
	ID, Key, State string
	ReceivedOn     string `json:"received_on"`
	Due            struct{ Law, Promised string }
	Links          map[string]string
}

// requestReply is a request as its person reads it.
type requestReply struct {
	ID, Kind, State, Message, Answer, Closing string
	Refusal                                   *struct{ Reason, Authority, Remedy string }
	AnsweredOn                                string     `json:"answered_on"`
	ReadableUntil                             string     `json:"readable_until"`
	ArchiveUntil                              *time.Time `json:"archive_until"`
	History                                   []struct{ Actor, Step, State string }
	Links                                     map[string]string
}

func bearing(key string) []string { return []string{"Authorization", "Bearer " + key} }

func (c *counter) askJSON(body string, headers ...string) reply {
	c.Helper()
	return c.do(c.request(http.MethodPost, "/v1/subject-requests", strings.NewReader(body), append(headers, "Content-Type", "application/json")...))
}

func (c *counter) stands(path, key string) (r requestReply) {
	c.Helper()
	got := c.get(path, bearing(key)...)
	if got.StatusCode != http.StatusOK {
		c.Fatalf("%d %s", got.StatusCode, got.body)
	}
	got.decode(c.T, &r)
	return r
}

func TestAProgramUsesARightWithAPhotosKeyAndReadsTheAnswerWithTheRequests(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	got := c.askJSON(`{"kind": "access", "photo_id": "`+a.ID+`", "message": "All of it."}`, a.bearer()...)
	var asked askedReply
	got.decode(t, &asked)
	day := c.clock.Now().Format(time.DateOnly)
	if got.StatusCode != http.StatusCreated || asked.State != "accepted" || got.Header.Get("Location") != asked.Links["self"] || asked.ReceivedOn != day || asked.Due.Law < day || asked.Due.Promised < day {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	path := asked.Links["self"]
	if r := c.stands(path, asked.Key); r.Message != "All of it." || r.AnsweredOn != "" || r.ArchiveUntil != nil || len(r.History) != 2 || r.History[0].Actor != "person" || r.History[1].Actor != "service" {
		t.Errorf("it stands as %+v", r)
	}
	c.isProblem(c.get(path+"/archive", bearing(asked.Key)...), http.StatusConflict, "archive_not_ready")
	c.serves(c.newest())
	r := c.stands(path, asked.Key)
	if r.State != "fulfilled" || r.AnsweredOn == "" || r.ReadableUntil == "" || r.ArchiveUntil == nil || !strings.Contains(r.Answer, "as a file to download") {
		t.Errorf("it stands as %+v", r)
	}
	if file := c.get(r.Links["archive"], bearing(asked.Key)...); file.StatusCode != http.StatusOK || !strings.HasPrefix(string(file.body), "PK") {
		t.Errorf("the archive: %d %s", file.StatusCode, file.body)
	}
	for _, wrong := range [][]string{nil, a.bearer(), bearing(""), bearing(secret.NewKey().Reveal())} {
		for _, address := range []string{path, path + "/archive", "/v1/subject-requests/" + string(subjectrequest.NewID()), "/v1/subject-requests/1"} {
			c.isProblem(c.get(address, wrong...), http.StatusNotFound, "unknown_request")
		}
	}
	c.isProblem(c.do(c.request(http.MethodDelete, path, nil, bearing(asked.Key)...)), http.StatusConflict, "request_over")
}

func TestByEmailAProgramGetsNoKeyAndTheMailedLinkOpensTheAnswer(t *testing.T) {
	c := newCounter(t)
	got := c.askJSON(`{"kind": "rectification", "email": "ada@mail.example", "message": "Ada, not Eve."}`)
	if got.StatusCode != http.StatusAccepted || strings.Contains(string(got.body), "key") {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	r := c.newest()
	path := "/v1/subject-requests/" + string(r.ID)
	link := c.mailed(r)
	c.isProblem(c.get(path, bearing(link.Token.Reveal())...), http.StatusNotFound, "unknown_request")
	_, err := c.options.Desk.Confirm(t.Context(), link.Token)
	c.must(err)
	c.serves(r)
	answer := c.mailed(r)
	if got := c.stands(path, answer.Token.Reveal()); got.Answer != "Done by hand." {
		t.Errorf("it stands as %+v", got)
	}
	c.isProblem(c.get(path, bearing(answer.Code.Reveal())...), http.StatusNotFound, "unknown_request")
}

func TestARequestIsWithdrawnByItsKey(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	var asked askedReply
	c.askJSON(`{"kind": "automated_decision", "photo_id": "`+a.ID+`", "checks": ["head_height"]}`, a.bearer()...).decode(t, &asked)
	path := asked.Links["self"]
	c.isProblem(c.do(c.request(http.MethodDelete, path, nil, a.bearer()...)), http.StatusNotFound, "unknown_request")
	for range 2 {
		if r := c.do(c.request(http.MethodDelete, path, nil, bearing(asked.Key)...)); r.StatusCode != http.StatusNoContent {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
	if r := c.stands(path, asked.Key); r.State != "closed" || r.Closing != "withdrawn" || r.Message != "" {
		t.Errorf("it stands as %+v", r)
	}
}

func TestARequestThatCanNotBeTakenSaysWhy(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	about := func(rest string) string { return `{"photo_id": "` + a.ID + `", ` + rest + `}` }
	if r := c.askJSON(about(`"kind": "objection"`), a.bearer()...); r.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	if r := c.askJSON(about(`"kind": "access"`), a.bearer()...); r.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	for _, tt := range []struct {
		body   string
		key    []string
		status int
		code   string
	}{
		{`{"kind": "access"}`, nil, 422, "one_proof"},
		{about(`"email": "ada@mail.example", "kind": "access"`), a.bearer(), 422, "one_proof"},
		{about(`"kind": "portability"`), nil, 404, "not_found"},
		{`{"photo_id": "` + string(photo.NewID()) + `", "kind": "portability"}`, a.bearer(), 404, "not_found"},
		{about(`"kind": "access"`), a.bearer(), 409, "already_requested"},
		{about(`"kind": "restriction"`), a.bearer(), 422, "ground_missing"},
		{about(`"kind": "rectification"`), a.bearer(), 422, "message_missing"},
		{about(`"kind": "shine_the_light"`), a.bearer(), 422, "by_email_only"},
		{about(`"kind": "automated_decision", "checks": ["beauty"]`), a.bearer(), 422, "unknown_check"},
		{about(`"kind": "everything"`), a.bearer(), 422, "invalid_request"},
		{about(`"kind": "portability", "message": "\u0000"`), a.bearer(), 422, "invalid_text"},
		{`{"kind": "access", "email": "ada"}`, nil, 422, "invalid_address"},
		{`{"kind": "access", "email": "ada@mail.example\r\nBcc: bob@mail.example"}`, nil, 422, "invalid_address"},
		{`{"kind": "access", "email": "ada@mail.example", "message": "` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "body_too_large"},
	} {
		c.isProblem(c.askJSON(tt.body, tt.key...), tt.status, tt.code)
	}
}
