package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAParameterThatIsGivenWithoutAValueIsRefusedUnlessItIsAnyText(t *testing.T) {
	s := newService(t)
	for query, want := range map[string]string{
		"limit=":                  "query.limit",
		"kind=":                   "query.kind",
		"query=&country=&limit=2": "",
	} {
		r := s.get("/v1/documents?" + query)
		if want == "" {
			if r.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %s", query, r.StatusCode, r.body)
			}
			continue
		}
		if p := s.isProblem(r, http.StatusUnprocessableEntity, "invalid_request"); len(p.Errors) != 1 || p.Errors[0].Location != want {
			t.Errorf("%s: %+v", query, p.Errors)
		}
	}
}

func TestAnIdempotencyKeyThatIsEmptyOrRepeatedProtectsNothingAndIsRefused(t *testing.T) {
	s := newService(t)
	good := "0123456789abcdefghijklmn"
	for _, headers := range [][]string{{""}, {" "}, {good, good + "o"}} {
		var given []string
		for _, h := range headers {
			given = append(given, "Idempotency-Key", h)
		}
		r := s.post([]field{doc2("us-passport"), {"file", "a.jpg", portrait(t)}}, given...)
		s.isProblem(r, http.StatusUnprocessableEntity, "weak_idempotency_key")
	}
}

func TestABodyThatIsNotReadIsRefusedInWordsOfItsOwn(t *testing.T) {
	s := newService(t)
	for _, tt := range []struct {
		body, contentType, code string
		status                  int
	}{
		{`{"words": "` + strings.Repeat("x", 1<<20) + `"}`, jsonBody, "body_too_large", http.StatusRequestEntityTooLarge},
		{`words=hello`, "application/x-www-form-urlencoded", "not_json", http.StatusUnsupportedMediaType},
		{`{"words": `, jsonBody, "unreadable_body", http.StatusBadRequest},
		{``, jsonBody, "unreadable_body", http.StatusBadRequest},
	} {
		r := s.do(s.request(http.MethodPost, "/v1/complaints", strings.NewReader(tt.body), "Content-Type", tt.contentType))
		s.isProblem(r, tt.status, tt.code)
	}
}

func TestNullIsTheSameAsLeavingAFieldOut(t *testing.T) {
	s := newService(t)
	r := s.do(s.request(http.MethodPost, "/v1/complaints", strings.NewReader(`{"words": "My ears were cut off.", "email": null, "reference": null, "photo_id": null}`), "Content-Type", jsonBody))
	if r.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	r = s.do(s.request(http.MethodPost, "/v1/complaints", strings.NewReader(`{"words": null}`), "Content-Type", jsonBody))
	s.isProblem(r, http.StatusUnprocessableEntity, "invalid_request")
	a := s.upload()
	if r = s.patch(a, `{"zoom_percent": 90, "age_band": null, "declared": {"photo_age": "met", "glasses_present": null}}`); r.StatusCode != http.StatusOK {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

const jsonBody = "application/json"

// TestEveryOperationTellsTheStatusesOfItsProblems: a client's author learns from the
// document alone what may come, and schemathesis holds the service to it.
func TestEveryOperationTellsTheStatusesOfItsProblems(t *testing.T) {
	s := newService(t)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Responses   map[string]struct{ Description string }
		}
	}
	s.get("/openapi.json").decode(t, &doc)
	operations := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			operations++
			if _, vague := op.Responses["default"]; vague || len(op.Responses) < 4 {
				t.Errorf("%s %s tells %v", method, path, op.Responses)
			}
			for status, r := range op.Responses {
				if r.Description == "" {
					t.Errorf("%s %s: %s has no description", method, path, status)
				}
			}
		}
	}
	if operations < 30 {
		t.Errorf("only %d operations", operations)
	}
}
