package mail

import (
	"crypto/tls"
	"errors"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wneessen/go-mail"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// whyNoConnection says why a mail server did not let us in. None of that is the
// letter's fault, so none is for good.
func whyNoConnection(err error) error {
	var answer *textproto.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer) && slices.Contains([]int{454, 530, 534, 535, 538}, answer.Code):
		return letter.Failure{Reason: letter.LoginRefused, Code: answer.Code}
	case strings.Contains(err.Error(), "SMTP AUTH"), errors.Is(err, mail.ErrNoSupportedAuthDiscovered): // it knows no way that we do
		return letter.Failure{Reason: letter.LoginRefused}
	case errors.As(err, &answer):
		return letter.Failure{Reason: letter.Unwelcome, Code: answer.Code}
	case errors.As(err, &untrusted), strings.Contains(err.Error(), "STARTTLS"):
		return letter.Failure{Reason: letter.NotEncrypted}
	}
	return letter.Failure{Reason: letter.Unreachable}
}

// whyNotTaken says why a mail server did not take a letter. Only what it says of the
// addressee or the content is for good; where it does not want us, an operator has to
// do something, and the letter waits for that.
func whyNotTaken(err error) error {
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return letter.Failure{Reason: letter.Unreachable}
	}
	code := refused.ErrorCode()
	ours := refused.Reason == mail.ErrSMTPMailFrom || strings.HasPrefix(refused.EnhancedStatusCode(), "5.7.") || code == 530
	switch {
	case code < 500:
		return letter.Failure{Reason: letter.Deferred, Code: code}
	case ours:
		return letter.Failure{Reason: letter.Unwelcome, Code: code}
	}
	return letter.Failure{Reason: letter.Refused, Code: code}
}
