package httpapi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// posts has a letter about something in the outbox.
func (s *service) posts(about string, content letter.Content) letter.Letter {
	s.Helper()
	to, err := email.Parse("person@mail.example")
	s.must(err)
	l, err := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}.Write(letter.Envelope{To: to, About: about, Now: s.clock.Now()}, content)
	s.must(err)
	s.must(sqlstore.NewLetters(s.db).Write(s.Context(), l, letter.StandardRation()))
	return l
}

// ends says what became of a letter that was tried once.
func (s *service) ends(l letter.Letter, o letter.Outcome) {
	s.Helper()
	letters := sqlstore.NewLetters(s.db)
	_, held, err := letters.Claim(s.Context(), letter.Claim{ID: l.ID}, s.clock.Now())
	s.must(err)
	o.Now = s.clock.Now()
	s.must(letters.Finish(s.Context(), held, o))
}

func aCase() letter.Case { return letter.Case{Matter: letter.Access, Reference: "r-1"} }

func aRefusal(words string) letter.Refuse {
	return letter.Refuse{Case: aCase(), Reasons: words, Authority: "The authority.", Remedy: "The court."}
}

func TestAnOfficerSeesEveryLetterWithWhatBecameOfItAndWithoutItsSecrets(t *testing.T) {
	s := newService(t)
	secrets := secret.NewPair()
	answer := s.posts("arequest", letter.Answer{Case: aCase(), Secrets: secrets, Until: s.clock.Now().Add(300 * time.Hour)})
	refusal := s.posts("arequest", aRefusal("<b>We</b> hold nothing."))
	s.ends(refusal, letter.Outcome{State: letter.Failed, Reason: letter.Refused})
	waits := s.posts("another", letter.AskIdentity{Case: aCase(), Question: "Which photo?"})
	s.ends(waits, letter.Outcome{State: letter.Waiting, Reason: letter.Deferred, Next: s.clock.Now().Add(time.Hour)})

	list := s.get("/ops/letters", s.officer()...)
	s.has(list, 200, "person@mail.example", string(answer.ID), string(refusal.ID), "waits to be sent", "refused this letter", "asked to come back later; next try")
	failed := s.get("/ops/letters?state=failed", s.officer()...)
	s.has(failed, 200, string(refusal.ID), `aria-current="page">Failed`)
	s.hasNot(failed, string(answer.ID), string(waits.ID))

	page := s.get("/ops/letters/"+string(answer.ID), s.officer()...)
	s.has(page, 200, "person@mail.example", "(only in the mail)", "Other letters about the same", string(refusal.ID))
	s.hasNot(page, secrets.Token.Reveal(), secrets.Code.Reveal(), secrets.Spoken(), string(waits.ID), "Send it again")
	s.has(s.get("/ops/letters/"+string(refusal.ID), s.officer()...), 200, "&lt;b&gt;We&lt;/b&gt; hold nothing.", "Send it again", "tried once")
	for _, bad := range []string{string(letter.NewID()), "nonsense", "%3Cscript%3E"} {
		s.has(s.get("/ops/letters/"+bad, append(s.officer(), "Accept", html)...), 404, "There is no such letter")
	}
}

func TestAViewerSeesLettersWithoutAddressesAndWords(t *testing.T) {
	s := newService(t)
	l := s.posts("arequest", aRefusal("We hold nothing of Ada."))
	s.ends(l, letter.Outcome{State: letter.Failed, Reason: letter.Unreachable})
	for _, path := range []string{"/ops/letters", "/ops/letters/" + string(l.ID)} {
		r := s.get(path, s.signedIn("reader")...)
		s.has(r, 200, "could not be reached", "(r-1)")
		s.hasNot(r, "person@", "Ada", "Send it again")
	}
	s.has(s.sendForm("/ops/letters/"+string(l.ID)+"/retry", "", s.signedIn("reader")...), 403)
}

func TestALetterThatFailedIsSentAgainByAButtonAndOnce(t *testing.T) {
	s := newService(t)
	l := s.posts("arequest", aRefusal("We hold nothing."))
	path := "/ops/letters/" + string(l.ID)
	s.has(s.sendForm(path+"/retry", "", s.officer()...), 409, "is not sent again")
	s.ends(l, letter.Outcome{State: letter.Failed, Reason: letter.Unreachable})
	r := s.sendForm(path+"/retry", "", s.officer()...)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != path {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	s.has(s.get(path, s.officer()...), 200, "waits to be sent", "desk-a had the letter sent again")
	s.has(s.sendForm(path+"/retry", "", s.signedIn("desk-b")...), 409, "another officer was quicker")

	sealed := s.posts("arequest", letter.Answer{Case: aCase(), Secrets: secret.NewPair(), Until: s.clock.Now().Add(300 * time.Hour)})
	s.ends(sealed, letter.Outcome{State: letter.Failed, Reason: letter.Refused})
	gone := s.get("/ops/letters/"+string(sealed.ID), s.officer()...)
	s.has(gone, 200, "another way to reach the person")
	s.hasNot(gone, "Send it again")
	s.has(s.sendForm("/ops/letters/"+string(sealed.ID)+"/retry", "", s.officer()...), 409, "what its link opened is gone")
}

func TestAListOfLettersGoesOnWhereAPageEnded(t *testing.T) {
	s := newService(t)
	const all = 120
	for n := range all {
		s.clock.Forward(time.Millisecond)
		s.posts(fmt.Sprint(n), aRefusal("No."))
	}
	seen, link := map[string]bool{}, regexp.MustCompile(`href="/ops/letters/([a-z0-9]+)"`)
	older := regexp.MustCompile(`href="(/ops/letters\?[^"]*after=[^"]+)"`)
	address := "/ops/letters?state=waiting"
	for pages := 1; ; pages++ {
		r := s.get(address, s.officer()...)
		for _, m := range link.FindAllStringSubmatch(string(r.body), -1) {
			seen[m[1]] = true
		}
		next := older.FindStringSubmatch(string(r.body))
		if next == nil {
			if pages != 3 || len(seen) != all {
				t.Errorf("%d letters on %d pages", len(seen), pages)
			}
			break
		}
		address = strings.ReplaceAll(next[1], "&amp;", "&")
	}
	for _, nonsense := range []string{"x", "-1-x", "1e9-", "99999999999999999999-a", "%00"} {
		s.has(s.get("/ops/letters?state=sideways&after="+nonsense, s.officer()...), 200, "Older letters")
	}
}
