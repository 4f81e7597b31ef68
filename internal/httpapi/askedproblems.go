package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// subjectRequestProblem knows the errors of requests and of the letters about them;
// nil for any other.
func subjectRequestProblem(err error) *Problem {
	for _, known := range []struct {
		err  error
		says func() *Problem
	}{
		{subjectrequest.ErrNotFound, unknownRequest},
		{subjectrequest.ErrKind, unknownKind},
		{privacydesk.ErrGround, groundMissing},
		{email.ErrAddress, invalidAddress},
		{subjectrequest.ErrWords, tooManyWords},
		{subjectrequest.ErrDuplicate, alreadyRequested},
		{subjectrequest.ErrPhotoGone, expired},
		{subjectrequest.ErrLinkUsed, linkUsed},
		{subjectrequest.ErrLinkExpired, linkExpired},
		{subjectrequest.ErrOver, requestOver},
		{subjectrequest.ErrChanged, requestChanged},
	} {
		if errors.Is(err, known.err) {
			return known.says()
		}
	}
	return nil
}

func unknownRequest() *Problem {
	return problem(http.StatusNotFound, "unknown_request", "There is no such request, or the key does not open it. Check the ID and the key against the answer to the request.")
}

func unknownKind() *Problem {
	return problem(http.StatusUnprocessableEntity, "unknown_kind", "Please choose one of the rights.")
}

func groundMissing() *Problem {
	p := problem(http.StatusUnprocessableEntity, "ground_missing", "Please say why the photo is to be kept: choose one of the reasons.")
	p.Errors = []Error{{"body.ground", "is not one of the grounds"}}
	return p
}

func invalidAddress() *Problem {
	p := problem(http.StatusUnprocessableEntity, "invalid_address", "This is not an e-mail address that we can write to. Give one address, such as name@example.org.")
	p.Errors = []Error{{"body.email", "is not an address"}}
	return p
}

func tooManyWords() *Problem {
	p := problem(http.StatusUnprocessableEntity, "invalid_text", "The text must be plain text of at most 5000 characters, without control characters.")
	p.Errors = []Error{{"body.message", "is too long or not plain text"}}
	return p
}

// mailboxRests is when a mailbox that has had its letters gets others.
const mailboxRests = time.Hour

// toAddress puts the one error of mailing that a person can do something about into
// words; reports about children, which need no address, have others for it.
func toAddress(err error) error {
	if errors.Is(err, letter.ErrTooMany) {
		return tooManyLetters()
	}
	return err
}

func tooManyLetters() *Problem {
	return retry(problem(http.StatusTooManyRequests, "too_many_letters", "This address has been sent enough mails for now. Look into the mailbox, also where unwanted mail goes, or try again in an hour. Nothing was kept of this."), mailboxRests)
}

func alreadyRequested() *Problem {
	return problem(http.StatusConflict, "already_requested", "You have asked for this already, and it is not answered yet. The page that took it gave you a key, with which you can see how it stands.")
}

func linkUsed() *Problem {
	return problem(http.StatusConflict, "link_used", "This link has been used: the address is confirmed, and there is nothing more to do.")
}

func linkExpired() *Problem {
	return problem(http.StatusGone, "link_expired", "The time of this link is over.")
}

func requestOver() *Problem {
	return problem(http.StatusConflict, "request_over", "This request is answered or closed, and can't be changed any more.")
}

func requestChanged() *Problem {
	return problem(http.StatusConflict, "request_changed", "Somebody has acted on this request in this moment. Look at it again.")
}
