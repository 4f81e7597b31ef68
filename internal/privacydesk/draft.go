package privacydesk

import (
	"context"
	"fmt"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// note is the answer to what the program did.
func note(r subjectrequest.Request) string {
	switch r.Kind {
	case subjectrequest.Access, subjectrequest.Portability:
		if r.Photo.ID == "" {
			return "Here is what we hold about you, as a file to download. It says what each part means, what it is used for, who else gets it and how long it is kept."
		}
		return "Here is what we hold about you, as a file to download. It says what each part means, what it is used for, who else gets it and how long it is kept. The pictures are in it only until the photo itself is deleted: fetch it soon."
	case subjectrequest.Erasure:
		if r.Answer.Receipt == "" {
			return "The photo, its lines in the access log and its statistics are deleted. Nobody can read the pictures any more."
		}
		return "The photo, its lines in the access log and its statistics are deleted. Nobody can read the pictures any more. The receipt proves it and names neither you nor the photo."
	case subjectrequest.Restriction:
		return "From now on nobody makes, shows, changes, counts or deletes the photo. Somebody looks at it within 30 days, and you are told before that ends: on the photo's page, with its key. You can still delete it yourself."
	case subjectrequest.Objection:
		return "The photo's usage statistics are deleted, and nothing more of it is counted. We use your data for nothing else that you could object to: no advertising, no profiles, no training."
	}
	return ""
}

// ruled is the answer to a contested verdict.
func ruled(r contest.Ruling) string {
	said := "A person has looked at what the checks said. They stand. The reasons:"
	if r.Decision == contest.Overturned {
		said = "A person has looked at what the checks said. They were wrong. The reasons:"
	}
	return said + "\n\n" + r.Note
}

// looks tells when an officer looked at the photo, which the person had allowed.
func (d *Desk) looks(events []audit.Event) string {
	var all strings.Builder
	for _, e := range events {
		if e.Action == audit.OpenPhoto && e.Outcome == audit.Allowed {
			all.WriteString("\n\nWith your permission an officer looked at the photo on " + e.At.In(d.Writer.Zone).Format("2 January 2006, 15:04 MST") + ".")
		}
	}
	return all.String()
}

// Draft is what an officer finds in the fields of an answer or a refusal, to be changed.
type Draft struct {
	Note, Reason, Authority, Remedy string
	Question, Extension             string
}

// Gap stands in a draft where only the officer knows what to write.
const Gap = "[the reason]"

// question and extension are what most of them say.
const (
	question  = "We doubt whether the data that you ask about are yours, because: " + Gap + ". Please tell us something that only the person concerned knows, for example when and for which document the photo was made. Please don't send a copy of an identity card."
	extension = "Your request takes us longer than a month, because: " + Gap + ". We will answer it within three months of the day on which it arrived."
)

// remedy is where Art. 79 GDPR lets people sue.
const remedy = "The courts of the country where we have our seat, or of the country where you live (Art. 79 GDPR)."

// Draft proposes words for the answer to a request.
func (d *Desk) Draft(ctx context.Context, r subjectrequest.Request) (Draft, error) {
	words := Draft{Note: note(r), Authority: d.Authority, Remedy: remedy, Question: question, Extension: extension}
	switch {
	case r.Kind == subjectrequest.ShineTheLight:
		words.Authority, words.Remedy = "", ""
		if r.Repeated {
			words.Reason = "We have answered such a request of yours in this calendar year already. The law gives one answer a year."
		}
		text, err := d.Disclosures.Answer(ctx, r.ArrivedOn.Year-1)
		if err != nil {
			return words, fmt.Errorf("draft an answer: %w", err)
		}
		words.Note = text
	case r.Channel != subjectrequest.PhotoKey:
		words.Note = d.withoutKey(r)
	}
	return words, nil
}

// withoutKey is the answer to whoever shows no key: an address or a name opens no photo
// (Art. 11(2) GDPR).
func (d *Desk) withoutKey(r subjectrequest.Request) string {
	const ask = "There are no accounts here, and an address or a name does not tell us which photo is yours. If your request is about a photo, please open its page and use the form there, or give its number and its key in our form: that proves that you may ask."
	switch r.Kind {
	case subjectrequest.Access, subjectrequest.Portability:
		return "Here is what is filed under your address, as a file to download.\n\n" + ask
	case subjectrequest.Erasure:
		return "What was filed under your address and is settled is deleted: complaints, notes and letters. What you asked for under your rights, this request too, forgets your words, our answer and your address 14 days after the answer. Dates and outcomes stay for as long as the privacy policy says.\n\n" + ask
	case subjectrequest.Rectification:
		return ""
	}
	return ask
}
