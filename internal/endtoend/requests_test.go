package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// asked is a request whose filing was answered: from then on it must not be lost.
type asked struct {
	ID, Key string
	kind    string
}

// ask files a request while processes die; false if nobody said that it was taken.
func (s *service) ask(kind, key, body string) (asked, bool) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.addr+"/v1/subject-requests", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return asked{}, false // the process died under it
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	a := asked{kind: kind}
	if err != nil || json.Unmarshal(b, &a) != nil || resp.StatusCode >= 300 {
		return a, false
	}
	return a, true
}

// standing is what a person reads of a request.
type standing struct {
	State   string
	Answer  string
	Links   struct{ Receipt string }
	History []struct{ Step string }
}

func (s *service) standing(a asked) (now standing) {
	s.t.Helper()
	got := s.send(http.MethodGet, "/v1/subject-requests/"+a.ID, a.Key, nil)
	if err := json.Unmarshal(got.body, &now); err != nil {
		s.t.Fatalf("%d %s: %v", got.code, got.body, err)
	}
	return now
}

var typedCode = regexp.MustCompile(`(?m)^  ([a-z2-7]{5}-[a-z2-7]{5})\r?$`)

// confirm types the codes in that the mails have.
func (s *service) confirm(mails []testservers.Mail) {
	s.t.Helper()
	for _, m := range mails {
		_, bodies := m.Parts(s.t)
		if code := typedCode.FindStringSubmatch(bodies[0]); code != nil {
			s.send(http.MethodPost, "/privacy/confirm", "", []byte("code="+code[1]), "Content-Type", "application/x-www-form-urlencoded")
		}
	}
}

func TestWhoeverIsKilledWhileRequestsAreAnsweredLosesAndDoublesNone(t *testing.T) {
	post := testservers.SMTP(t, testservers.SMTPOptions{})
	s := newService(t, "SMTP_URL="+post.URL(), "MAIL_FROM=Photos <photos@photos.example>", "PRIVACY_EMAIL=privacy@photos.example",
		"FORMS_PER_CLIENT=10000", "FORMS_PER_MINUTE=10000", "CONTROLLER_NAME=Photos Ltd")
	api, scheduler := s.start("api"), s.start("scheduler")
	portrait := testpictures.Portrait(t, portraits.Smiling)
	var keyed []asked
	mailed := 0
	for round := range 6 {
		id, key := s.accepted("us-passport", portrait)
		about := `"photo_id": "` + id + `"`
		dies := make(chan struct{})
		go func() { // in the middle of whatever is done by then
			defer close(dies)
			<-time.After(time.Duration(round*20) * time.Millisecond)
			api.kill()
			scheduler.kill()
		}()
		for n := range 2 {
			if _, taken := s.ask("access", "", fmt.Sprintf(`{"kind": "access", "email": "person-%d-%d@mail.example"}`, round, n)); taken {
				mailed++
			}
		}
		for _, kind := range []string{"access", "portability", "objection", "erasure"} {
			if a, taken := s.ask(kind, key, `{"kind": "`+kind+`", `+about+`}`); taken {
				keyed = append(keyed, a)
			}
		}
		<-dies
		if round == 2 {
			s.Redis.Stop()
			s.Redis.Start(t) // comes back empty
		}
		api, scheduler = s.start("api"), s.start("scheduler")
	}
	if len(keyed) == 0 || mailed == 0 {
		t.Fatalf("%d and %d requests were taken: the processes die too early", len(keyed), mailed)
	}
	for _, a := range keyed {
		testapp.Eventually(t, 3*time.Minute, "a request for "+a.kind+" is answered", func() bool { return s.standing(a).State == "fulfilled" })
		now, answers := s.standing(a), 0
		for _, h := range now.History {
			if h.Step == "fulfil_request" {
				answers++
			}
		}
		if answers != 1 || now.Answer == "" || (a.kind == "erasure") != (now.Links.Receipt != "") {
			t.Errorf("%s: answered %d times, %q, receipt %q", a.kind, answers, now.Answer, now.Links.Receipt)
		}
	}
	// Each address that was typed in proves itself, and the processes die once more.
	confirmed := func() string {
		return s.sql("DATABASE_URL", `SELECT COUNT(*) FROM subject_requests WHERE channel = 'email' AND confirmed_at > 0`)
	}
	all := s.sql("DATABASE_URL", `SELECT COUNT(*) FROM subject_requests WHERE channel = 'email'`)
	if n, err := strconv.Atoi(all); err != nil || n < mailed {
		t.Errorf("%d requests by mail were taken, and %s are there", mailed, all)
	}
	testapp.Eventually(t, 3*time.Minute, "all addresses are confirmed", func() bool {
		s.confirm(post.Mails())
		return confirmed() == all
	})
	api.kill()
	scheduler.kill()
	s.start("api")
	s.start("scheduler")
	testapp.Eventually(t, 3*time.Minute, "all that came by mail is answered and told", func() bool {
		return s.sql("DATABASE_URL", `SELECT COUNT(*) FROM subject_requests r WHERE channel = 'email' AND state = 'fulfilled'
			AND EXISTS (SELECT 1 FROM letters l WHERE l.about = r.id AND l.kind = 'answer_ready' AND l.state = 'sent')`) == all
	})
	if twice := s.sql("DATABASE_URL", `SELECT COUNT(*) FROM (SELECT about FROM letters GROUP BY about, kind HAVING COUNT(*) > 1) x`); twice != "0" {
		t.Errorf("%s letters were written twice", twice)
	}
	if lost := bytes.Count([]byte(s.sql("DATABASE_URL", `SELECT state FROM letters WHERE state <> 'sent'`)), []byte("\n")); lost != 0 {
		t.Errorf("%d letters were not sent", lost)
	}
	t.Logf("%d requests by key and %s by mail, with 7 kills of both processes", len(keyed), all)
}
