package endtoend

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// thing is what an operation of the API is tried on: whatever deletes or stops a thing
// has one of its own.
type thing struct {
	operations string // their IDs, separated by spaces
	parameter  string // of the path, that names it
	id, key    string
}

type things []thing

// things makes one of everything that the API keeps.
func (s *service) things() things {
	s.t.Helper()
	all := things{
		s.readyPhoto("get-photo follow-photo get-photo-result get-photo-report get-photo-overlay get-print-sheet contest-photo"),
		s.readyPhoto("edit-photo"), s.readyPhoto("delete-photo"), s.readyPhoto("restrict-photo"),
	}
	photo := all[0]
	complain, rights := `{"words": "My ears were cut off."}`, `{"kind": "portability", "photo_id": "`+photo.id+`"}`
	question := `{"kind": "automated_decision", "photo_id": "%s"}`
	contest := `{"checks": ["%s"]}`
	all = append(all,
		s.filed("get-complaint", "/v1/complaints", "", complain), s.filed("withdraw-complaint", "/v1/complaints", "", complain),
		s.filed("get-child-report", "/v1/child-reports", "", `{"photo": "mzsx6ytboa2dcmzsgq2dgnrugu", "ground": "without_permission", "words": "I am his father."}`),
		s.filed("get-contest permit-contest", "/v1/photos/"+photo.id+"/contest", photo.key, fmt.Sprintf(contest, "head_height")),
		s.filed("withdraw-contest", "/v1/photos/"+photo.id+"/contest", photo.key, fmt.Sprintf(contest, "eye_line")),
		s.filed("get-subject-request get-subject-request-archive", "/v1/subject-requests", photo.key, rights),
		s.filed("withdraw-subject-request", "/v1/subject-requests", all[1].key, fmt.Sprintf(question, all[1].id)),
	)
	gone := s.readyPhoto("")
	receipt := s.send(http.MethodDelete, "/v1/photos/"+gone.id, gone.key, nil).header.Get("Erasure-Receipt")
	keyID := s.send(http.MethodGet, "/v1/erasures/"+receipt, "", nil).fields(s.t).KeyID
	return append(all,
		thing{operations: "get-erasure get-erasure-statement get-erasure-signature", parameter: "receipt", id: receipt},
		thing{operations: "get-key", parameter: "key", id: keyID})
}

func (s *service) readyPhoto(operations string) thing {
	s.t.Helper()
	id, key := s.accepted("us-passport", testpictures.Portrait(s.t, portraits.Smiling))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" {
		s.t.Fatalf("a photo is %s", f.Status)
	}
	return thing{operations, "id", id, key}
}

// filed hands something in.
func (s *service) filed(operations, path, key, body string) thing {
	s.t.Helper()
	a := s.send(http.MethodPost, path, key, []byte(body), "Content-Type", "application/json")
	if a.code != http.StatusCreated {
		s.t.Fatalf("%s: %d %s", path, a.code, a.body)
	}
	f := a.fields(s.t)
	return thing{operations, "id", f.ID, f.Key}
}

// config tells schemathesis of the things. Most of its requests are about them; the
// others name what it makes up.
func (all things) config() []byte {
	var dictionaries, operations strings.Builder
	for i, t := range all {
		if t.operations == "" {
			continue
		}
		fmt.Fprintf(&dictionaries, "\n[dictionaries.thing%d]\nvalues = [%q]\n", i, t.id)
		for _, operation := range strings.Fields(t.operations) {
			fmt.Fprintf(&operations, "\n[[operations]]\ninclude-operation-id = %q\nparameters = { \"path.%s\" = { dictionary = \"thing%d\", probability = 0.8 } }\n", operation, t.parameter, i)
			if t.key != "" {
				fmt.Fprintf(&operations, "headers = { Authorization = \"Bearer %s\" }\n", t.key)
			}
		}
	}
	return []byte(dictionaries.String() + operations.String())
}
