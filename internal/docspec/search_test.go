package docspec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func idsOf(specs []Spec) []string {
	var ids []string
	for _, s := range specs {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestASearchFindsWhatPeopleType(t *testing.T) {
	c := load(t)
	for _, tt := range []struct{ text, first string }{
		{"us passport", "us-passport"},
		{"US-Passport", "us-passport"},
		{"USA passport", "us-passport"},
		{"american visa", "us-diversity-visa"},
		{"UK passport", "gb-passport"},
		{"england passport", "gb-passport"},
		{"germany passport", "de-passport"},
		{"germny pasport", "de-passport"},
		{"Reisepass Deutschland", ""}, // we know countries in other languages, not documents
		{"Deutschland passport", "de-passport"},
		{"Holland", "nl-id-card"},
		{"nederland visa", "nl-visa"},
		{"schengen visa", "eu-schengen-visa"},
		{"Österreich id", "at-id-card"},
		{"osterreich id", "at-id-card"},
		{"中国 visa", "cn-visa"},
		{"россия", "ru-passport-internal"},
		{"brzail passport", "br-passport"}, // neighbours swapped
		{"emirates id", "ae-id-card"},
		{"driver license india", "in-driving-licence"},
		{"passpo", "ae-passport"}, // while it is being typed
		{"id card france", "fr-id-card"},
		{"indonesia passport", "id-passport"},
		{"atlantis", ""},
		{"passport atlantis", ""},
	} {
		found, _ := c.Search(Query{Text: tt.text, Limit: 5})
		first := ""
		if len(found) > 0 {
			first = found[0].ID
		}
		if first != tt.first {
			t.Errorf("%q finds %v, want %q first", tt.text, idsOf(found), tt.first)
		}
	}
}

func TestAShortWordIsTakenAsItIsWritten(t *testing.T) {
	found, _ := load(t).Search(Query{Text: "uks", Limit: 5})
	if len(found) != 0 {
		t.Errorf("a word of three letters finds %v", idsOf(found))
	}
}

func TestTyposCountOnlyWhereNothingMatchesExactly(t *testing.T) {
	found, _ := load(t).Search(Query{Text: "ireland", Limit: 100}) // one letter from Iceland
	for _, s := range found {
		if s.Country != "IE" {
			t.Errorf("ireland finds %s", s.ID)
		}
	}
	if len(found) == 0 {
		t.Error("ireland finds nothing")
	}
}

func TestACountryIsNamedByCodeOrName(t *testing.T) {
	c := load(t)
	for text, want := range map[string]string{
		"gb": "GB", "GB": "GB", " uk ": "GB", "United Kingdom": "GB", "united kingdm": "GB", "de": "DE", "Deutschland": "DE", "Allemagne": "DE",
		"in": "IN", "china": "CN", "korea": "KR", "türkiye": "TR", "Turkey": "TR", "nigeria": "NG", "Saudi": "SA", "日本": "JP", "atlantis": "", "zz": "",
	} {
		found, _ := c.Search(Query{Country: text, Limit: 100})
		if (want == "") != (len(found) == 0) {
			t.Errorf("country %q finds %v", text, idsOf(found))
		}
		for _, s := range found {
			if s.Country != want {
				t.Errorf("country %q finds %s, want only documents of %s", text, s.ID, want)
			}
		}
	}
}

func TestKindCountryAndTextNarrowTogether(t *testing.T) {
	c := load(t)
	found, _ := c.Search(Query{Kind: DrivingLicence, Country: "france", Text: "licence", Limit: 9})
	if want := []string{"fr-driving-licence"}; !cmp.Equal(idsOf(found), want) {
		t.Errorf("found %v, want %v", idsOf(found), want)
	}
	if found, _ := c.Search(Query{Kind: Visa, Text: "passport", Country: "fr", Limit: 9}); len(found) != 0 {
		t.Errorf("a visa called passport: %v", idsOf(found))
	}
}

func TestPagesJoinUpToTheWholeListing(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		q := Query{
			Text:    rapid.SampledFrom([]string{"", "passport", "visa", "united", "germny", "id"}).Draw(t, "text"),
			Country: rapid.SampledFrom([]string{"", "us", "france", "united"}).Draw(t, "country"),
			Kind:    rapid.SampledFrom([]Kind{"", Passport, Visa}).Draw(t, "kind"),
			Limit:   10_000,
		}
		whole, _ := c.Search(q)
		q.Limit = rapid.IntRange(1, 50).Draw(t, "limit")
		var joined []string
		for {
			page, more := c.Search(q)
			joined = append(joined, idsOf(page)...)
			if !more {
				break
			}
			if len(page) != q.Limit {
				t.Fatalf("a page of %d that is not the last, want %d", len(page), q.Limit)
			}
			q.After = page[len(page)-1].ID
		}
		if !cmp.Equal(joined, idsOf(whole)) {
			t.Fatalf("pages differ from the listing: %s", cmp.Diff(idsOf(whole), joined))
		}
	})
}

func TestNothingFollowsAnUnknownDocument(t *testing.T) {
	if found, more := load(t).Search(Query{After: "us-spaceship", Limit: 9}); len(found) != 0 || more {
		t.Errorf("found %v, more: %v", idsOf(found), more)
	}
}

func TestWithoutWordsTheListingIsInTheOrderOfIDs(t *testing.T) {
	ids := idsOf(all(t))
	for i := 1; i < len(ids); i++ {
		if ids[i-1] >= ids[i] {
			t.Errorf("%s comes before %s", ids[i-1], ids[i])
		}
	}
}

func TestDistanceCountsWhatAFingerGetsWrong(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"visa", "visa", 0}, {"visa", "vsia", 1}, {"visa", "vis", 1}, {"visa", "viza", 1}, {"visa", "visas", 1}, {"visa", "passport", 3}, {"germany", "gremeny", 2}} {
		if got := distance(tt.a, tt.b, 2); got != tt.want {
			t.Errorf("%s to %s is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	c, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"", "united kingdom passport", "untied kigndom pasport", strings.Repeat("xyzzy ", 16)} {
		b.Run(text[:min(len(text), 12)], func(b *testing.B) {
			for b.Loop() {
				c.Search(Query{Text: text, Limit: 20})
			}
		})
	}
}
