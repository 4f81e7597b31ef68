package apiclient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestAKeyIsReadBackAndHasNothingButItsHashAndAHintKept(t *testing.T) {
	k, kept := apiclient.NewKey(noon)
	text := k.Reveal()
	got, ok := apiclient.ParseKey(" " + text + "\n")
	if !ok || got != k || !strings.HasPrefix(text, apiclient.Prefix) || !kept.Hash.Opens(got) {
		t.Fatalf("%q is read as %q", text, got.Reveal())
	}
	if shown := fmt.Sprintf("%v %+v %s", k, k, k); strings.Contains(shown, text[4:20]) {
		t.Errorf("the key prints as %s", shown)
	}
	if len(kept.Hint) != 4 || !strings.HasSuffix(text, kept.Hint) || !kept.Issued.Equal(noon) || !kept.Valid(noon.AddDate(10, 0, 0)) {
		t.Errorf("kept: %+v", kept)
	}
	if other, _ := apiclient.NewKey(noon); other == k || kept.Hash.Opens(other) {
		t.Error("two keys are the same")
	}
}

func TestATypingErrorIsToldFromAKeyThatIsNotValid(t *testing.T) {
	k, _ := apiclient.NewKey(noon)
	text := k.Reveal()
	for i := range text {
		other := byte('a')
		if text[i] == other {
			other = 'b'
		}
		if _, ok := apiclient.ParseKey(text[:i] + string(other) + text[i+1:]); ok {
			t.Errorf("another character at %d is not noticed", i)
		}
		if i > 0 && text[i] != text[i-1] {
			swapped := text[:i-1] + text[i:i+1] + text[i-1:i] + text[i+1:]
			if _, ok := apiclient.ParseKey(swapped); ok {
				t.Errorf("swapped characters at %d are not noticed", i)
			}
		}
	}
	for _, wrong := range []string{"", "ppk_", text[:len(text)-1], text + "a", strings.ToUpper(text), "ppk-" + text[4:], text + " " + text, strings.Repeat("a", 1<<20)} {
		if _, ok := apiclient.ParseKey(wrong); ok {
			t.Errorf("%.80q is taken for a key", wrong)
		}
	}
}

func TestAReplacedKeyOpensUntilItsEnd(t *testing.T) {
	_, k := apiclient.NewKey(noon)
	k.Ends = noon.Add(apiclient.Overlap)
	if !k.Valid(k.Ends.Add(-1)) || k.Valid(k.Ends) {
		t.Error("it ends at another time")
	}
}

func TestAnEntryIsCheckedBeforeItIsKept(t *testing.T) {
	good := apiclient.Client{Name: "  Town Hall  ", PhotosPerDay: 500}
	if c, err := good.Check(); err != nil || c.Name != "Town Hall" {
		t.Errorf("%+v, %v", c, err)
	}
	for field, wrong := range map[string][]apiclient.Client{
		"name":           {{PhotosPerDay: 1}, {Name: " ", PhotosPerDay: 1}, {Name: "a\nb", PhotosPerDay: 1}, {Name: "\xff", PhotosPerDay: 1}, {Name: strings.Repeat("é", 201), PhotosPerDay: 1}},
		"photos_per_day": {{Name: "a"}, {Name: "a", PhotosPerDay: -1}, {Name: "a", PhotosPerDay: apiclient.MaxPhotosPerDay + 1}},
	} {
		for _, c := range wrong {
			var f register.FieldError
			if _, err := c.Check(); !errors.As(err, &f) || f.Field != field {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
}

func TestAQuotaIsOfOneDayInUTC(t *testing.T) {
	late := time.Date(2026, 3, 1, 23, 59, 59, 0, time.FixedZone("", 3600)) // 22:59 UTC
	q := apiclient.QuotaOf(apiclient.Client{PhotosPerDay: 3}, 2, late)
	if q.Left() != 1 || !q.Resets.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", q)
	}
	if q.Used = 5; q.Left() != 0 { // its quota was lowered during the day
		t.Errorf("%d are left", q.Left())
	}
}
