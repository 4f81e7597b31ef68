package keyfile

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestProcessesThatStartAtOnceUseOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "a.key")
	keys := make([][Size]byte, 16)
	var processes sync.WaitGroup
	for i := range keys {
		processes.Go(func() {
			var err error
			if keys[i], err = Open("file://" + path); err != nil {
				t.Error(err)
			}
		})
	}
	processes.Wait()
	for _, k := range keys {
		if k != keys[0] || k == [Size]byte{} {
			t.Fatal("two processes have different keys, or none")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

func TestAKeyIsAFileOfThisMachineOrItself(t *testing.T) {
	for _, url := range []string{"", "/plain/path", "file://relative", "file:///x?mode=0600", "base64key://AAAA"} {
		if _, err := Open(url); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}
