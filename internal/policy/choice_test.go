package policy

import "testing"

func TestAYesIsForOneVersionAndANoForAll(t *testing.T) {
	for _, tt := range []struct {
		kept           string
		ok, yes, holds bool // of them holds is under version 2
	}{
		{"yes-2", true, true, true},
		{"yes-1", true, true, false},
		{"no-1", true, false, true},
		{"no-2", true, false, true},
		{"yes", false, false, false},
		{"maybe-2", false, false, false},
		{"yes-02", false, false, false},
		{"", false, false, false},
	} {
		c, ok := ParseChoice(tt.kept)
		if ok != tt.ok || ok && (c.Allowed != tt.yes || c.Holds(2) != tt.holds || c.String() != tt.kept) {
			t.Errorf("%q is %+v, %t", tt.kept, c, ok)
		}
	}
}
