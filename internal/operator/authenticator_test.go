package operator

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// The secret and codes of RFC 6238, appendix B, cut to six digits.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestCodesAreThoseOfTheStandard(t *testing.T) {
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		step, ok, err := stepOf(code, rfcSecret, time.Unix(at, 0))
		if err != nil || !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v, %v", at, step, ok, err)
		}
		for _, off := range []time.Duration{-time.Minute, time.Minute} {
			if _, ok, _ := stepOf(code, rfcSecret, time.Unix(at/30*30, 0).Add(off)); ok {
				t.Errorf("the code of %d is taken %s later", at, off)
			}
		}
	}
	for _, code := range []string{"", "28708", "2870820", "28708a", "２87082", " 287082"} {
		if _, ok, err := stepOf(code, rfcSecret, time.Unix(59, 0)); ok || err != nil {
			t.Errorf("%q: %v, %v", code, ok, err)
		}
	}
	if _, _, err := stepOf("287082", "not base32!", time.Unix(59, 0)); err == nil || strings.Contains(err.Error(), "base32") {
		t.Errorf("a broken secret: %v", err)
	}
}

func TestAProposalIsWhatAppsRead(t *testing.T) {
	key := newSecret()
	p, err := propose("desk-a@photos.example", key)
	if err != nil || p.Secret != key {
		t.Fatal(p, err)
	}
	u, err := url.Parse(p.Address)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/PassPortphotoGenie:desk-a@photos.example" {
		t.Errorf("%s, %v", p.Address, err)
	}
	if q := u.Query(); q.Get("secret") != key || q.Get("issuer") != issuer || len(key) != 32 || key == newSecret() {
		t.Errorf("%v", q)
	}
}

func TestRecoveryCodesForgiveHowTheyAreTyped(t *testing.T) {
	codes, hashes := newRecoveryCodes()
	if len(codes) != 10 || len(hashes) != 10 || codes[0] == codes[1] || len(bare(codes[0])) != 16 {
		t.Fatalf("%v", codes)
	}
	for _, typed := range []string{codes[0], strings.ToUpper(codes[0]), strings.ReplaceAll(codes[0], "-", " "), bare(codes[0]) + "\n"} {
		if recoveryHash(typed) != hashes[0] {
			t.Errorf("%q is not %q", typed, codes[0])
		}
	}
	if recoveryHash(codes[0]) == recoveryHash(codes[1]) {
		t.Error("all codes are one")
	}
}

func TestSessionsAreKeptForAsLongAsTheyLast(t *testing.T) {
	if kept := retention.Of(retention.OperatorSessions).Default; kept != SessionLimit {
		t.Errorf("they last for %s and are kept for %s", SessionLimit, kept)
	}
}
