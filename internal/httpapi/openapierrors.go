package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// meanings say what the statuses of problems mean, for whoever reads the document.
var meanings = map[int]string{
	http.StatusBadRequest:            "The body is missing, broken off or can't be read",
	http.StatusUnauthorized:          "The API key is missing where one is needed, was never ours, or is not valid any more",
	http.StatusForbidden:             "The request came from a page of another site",
	http.StatusNotFound:              "There is nothing of this name, or the key does not open it",
	http.StatusRequestTimeout:        "The body took too long to arrive",
	http.StatusConflict:              "It can't be done as things stand; the code says why",
	http.StatusGone:                  "Its time is over",
	http.StatusRequestEntityTooLarge: "The body is too large",
	http.StatusUnsupportedMediaType:  "The body is of a kind that is not taken",
	http.StatusUnprocessableEntity:   "Something in the request is not as documented; errors says what and where",
	http.StatusTooManyRequests:       "Too many such requests; come back when Retry-After has passed",
	http.StatusInternalServerError:   "Our fault",
	http.StatusServiceUnavailable:    "Not at the moment; come back when Retry-After has passed",
}

// withProblems adds the answers of an operation that can't do as it should: those that
// any operation of its kind may give, and further ones by their status.
func withProblems(op huma.Operation, api huma.API, further ...int) huma.Operation {
	op.Responses = maps.Clone(op.Responses)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	for _, status := range append(usualProblems(op), further...) {
		op.Responses[strconv.Itoa(status)] = problemAnswer(api, status)
	}
	return op
}

// usualProblems are the statuses that follow from an operation's method and path.
func usualProblems(op huma.Operation) []int {
	all := []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if strings.Contains(op.Path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if op.Method != http.MethodGet {
		all = append(all, http.StatusForbidden)
	}
	if op.Method == http.MethodPost || op.Method == http.MethodPatch || op.Method == http.MethodPut { // they have bodies
		all = append(all, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return all
}

func problemAnswer(api huma.API, status int) *huma.Response {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	answer := &huma.Response{Description: meanings[status], Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema}}}
	if slices.Contains([]int{http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable}, status) {
		answer.Headers = map[string]*huma.Param{"Retry-After": {Description: "seconds", Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: ptr(1.0)}}}
	}
	return answer
}

// keyed is an operation on one photo, which asks for the photo's key. Its time may be
// over.
func keyed(op huma.Operation, api huma.API, further ...int) huma.Operation {
	op.Security = []map[string][]string{{"key": {}}, {"cookie": {}}}
	return withProblems(op, api, append(further, http.StatusGone)...)
}
