package tasks

import (
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestATryAtALetterHasOneEntryThatHoldsItsIDOnly(t *testing.T) {
	url := testservers.Redis(t)
	q, id := newQueue(t, url), letter.NewID()
	for range 3 {
		must(t, q.EnqueueLetter(t.Context(), letter.Claim{ID: id}))
	}
	must(t, q.EnqueueLetter(t.Context(), letter.Claim{ID: id, Try: 1}))
	if n := depth(t, q, Mail).Pending; n != 2 {
		t.Errorf("%d entries", n)
	}
	info, err := q.inspector.GetTaskInfo(Mail, "letter:"+string(id)+":1")
	must(t, err)
	if c, err := ParseLetter(info.Payload); err != nil || c != (letter.Claim{ID: id, Try: 1}) || len(info.Payload) > 60 {
		t.Errorf("%s: %+v, %v", info.Payload, c, err)
	}
}

func TestALettersPayloadFromElsewhereIsRefused(t *testing.T) {
	for _, b := range []string{"", "{}", `{"id":"../x"}`, `{"id":"` + strings.Repeat("a", 26) + `","tries":-1}`} {
		if _, err := ParseLetter([]byte(b)); err == nil {
			t.Errorf("%q was taken", b)
		}
	}
}
