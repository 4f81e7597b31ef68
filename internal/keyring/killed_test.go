package keyring_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
)

// rotatesFor names the environment variable that makes this binary rotate the
// keys of a database. After the first batch it says so, and waits to be told to go
// on.
const rotatesFor = "KEYRING_ROTATES"

func TestARotationThatIsKilledLosesNoKey(t *testing.T) {
	if settings := strings.Fields(os.Getenv(rotatesFor)); len(settings) == 3 {
		k := keyring.New(openDatabase(t, settings[0]), openMaster(t, settings[1], settings[2]))
		wait := sync.OnceFunc(func() {
			fmt.Println("a batch is done")
			_, _ = os.Stdin.Read(make([]byte, 1))
		})
		if _, err := k.Rotate(t.Context(), func(int) { wait() }); err != nil {
			t.Error(err)
		}
		return
	}
	x := newRotation(t, newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db")), 900)
	for n := 900; n > 300; {
		rotateAndKill(t, x)
		now := left(t, x.after)
		if now >= n {
			t.Fatalf("%d keys are left, %d were before", now, n)
		}
		n = now
		x.opens(t, x.after)
	}
	x.rotate(t)
	x.opens(t, keyring.New(x.db, openMaster(t, x.present)))
}

// rotateAndKill kills a rotation, in whatever it does after its first batch.
func rotateAndKill(t *testing.T, x rotation) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), rotatesFor+"="+strings.Join([]string{x.url, x.present, x.former}, " "))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "a batch is done\n" {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := in.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	_ = child.Process.Kill() // it may have ended
	_ = child.Wait()
}
