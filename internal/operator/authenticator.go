package operator

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Authenticator is an app or device of an operator's that shows a new code every half
// minute (TOTP, RFC 6238), as it is kept: its secret sealed.
type Authenticator struct {
	Operator string
	Stamp    Stamp
	Sealed   []byte
	SetUpAt  time.Time
	LastStep int64 // the half minute, since 1970, of the last code that was taken
	Codes    int   // recovery codes that are left
}

// ErrNoAuthenticator says that the operator has set none up.
var ErrNoAuthenticator = errors.New("no authenticator")

// Sealer hides the secrets of authenticators from whoever reads the database.
type Sealer interface {
	Seal(ctx context.Context, about string, plain []byte) ([]byte, error)
	Open(ctx context.Context, about string, sealed []byte) ([]byte, error)
}

// About names what is sealed, so that nobody's secret can be put in another's place.
func About(name string) string { return "authenticator of " + name }

// codeLife is how long a code is shown. That before and that after are taken too,
// because clocks differ and people type.
const codeLife = 30 * time.Second

var codePattern = regexp.MustCompile(`^[0-9]{6}$`)

// stepOf finds the half minute of which the code is, among those that are taken now.
func stepOf(code, secret string, now time.Time) (step int64, ok bool, err error) {
	if !codePattern.MatchString(code) {
		return 0, false, nil
	}
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	middle := now.Unix() / int64(codeLife.Seconds())
	for _, step := range []int64{middle - 1, middle, middle + 1} {
		is, err := hotp.ValidateCustom(code, uint64(step), secret, opts) // #nosec G115 -- later than 1970
		if err != nil {
			return 0, false, errors.New("the authenticator's secret can't be read") // the library's words could repeat it
		}
		if is {
			return step, true, nil
		}
	}
	return 0, false, nil
}

// Proposal is an authenticator to be set up: its secret, to type, and an otpauth:
// address with the secret, to be shown as a QR code.
type Proposal struct{ Secret, Address string }

// newSecret returns 160 random bits in base32, as apps take them.
func newSecret() string {
	b := make([]byte, 20)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return base32.StdEncoding.EncodeToString(b)
}

// issuer stands in the app's list.
const issuer = "PassPortphotoGenie"

func propose(account, key string) (Proposal, error) {
	plain, err := base32.StdEncoding.DecodeString(key)
	if err != nil {
		return Proposal{}, errors.New("the authenticator's secret can't be read")
	}
	k, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Secret: plain})
	if err != nil {
		return Proposal{}, fmt.Errorf("propose an authenticator: %w", err)
	}
	return Proposal{key, k.URL()}, nil
}

// recoveryCodes is how many an operator gets.
const recoveryCodes = 10

var recovery = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// newRecoveryCodes returns codes of 80 random bits, such as abcd-efgh-ijkl-mnop, and
// what is kept of them.
func newRecoveryCodes() (codes []string, hashes []secret.Hash) {
	for range recoveryCodes {
		b := make([]byte, 10)
		rand.Read(b) // never fails: crypto/rand ends the program instead
		s := recovery.EncodeToString(b)
		code := s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
		codes, hashes = append(codes, code), append(hashes, recoveryHash(code))
	}
	return codes, hashes
}

// recoveryHash forgives capitals and how the groups are set apart.
func recoveryHash(code string) secret.Hash { return secret.Key(strings.ToLower(bare(code))).Hash() }

// bare is a code without what people put between its signs.
func bare(code string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\t\r\n", r) {
			return -1
		}
		return r
	}, code)
}
