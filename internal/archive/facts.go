package archive

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Facts are what Art. 15(1)(a) to (h) and (2) GDPR want told beside the data.
type Facts struct {
	PolicyVersion int        `json:"policy_version"` // of the privacy policy in force
	Controller    Controller `json:"controller"`
	// Kept says of each class of things (b) why (a) and how long (d) it is kept.
	Kept       []Kept      `json:"kept"`
	Recipients []Recipient `json:"recipients"` // (c)
	Transfers  string      `json:"transfers"`  // 15(2)
	Rights     []string    `json:"rights"`     // (e)
	Complaint  string      `json:"complaint"`  // (f)
	Source     string      `json:"source"`     // (g)
	Decisions  string      `json:"automated_decisions"`
	FacePoints string      `json:"points_of_the_face"`
}

// Controller is who answers for it all.
type Controller struct {
	Name           string `json:"name"`
	Address        string `json:"address"`
	Email          string `json:"email"`
	Representative string `json:"eu_representative,omitempty"`
	Officer        string `json:"data_protection_officer,omitempty"`
}

// Kept is a class of things that are kept.
type Kept struct {
	Class   retention.Name `json:"class"`
	What    string         `json:"what"`
	Purpose string         `json:"purpose"`
	Basis   string         `json:"legal_basis"`
	For     string         `json:"kept_for"` // in words
	Hours   int            `json:"kept_for_hours"`
	From    string         `json:"counted_from"`
	Why     string         `json:"why_so_long"`
}

// Recipient is one who works with the data for the controller.
type Recipient struct {
	Name      string `json:"name"`
	Role      string `json:"role"`
	Region    string `json:"region"`
	Safeguard string `json:"safeguard,omitempty"`
	Contract  string `json:"contract_of"` // a day
}

// NewFacts puts them together from what the privacy policy is filled with, whose
// processors have to be those of today.
func NewFacts(f policy.Facts, policyVersion int) Facts {
	c := f.Controller
	return Facts{
		PolicyVersion: policyVersion,
		Controller:    Controller{c.Name, c.Address, c.Email, c.Representative, c.Officer},
		Kept:          kept(f.Periods), Recipients: recipients(f),
		Transfers: transfers(f),
		Rights: []string{
			"rectification: edit the photo, or tell us what is wrong",
			"erasure: at any time, with the button on the photo's page or by telling us",
			"restriction: we keep the photo and do nothing with it",
			"objection: to statistics of your photo and to whatever else rests on our legitimate interest",
			"portability: what you provided, as files that programs can read",
			"to take back what you agreed to: deleting the photo does it",
			"to have a person look at what a check said",
		},
		Complaint: complaint(c.Authority),
		Source: "Everything about a photo comes from you: the picture, what you chose and what you answered, and what programs measured in the picture. " +
			"The lines of the access log come from the requests that your browser or program sent. Nothing is bought or taken from others.",
		Decisions: "Checks measure the photo and compare it with what the office asks for: sizes in millimetres, light, sharpness, eyes, mouth and background. " +
			"What they say is advice; it decides nothing about you, and nothing here profiles you. The office alone decides whether it takes the photo. " +
			"If you think that a check is wrong, contest it on the photo's page while the photo is there: then a person looks and answers with reasons.",
		FacePoints: "To place the photo, a program locates points of the face and the outline of the head. They are kept, encrypted under the photo's key, " +
			"only so that edits can be made at once, and end with the photo. No template is made by which anybody could be recognised. " +
			"They are working data in a form that only our programs read, so this archive does not copy them: the report in the folder photo, which is there while the photo is, has what was found from them, in millimetres.",
	}
}

func kept(periods map[retention.Name]retention.Period) (all []Kept) {
	for _, c := range retention.Classes() {
		length := c.Default
		if p, configured := periods[c.Name]; configured {
			length = p.Length()
		}
		all = append(all, Kept{c.Name, c.Holds, c.Purpose, c.Basis, retention.Words(length), int(length / time.Hour), string(c.Anchor), c.Ground})
	}
	return all
}

func recipients(f policy.Facts) []Recipient {
	all := []Recipient{} // null would not say that there are none
	for _, p := range f.Processors {
		all = append(all, Recipient{p.Name, p.Role, p.Region, p.Safeguard, p.ContractDate.Format(time.DateOnly)})
	}
	return all
}

func transfers(f policy.Facts) string {
	for _, p := range f.Processors {
		if p.Safeguard != "" {
			return "Some of the recipients work outside the European Economic Area; what protects the data there stands with each. Ask us for a copy of it."
		}
	}
	return "No recipient works outside the European Economic Area under a safeguard of its own. Where each of them works stands with it."
}

func complaint(authority string) string {
	if authority == "" {
		return "You can complain to a data protection authority, for example the one where you live."
	}
	return "You can complain to this data protection authority: " + authority + ". You can also go to another one, for example the one where you live."
}
