package webui

import (
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// rightView is one right to choose. Photo is what happens with a photo's key, Email
// without one.
type rightView struct{ Value, Label, Photo, Email string }

// rights lists the rights in the words of whoever uses them. within is the promised time.
func rights(within string) []rightView {
	later := "A person answers within " + within + "."
	return []rightView{
		{string(subjectrequest.Access), "Give me a copy of what you have about me", "You get a file with everything and an explanation, the pictures too while the photo lives, usually within minutes.", "You get what is filed under your address, usually within minutes after you open the link that we mail."},
		{string(subjectrequest.Rectification), "Something that you have is wrong", "Say below what is wrong and what would be right. A person answers within " + within + ".", later},
		{string(subjectrequest.Erasure), "Delete what you have", "The photo, its statistics and its lines in the server log are deleted at once and for good, and you get a receipt.", "A person deletes what is filed under your address, within " + within + "."},
		{string(subjectrequest.Restriction), "Keep my photo, but do nothing with it", "From this moment nobody makes, shows, changes, counts or deletes it. A person looks at it within " + within + " and tells you before that ends.", later},
		{string(subjectrequest.Portability), "Give me my data as a file for another service", "You get what you gave us as a file that programs can read, usually within minutes.", "You get what you filed under your address, usually within minutes after you open the link that we mail."},
		{string(subjectrequest.Objection), "Stop using my data", "The photo's statistics are deleted at once, and nothing more of it is counted.", later},
		{string(subjectrequest.AutomatedDecision), "A person should look at what the checks said", "A person looks at the checks and answers with reasons: before the photo expires if possible, and within " + within + " in any case.", later},
		{string(subjectrequest.ShineTheLight), "California's “Shine the Light”: who got my data for advertising?", "", "Write to the one address below to be answered for certain."},
	}
}

// rightLabel names a request's right as a heading.
func rightLabel(k subjectrequest.Kind) string {
	return map[subjectrequest.Kind]string{
		subjectrequest.Access: "A copy of your data", subjectrequest.Rectification: "A correction of your data",
		subjectrequest.Erasure: "Deletion of your data", subjectrequest.Restriction: "Restriction of what is done with your photo",
		subjectrequest.Portability: "Your data as a file", subjectrequest.Objection: "Objection to the use of your data",
		subjectrequest.AutomatedDecision: "A person's look at the checks", subjectrequest.ShineTheLight: "Shine the Light",
	}[k]
}

// groundChoice says a reason for a restriction as whoever chooses it would.
func groundChoice(g photo.Ground) string {
	return map[photo.Ground]string{
		photo.ContestsAccuracy: "something that you hold is wrong, and is to be looked at first", photo.ProcessedWrongly: "what you do with it is against the law, but I don't want it deleted",
		photo.NeedsForClaim: "I need it for a legal claim", photo.Objects: "I have objected to what you do with it, and that is to be decided first",
	}[g]
}

// standing says how a request stands, to its person.
func standing(r subjectrequest.Request) string {
	switch r.State {
	case subjectrequest.Received:
		if !r.Identified() {
			return "We wait for you: please open the link that we have mailed to you."
		}
		return "A person will look at it."
	case subjectrequest.IdentityPending:
		return "We have asked you a question, and wait for your answer by mail."
	case subjectrequest.Accepted:
		return accepted(r.Kind)
	case subjectrequest.Extended:
		return "We work on it. It takes longer, for these reasons:"
	case subjectrequest.Refused:
		return "We have not done what you asked for, for these reasons:"
	case subjectrequest.Fulfilled:
		return "It is answered."
	}
	return map[subjectrequest.Closing]string{
		subjectrequest.Answered: "It was answered. The time in which the answer could be read is over.", subjectrequest.Withdrawn: "You have withdrawn it.",
		subjectrequest.Redirected: "We have asked you to write to the one address for this.", subjectrequest.Merged: "It goes on as another request of yours.",
	}[r.Closing]
}

func accepted(k subjectrequest.Kind) string {
	switch k {
	case subjectrequest.Access, subjectrequest.Portability:
		return "Your file is being put together, which usually takes minutes."
	case subjectrequest.AutomatedDecision:
		return "A person looks at what the checks said."
	case subjectrequest.Erasure:
		return "Everything is being deleted."
	}
	return "We work on it."
}

// stepWords say a step in the history of a request.
func stepWords(e audit.Event) string {
	if subjectrequest.Action(e.Action) == subjectrequest.Close {
		return map[subjectrequest.Closing]string{
			subjectrequest.Answered: "closed, because the answer's time was over", subjectrequest.Withdrawn: "withdrawn",
			subjectrequest.Redirected: "closed, and pointed to another address", subjectrequest.Merged: "put together with another request",
		}[subjectrequest.Closing(e.Outcome)]
	}
	return map[subjectrequest.Action]string{
		subjectrequest.File: "received", subjectrequest.SendLink: "another link mailed", subjectrequest.Confirm: "address confirmed",
		subjectrequest.AskIdentity: "a question asked", subjectrequest.SettleIdentity: "question answered", subjectrequest.Accept: "taken on",
		subjectrequest.Extend: "more time taken", subjectrequest.Refuse: "refused", subjectrequest.Fulfil: "answered",
	}[subjectrequest.Action(e.Action)]
}

// whose says who took a step. Officers have no names here.
func whose(e audit.Event) string {
	switch e.Actor {
	case audit.Person:
		return "by you"
	case audit.Service:
		return "by the program"
	}
	return "by an officer"
}
