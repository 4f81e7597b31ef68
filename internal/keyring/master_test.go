package keyring_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// understand reports whether one master key opens the keys of another.
func understand(t *testing.T, a, b *keyring.Master) bool {
	t.Helper()
	r, id := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db")), photo.NewID()
	if _, err := keyring.New(r.db, a).Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err := keyring.New(r.db, b).Find(t.Context(), id)
	return err == nil
}

func TestProcessesThatStartAtOnceUseOneMasterKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "master.key")
	keepers := make([]*keyring.Master, 16)
	var processes sync.WaitGroup
	for i := range keepers {
		processes.Go(func() {
			k, err := keyring.OpenMaster(t.Context(), "file://"+path)
			if err != nil {
				t.Error(err)
			}
			keepers[i] = k
		})
	}
	processes.Wait()
	for _, k := range keepers {
		if !understand(t, keepers[0], k) {
			t.Fatal("two processes have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("beside the key: %v, error %v", files, err)
	}
}

func TestAMasterKeyFileThatCannotBeTrustedIsRefused(t *testing.T) {
	tests := map[string]struct {
		content string
		mode    os.FileMode
		want    string
	}{
		"readable by others": {strings.Repeat("k", 32), 0o644, "chmod 600"},
		"too short":          {"k", 0o600, "1 bytes"},
		"empty":              {"", 0o600, "0 bytes"},
	}
	for name, test := range tests {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, []byte(test.content), test.mode); err != nil {
			t.Fatal(err)
		}
		_, err := keyring.OpenMaster(t.Context(), "file://"+path)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMasterKeyMayBeGivenInTheURL(t *testing.T) {
	const url = "base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4="
	a, err := keyring.OpenMaster(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	b, err := keyring.OpenMaster(t.Context(), url)
	if err != nil || !understand(t, a, b) {
		t.Errorf("the same URL gives different keys: %v", err)
	}
}

func TestAUselessMasterKeyURLIsRefusedWithoutRepeatingIt(t *testing.T) {
	tests := map[string]string{
		"base64key://":                                    "different key in each process",
		"base64key://c2VjcmV0":                            "32 bytes",
		"base64key://c2VjcmV0?x=1":                        "32 bytes",
		"file://relative/c2VjcmV0":                        "absolute",
		"file:///c2VjcmV0?mode=0600":                      "absolute",
		"http://c2VjcmV0":                                 `"http" is not supported`,
		"hashivault://key?c2VjcmV0=":                      "no parameter but engine",
		"azurekeyvault://n.vault.azure.net/keys/c2VjcmV0": "the key's version",
		"c2VjcmV0":                                        "not supported",
		"base64key://c2VjcmV0 \x7f":                       "not a URL",
		"":                                                "not supported",
	}
	for url, want := range tests {
		_, err := keyring.OpenMaster(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
