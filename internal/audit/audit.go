// Package audit is the trail of what operators did to what belongs to a person, and
// of when they came and went, and of every step of a person's request. Events are
// written before the deed, where the deed shows something, and are never changed. They
// name the operator and the contest, the restriction, the request or the processor,
// never a photo and nothing of a person.
package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Event is one line of the trail.
type Event struct {
	At      time.Time
	Actor   string // the operator's name, Person or Service
	Action  Action
	Subject string // the ID of a contest, a restriction, a request, a letter, a processor, a breach, a disclosure or an API client; of an export its range; of a queue its name and the deed; of a look-up the reference's Hash; of coming and going Session
	Outcome Outcome
}

// Actors that are no operators, and whose words no operator can have as a name.
const (
	Person  = "(person)"  // whom it belongs to
	Service = "(service)" // the program by itself
	Client  = "(client)"  // an API client's own server
)

// Action is what an operator did or tried. Those of requests are subjectrequest's, and those of
// complaints and support notes are complaint's.
type Action string

// The actions.
const (
	OpenPhoto     Action = "open_photo"
	DecideContest Action = "decide_contest"

	KeepRestriction  Action = "keep_restriction"
	TellOfLifting    Action = "tell_of_lifting"
	LiftRestriction  Action = "lift_restriction"
	ExportAccessLog  Action = "export_access_log"
	LookUpStatistics Action = "look_up_statistics"
	ExportRequests   Action = "export_requests" // the register's dates and outcomes

	AddProcessor    Action = "add_processor"
	ChangeProcessor Action = "change_processor"
	EndProcessor    Action = "end_processor"

	EnterBreach         Action = "enter_breach"
	CorrectBreach       Action = "correct_breach"
	DecideBreachNotice  Action = "decide_breach_notice"
	DecideBreachPersons Action = "decide_breach_persons"
	CloseBreach         Action = "close_breach"
	ReopenBreach        Action = "reopen_breach"
	AddDisclosure       Action = "add_disclosure"
	ChangeDisclosure    Action = "change_disclosure"
	RemoveDisclosure    Action = "remove_disclosure"

	RetryLetter Action = "retry_letter"
	ChangeQueue Action = "change_queue"

	AddAPIClient    Action = "add_api_client"
	ChangeAPIClient Action = "change_api_client"
	IssueAPIKey     Action = "issue_api_key"
	RevokeAPIClient Action = "revoke_api_client"
	SetWebhook      Action = "set_webhook"
	RemoveWebhook   Action = "remove_webhook"

	SignedIn      Action = "signed_in"
	SignInRefused Action = "sign_in_refused" // somebody knocked in the operator's name
	SignedOut     Action = "signed_out"
	SessionsEnded Action = "sessions_ended" // all of the operator's
	TOTPEnrolled  Action = "totp_enrolled"  // the operator set up an authenticator
)

// Session is the subject of events that are about an operator's own coming and going.
const Session = "session"

// Outcome is how it ended.
type Outcome string

// The outcomes; a decision is its own.
const (
	Allowed        Outcome = "allowed"
	Refused        Outcome = "refused"
	ByRecoveryCode Outcome = "by_recovery_code"
)

// Hash stands in the trail for a reference that must not. Who has the reference
// can tell whether it was meant; the hash leads nobody to it.
func Hash(reference string) string {
	sum := sha256.Sum256([]byte(reference))
	return "sha256:" + hex.EncodeToString(sum[:])
}
