package email

import (
	"fmt"
	"strings"
	"testing"
)

func TestOnlyOnePlainAddressIsTaken(t *testing.T) {
	for in, want := range map[string]string{
		"person@mail.example":        "person@mail.example",
		"  Per.Son+a@MAIL.Example  ": "per.son+a@mail.example",
		"o'neil@mail.example":        "o'neil@mail.example",
		"x@bücher.example":           "x@xn--bcher-kva.example",
	} {
		if got, err := Parse(in); err != nil || got.Reveal() != want {
			t.Errorf("%q: %q, %v", in, got.Reveal(), err)
		}
	}
	for _, in := range []string{
		"", "person", "@mail.example", "person@", "root@localhost", "a@b@c.example", "a@mail.example, b@mail.example",
		"Person <person@mail.example>", "<person@mail.example>", `"a b"@mail.example`, "a@[127.0.0.1]", "a@[IPv6:::1]",
		"a@mail.example\r\nBcc: b@mail.example", "a@mail.example\nb", "a\r\n@mail.example", "a@mail.example%0d%0a.x y", "a@-mail.example",
		"a@mail..example", "ä@mail.example", "a\x00@mail.example", "a@mail.example (comment)", "a@mail_box.example",
		strings.Repeat("a", 65) + "@mail.example", "a@" + strings.Repeat("a.", 130) + "example", strings.Repeat("a", 1<<20),
	} {
		if got, err := Parse(in); err == nil {
			t.Errorf("%.80q was taken as %q", in, got.Reveal())
		} else if strings.Contains(err.Error(), "example") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
}

func address(t *testing.T, s string) Address {
	t.Helper()
	a, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnAddressDoesNotPrint(t *testing.T) {
	a := address(t, "person@mail.example")
	if s := fmt.Sprintf("%v %+v %#v %s", a, a, a, a); strings.Contains(s, "person") {
		t.Error(s)
	}
}

func TestOneMailboxIsOneHoweverItIsWritten(t *testing.T) {
	a := address(t, "person@mail.example").Mailbox()
	for in, same := range map[string]bool{"PERSON@Mail.Example": true, "person+1@mail.example": true, "person2@mail.example": false, "person@post.example": false} {
		if (address(t, in).Mailbox() == a) != same {
			t.Errorf("%s", in)
		}
	}
}

func TestASenderMayHaveAName(t *testing.T) {
	name, a, err := Sender("Photos <photos@mail.example>")
	if err != nil || name != "Photos" || a.Reveal() != "photos@mail.example" {
		t.Errorf("%s, %s, %v", name, a.Reveal(), err)
	}
	for _, in := range []string{"", "Photos", "Photos <photos@localhost>", "A <a@mail.example>\r\nBcc: b@mail.example"} {
		if _, _, err := Sender(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}
