package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Problem is every error answer, in the shape of RFC 9457. Detail says what to
// do next, in words for the person, and never holds an internal text.
type Problem struct {
	Type   string  `json:"type" doc:"names the kind of problem; a name, not an address" example:"urn:passportphotogenie:problem:not_found"`
	Title  string  `json:"title"`
	Status int     `json:"status,omitempty" doc:"the HTTP status, also of the answer"`
	Code   string  `json:"code" doc:"one stable word for programs" example:"not_found"`
	Detail string  `json:"detail" doc:"what to do next, for people"`
	Errors []Error `json:"errors,omitempty" doc:"what is wrong where, when the request broke the documented shape"`

	retryAfter time.Duration
	challenge  string // of a 401: what is wanted instead
}

// Error is one thing that is wrong with a request.
type Error struct {
	Location string `json:"location" example:"query.limit"`
	Message  string `json:"message"`
}

// Error returns the code.
func (p *Problem) Error() string { return p.Code }

// GetStatus tells huma the status of the answer.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders tells huma the headers of the answer.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(p.retryAfter.Seconds())))
	}
	if p.challenge != "" {
		h.Set("WWW-Authenticate", p.challenge)
	}
	return h
}

// ContentType tells huma that this is no ordinary JSON.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// headers sets the headers of the answer where huma is not in between.
func (p *Problem) headers(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
}

// write answers with the problem where huma is not in between.
func (p *Problem) write(w http.ResponseWriter) {
	p.headers(w)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // fails only when the client has gone
}

// wanting makes a 401 name what is wanted.
func wanting(challenge string, p *Problem) *Problem {
	p.challenge = challenge
	return p
}

func problem(status int, code, detail string) *Problem {
	return &Problem{
		Type: "urn:passportphotogenie:problem:" + code, Title: titleOf(code),
		Status: status, Code: code, Detail: detail,
	}
}

func retry(p *Problem, after time.Duration) *Problem {
	p.retryAfter = after
	return p
}

// titleOf reads a code aloud: each code has one title.
func titleOf(code string) string {
	words := strings.ReplaceAll(code, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// reasonProblem says why no photo could be made. Status is left out where the
// problem is part of an answer that is itself a success.
func reasonProblem(status int, r photo.Reason) *Problem {
	return problem(status, string(r), r.Advice())
}

// reshape turns huma's own errors, which come from broken requests, into ours.
func reshape(_ huma.Context, _ string, body any) (any, error) {
	m, isError := body.(*huma.ErrorModel)
	if !isError {
		return body, nil
	}
	if m.Status >= http.StatusInternalServerError {
		return internalProblem(), nil
	}
	p := shapeProblem(m.Status)
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, Error{e.Location, e.Message})
	}
	return p, nil
}

// shapeProblem is what huma says of a request that it did not take.
func shapeProblem(status int) *Problem {
	switch status {
	case http.StatusBadRequest:
		return problem(http.StatusBadRequest, "unreadable_body", "The request's body is missing or is no whole JSON. Send the documented JSON object.")
	case http.StatusRequestTimeout:
		return problem(http.StatusRequestTimeout, "body_too_slow", "The request's body did not arrive in time. Send it again.")
	case http.StatusRequestEntityTooLarge:
		return problem(http.StatusRequestEntityTooLarge, "body_too_large", "The request's body is larger than anything that is asked for here. Shorten its texts.")
	case http.StatusUnsupportedMediaType:
		return problem(http.StatusUnsupportedMediaType, "not_json", "Send the body as JSON, with the header Content-Type: application/json.")
	}
	p := problem(http.StatusUnprocessableEntity, "invalid_request", "The request does not have the documented shape: its errors say where. Compare it with /openapi.json.")
	p.Status = status
	return p
}

func internalProblem() *Problem {
	return problem(http.StatusInternalServerError, "internal_error", "Something went wrong on our side. Please try again; if it happens again, tell us the time at which it did.")
}

func notFound() *Problem {
	return problem(http.StatusNotFound, "not_found", "There is no such photo, or the key does not open it. Check the ID and the key; photos are deleted 48 to 72 hours after the last edit.")
}

func expired() *Problem {
	return problem(http.StatusGone, "expired", "The time of this photo is over, and it is being deleted. Upload the picture again to get a new one.")
}
