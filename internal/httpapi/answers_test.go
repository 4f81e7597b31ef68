package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// answer sends the page's form as a browser without scripts does.
func (s *service) answer(a accepted, form string, headers ...string) reply {
	s.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Cookie", "photo_key=" + a.Key}, headers...)
	return s.do(s.request(http.MethodPost, "/photos/"+a.ID+"/answers", strings.NewReader(form), headers...))
}

// declared is what the photo holds as answers.
func (s *service) declared(a accepted) map[string]string {
	s.Helper()
	var got struct {
		Settings struct{ Declared map[string]string }
	}
	s.get(a.path(""), a.bearer()...).decode(s.T, &got)
	return got.Settings.Declared
}

func TestQuestionsAreAnsweredOnThePageWithoutAScript(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	page := "/photos/" + a.ID
	s.has(s.get(page, "Cookie", "photo_key="+a.Key), 200, `action="/photos/`+a.ID+`/answers"`, "Are the glasses off?",
		`name="glasses_present" value="met"`, `name="glasses_present" value="exception"`)

	r := s.answer(a, "glasses_present=exception&photo_age=met", "Sec-Fetch-Site", "same-origin")
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != page {
		t.Fatalf("got %d to %q: %s", r.StatusCode, r.Header.Get("Location"), r.body)
	}
	s.has(s.get(page, "Cookie", "photo_key="+a.Key), 200, "being made")
	if got := s.declared(a); got["glasses_present"] != "exception" || got["photo_age"] != "met" || got["hair_over_eyes"] != "unanswered" {
		t.Errorf("the photo holds %v", got)
	}
	s.finish(a, aPhoto(t, 600, 600))
	s.has(s.get(page, "Cookie", "photo_key="+a.Key), 200, `name="glasses_present" value="unanswered"`, "Take my answers back")
	s.answer(a, "glasses_present=unanswered&photo_age=unanswered")
	if got := s.declared(a); got["glasses_present"] != "unanswered" || got["photo_age"] != "unanswered" {
		t.Errorf("taken back, the photo holds %v", got)
	}
}

func TestAnswersThatNobodyAskedForChangeNothing(t *testing.T) {
	s := newService(t)
	a, other := s.ready("us-passport", aPhoto(t, 600, 600)), s.upload()
	for _, form := range []string{
		"glasses_present=maybe", "hair_over_eyes=exception", "brightness=10", "document=gb-passport", "%zz=1", "glasses_present=" + strings.Repeat("m", 5<<10),
	} {
		s.has(s.answer(a, form), 422, "none that the page asks for")
	}
	stranger := other
	stranger.ID = a.ID
	s.has(s.answer(stranger, "glasses_present=met"), 404, "There is no such photo")
	s.isProblem(s.answer(a, "glasses_present=met", "Sec-Fetch-Site", "cross-site"), 403, "cross_origin")
	if got := s.declared(a); got["glasses_present"] != "unanswered" {
		t.Errorf("the photo holds %v", got)
	}
	s.clock.Forward(49 * time.Hour)
	s.has(s.answer(a, "glasses_present=met"), 410, "being deleted")
}
