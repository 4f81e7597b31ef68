package docspec

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// nameLanguages are the languages in which a country may be called by name.
var nameLanguages = []language.Tag{
	language.Arabic, language.Bengali, language.Chinese, language.Croatian, language.Czech, language.Danish,
	language.Dutch, language.Finnish, language.French, language.German, language.Greek, language.Hebrew,
	language.Hindi, language.Hungarian, language.Indonesian, language.Italian, language.Japanese, language.Korean,
	language.Norwegian, language.Persian, language.Polish, language.Portuguese, language.Romanian, language.Russian,
	language.Spanish, language.Swedish, language.Thai, language.Turkish, language.Ukrainian, language.Urdu, language.Vietnamese,
}

// otherNames are what people call a country beside its name.
var otherNames = map[string]string{
	"AE": "UAE Emirates Dubai",
	"BA": "Bosna",
	"CI": "Ivory Coast",
	"CZ": "Czech Republic",
	"EU": "Schengen Europe",
	"GB": "UK Great Britain England Scotland Wales British",
	"HK": "HKSAR",
	"IR": "Persia",
	"KR": "Korea Republic ROK",
	"MM": "Burma",
	"MK": "Macedonia",
	"NL": "Holland Dutch",
	"RU": "Russian Federation",
	"SA": "KSA",
	"TR": "Türkiye Turkiye",
	"US": "USA America American",
	"VN": "Viet Nam",
}

// kindNames are other words for a kind of document than its code.
var kindNames = map[Kind]string{
	DrivingLicence:  "driver drivers driving license licence",
	IDCard:          "identity identification",
	ResidencePermit: "residency permit card",
	Citizenship:     "naturalisation",
	TravelPermit:    "travel document",
}

// vocabulary is the words for a country: strong in English, weak in other
// languages.
type vocabulary struct{ strong, weak []string }

func vocabularyOf(s Spec) vocabulary {
	return vocabulary{words(s.Country + " " + s.CountryName + " " + otherNames[s.Country]), foreignNames(s.Country)}
}

// wordsOf are the words that a document is found by, beside its country's names
// in other languages.
func wordsOf(s Spec) []string {
	return distinct(words(strings.Join([]string{
		s.Country, s.CountryName, otherNames[s.Country], s.ID, s.Name, string(s.Kind), kindNames[s.Kind],
	}, " ")))
}

// foreignNames lists the words of a country's names in other languages. Words
// of one or two Latin letters are articles more often than names.
func foreignNames(country string) []string {
	region, err := language.ParseRegion(country)
	if err != nil {
		return nil
	}
	var names []string
	for _, tag := range nameLanguages {
		for _, w := range words(display.Regions(tag).Name(region)) {
			if len(w) > 2 {
				names = append(names, w)
			}
		}
	}
	return distinct(names)
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// words splits a text at everything that is no letter or digit, in lower case
// and without accents.
func words(text string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
