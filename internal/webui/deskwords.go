package webui

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// KindWords names a kind of request in a list, with where the law has it.
func KindWords(k subjectrequest.Kind) string {
	return map[subjectrequest.Kind]string{
		subjectrequest.Access: "Copy of the data (Art. 15)", subjectrequest.Rectification: "Correction (Art. 16)",
		subjectrequest.Erasure: "Deletion (Art. 17)", subjectrequest.Restriction: "Restriction (Art. 18)",
		subjectrequest.Portability: "Data in a file (Art. 20)", subjectrequest.Objection: "Objection (Art. 21)",
		subjectrequest.AutomatedDecision: "Decision by a person (Art. 22)", subjectrequest.ShineTheLight: "Shine the Light (California)",
	}[k]
}

func stateWords(s subjectrequest.State) string {
	return map[subjectrequest.State]string{
		subjectrequest.Received: "received", subjectrequest.IdentityPending: "identity asked for",
		subjectrequest.Accepted: "taken on", subjectrequest.Extended: "extended", subjectrequest.Refused: "refused",
		subjectrequest.Fulfilled: "answered", subjectrequest.Closed: "closed",
	}[s]
}

func channelWords(c subjectrequest.Channel) string {
	return map[subjectrequest.Channel]string{
		subjectrequest.PhotoKey: "with a photo's key", subjectrequest.ByEmail: "by e-mail address",
		subjectrequest.Letter: "by letter", subjectrequest.Phone: "by phone",
		subjectrequest.DesignatedMail: "at the address for Shine the Light",
	}[c]
}

func closingWords(c subjectrequest.Closing) string {
	return map[subjectrequest.Closing]string{
		subjectrequest.Answered: "it was answered, and the time to read the answer is over", subjectrequest.Withdrawn: "the person withdrew it",
		subjectrequest.Redirected: "the person was sent to the address for Shine the Light", subjectrequest.Merged: "it was merged into another request of the same person",
	}[c]
}

// OutcomeWords heads the column of an outcome.
func OutcomeWords(o subjectrequest.Outcome) string {
	return map[subjectrequest.Outcome]string{
		subjectrequest.Pending: "Open", subjectrequest.WasFulfilled: "Fulfilled", subjectrequest.WasRefused: "Refused",
		subjectrequest.WasWithdrawn: "Withdrawn", subjectrequest.WasRedirect: "Redirected", subjectrequest.WasMerged: "Merged",
	}[o]
}

// standsAt says the state of whatever waits at the desk.
func standsAt(m letter.Matter, state string) string {
	switch m {
	case letter.Breach:
		return lowered(breachState(breach.State(state)))
	case letter.Contest:
		return stateLabel(contest.State(state))
	}
	if words := stateWords(subjectrequest.State(state)); words != "" {
		return words
	}
	return strings.ReplaceAll(state, "_", " ")
}

// requestWords says what was done with a request.
func requestWords(e audit.Event) (string, bool) {
	words, known := map[subjectrequest.Action]string{
		subjectrequest.File: "filed it", subjectrequest.SendLink: "had a new link sent",
		subjectrequest.Confirm: "followed the mailed link, which proves the address", subjectrequest.AskIdentity: "asked about the identity",
		subjectrequest.SettleIdentity: "noted the answer about the identity", subjectrequest.Accept: "took it on",
		subjectrequest.Extend: "extended it and told the person why", subjectrequest.Refuse: "refused it, with reasons",
		subjectrequest.Fulfil: "answered it", subjectrequest.Close: "closed it",
	}[subjectrequest.Action(e.Action)]
	if why := closingWords(subjectrequest.Closing(e.Outcome)); known && subjectrequest.Action(e.Action) == subjectrequest.Close && why != "" {
		words += ": " + why
	}
	return words, known
}

// dayWords says a date; nothing for none.
func dayWords(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.In(time.UTC).Format("2 January 2006")
}

func raised(s string) string { return firstRune(s, unicode.ToUpper) }

func lowered(s string) string { return firstRune(s, unicode.ToLower) }

func firstRune(s string, turn func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(turn(first)) + s[size:]
}
