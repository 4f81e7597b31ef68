package policy

import (
	"regexp"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

// promise is one row of the clause table: what the service has promised since its
// first policy, and where each later policy says it again.
type promise struct {
	row    int
	what   string
	anchor string // of the section
	says   []string
}

func promises() []promise {
	return []promise{
		{1, "usable without personal data, no account", "no-account", []string{"without telling us who you are", "no sign-up", "its own key"}},
		{2, "pictures for the requested photo only", "picture", []string{"make the photo that you ask for", "train nothing", "give it to nobody"}},
		{2, "points of the face: purpose, period, agreement before", "face", []string{"locates points of the face", "agree to that before each upload", "that one photo and its edits", "encrypted under the photo's key", "48 hours after your last edit and never later than 72 hours", "No template", "never ask why"}},
		{3, "images and videos over TLS", "picture", []string{"encrypted (TLS)", "videos"}},
		{4, "only the selected photos are uploaded", "picture", []string{"Nothing leaves your device before you press the button", "only the picture that you chose", "after you have made the statement on age and have switched that on"}},
		{5, "deleted 48 to 72 hours after the last edit", "picture", []string{"deleted 48 hours after your last edit, whether a photo was made or not", "after 72 hours", "deletes it at once"}},
		{6, "usage statistics without images", "statistics", []string{"if you speak to us", "No picture", "90 days"}},
		{7, "complaints and support", "messages", []string{"in a complaint is kept for 3 years", "helping you for 1 year"}},
		{8, "the fields of the server log", "log", []string{"IP address", "date and time", "what was requested", "address", "random user ID", "bytes were sent", "whether it worked", "browser and operating system", "site that led here", "secure", "improve"}},
		{9, "log for a month at most", "log", []string{"kept for 21 days", "older than 28 days", "our copy is deleted within 24 hours"}},
		{10, "log to authorities after an attack", "log", []string{"After an attack", "authorities", "officer", "recorded", "Nobody else gets the log"}},
		{11, "cookies", "cookies", []string{"`photo_key`", "`visitor`", "72 hours", "Your browser can refuse and delete cookies", "counts that name nobody", "nobody else counts your visits"}},
		{12, "no children under 13", "children", []string{"13 or older", "a person you may act for", "the fact and the number of this policy", "reference or link", "frozen at once", "within 24 hours", "no reason by itself"}},
		{13, "the rights of the GDPR", "rights", []string{"informed", "access", "rectification", "erasure", "restriction", "portability", "objection", "decisions by machines", "a person looks", "Art. 11", "no copies of identity documents"}},
		{14, "Shine the Light", "california", []string{"Your Privacy Rights", "light@photos.example", "one address", "calendar year before", "once per calendar year", "Within 30 days", "names and addresses", "the answer that there are none"}},
		{15, "changes are made known", "changes", []string{"every page says so until you close the notice", "earlier versions stay readable"}},
		{16, "cloud providers edit and store photos", "processors", []string{"Cloud providers", "A host Ltd", "runs the machines", "Ireland", "Contract of 3 February 2026"}},
		{16, "logs go to no hosted service", "log", []string{"no log service of others"}},
		{17, "nothing changes a face", "face", []string{"Nothing changes your face"}},
		{17, "and that is told as a change", "changes", []string{"highly realistic facial transformations", "not carried over, and the opposite holds"}},
		{18, "answered within 30 days", "rights", []string{"We answer within 30 days"}},
	}
}

func TestThePolicyKeepsEveryPromise(t *testing.T) {
	sections := sectionsOf(textOf(t, Facts{
		Controller: Controller{Name: "Photos Ltd", Address: "1 High Street", Email: "privacy@photos.example", ShineTheLight: "light@photos.example"},
		Processors: []register.Processor{{Name: "A host Ltd", Role: "runs the machines", Region: "Ireland", ContractDate: day("2026-02-03")}},
	}))
	kept := map[int]bool{}
	for _, p := range promises() {
		kept[p.row] = true
		section, there := sections[p.anchor]
		if !there {
			t.Errorf("row %d (%s): there is no section %s", p.row, p.what, p.anchor)
		}
		for _, words := range p.says {
			if !strings.Contains(section, words) {
				t.Errorf("row %d (%s): #%s does not say %q", p.row, p.what, p.anchor, words)
			}
		}
	}
	for row := 1; row <= 18; row++ {
		if !kept[row] {
			t.Errorf("row %d is not looked for", row)
		}
	}
	for anchor, section := range sections {
		if anchor != "changes" && regexp.MustCompile(`(?i)transformation|google`).MatchString(section) {
			t.Errorf("#%s speaks of what is gone", anchor)
		}
	}
}

// sectionsOf cuts the text at its headings. Escapes and line ends are taken out.
func sectionsOf(text string) map[string]string {
	text = regexp.MustCompile(`\\([^A-Za-z0-9\s])`).ReplaceAllString(text, "$1")
	sections := map[string]string{}
	heads := regexp.MustCompile(`(?m)^## (.*) \{#([a-z-]+)\}$`).FindAllStringSubmatchIndex(text, -1)
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		sections[text[h[4]:h[5]]] = strings.Join(strings.Fields(text[h[2]:end]), " ")
	}
	return sections
}
