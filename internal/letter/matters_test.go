package letter

import (
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// The words are said twice, because the register of requests brings every country's
// holidays along, which those who only write letters do without.
func TestEveryKindOfRequestIsTheMatterOfALetter(t *testing.T) {
	for _, k := range subjectrequest.Kinds() {
		if _, said := matters[Matter(k)]; !said {
			t.Errorf("no letter can be about %s", k)
		}
	}
}
