package keyring

import (
	"bytes"
	"path/filepath"
	"testing"
)

func TestASealedSecretOpensForWhatItIsAboutAndUnderFormerKeysToo(t *testing.T) {
	dir := t.TempDir()
	one, two := "file://"+filepath.Join(dir, "one.key"), "file://"+filepath.Join(dir, "two.key")
	opened := func(url string, old ...string) *Master {
		m, err := OpenMaster(t.Context(), url, old...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = m.Close() })
		return m
	}
	first := opened(one)
	sealed, err := first.Seal(t.Context(), "a", []byte("secret"))
	if err != nil || bytes.Contains(sealed, []byte("secret")) || !first.Current(sealed) {
		t.Fatalf("%q, %v", sealed, err)
	}
	second := opened(two, one)
	for name, m := range map[string]*Master{"the same": first, "a later one beside the former": second} {
		if got, err := m.Open(t.Context(), "a", sealed); string(got) != "secret" || err != nil {
			t.Errorf("under %s: %q, %v", name, got, err)
		}
	}
	if second.Current(sealed) {
		t.Error("what a former key sealed counts as sealed by the present one")
	}
	if _, err := opened(two).Open(t.Context(), "a", sealed); err == nil {
		t.Error("it opens without the former key")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, x := range map[string][]byte{"about another": sealed, "changed": changed, "cut": sealed[:10], "empty": nil} {
		about := "a"
		if name == "about another" {
			about = "b"
		}
		if got, err := first.Open(t.Context(), about, x); err == nil {
			t.Errorf("%s: it opens as %q", name, got)
		}
	}
}
