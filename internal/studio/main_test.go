package studio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

// The test binary is started again as a child, with a developer that does what
// the picture says.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "studio":
			in, out := Pipes()
			fmt.Fprintln(os.Stderr, Serve(in, out, func() (Developer, error) { return obedient{}, nil }))
			os.Exit(1)
		case "unconfined":
			in, out := Pipes()
			_ = (&wire{w: out}).sendJSON(frameReady, ready{Unconfined: "no such kernel feature"})
			_, _ = in.Read(make([]byte, 1))
			os.Exit(0)
		case "broken":
			fmt.Fprintln(os.Stderr, "a library is missing")
			os.Exit(3)
		case "parent":
			beParent()
		}
	}
	os.Exit(m.Run())
}

// obedient takes its orders from the picture's bytes, and tells in the report
// what it found.
type obedient struct{}

func (obedient) Develop(_ context.Context, _ pipeline.Job, given pipeline.Material, at func(photo.Step)) (pipeline.Result, error) {
	order, _, _ := strings.Cut(string(given.Original), " ")
	switch order {
	case "develop":
		at(photo.StepDecode)
		at(photo.StepRender)
	case "preview":
		return pipeline.Result{Report: []byte(`{}`)}, nil
	case "reject":
		return pipeline.Result{Reason: photo.NoFace}, nil
	case "take-your-time":
		at(photo.StepDecode)
		time.Sleep(700 * time.Millisecond)
	case "fault":
		return pipeline.Result{}, errors.New("the model is\nbroken \x1b[31m")
	case "probe":
		return photograph(probe())
	default:
		misbehave(order, at)
	}
	return photograph(map[string]string{
		"pid": fmt.Sprint(os.Getpid()), "bytes": fmt.Sprint(len(given.Original)), "env": strings.Join(os.Environ(), "\n"),
	})
}

// Tracked is what a picture library would say.
func (obedient) Tracked() (now, highest int64) { return 1000, 5000 }

func photograph(report map[string]string) (pipeline.Result, error) {
	b, err := json.Marshal(report)
	return pipeline.Result{
		Picture: append(bytes.Clone(jpegStart), "picture"...), Report: b,
		Steps: []pipeline.StepTime{{Step: photo.StepDecode, Took: time.Millisecond}},
	}, err
}

// misbehave is what a broken or taken-over child might do.
func misbehave(order string, at func(photo.Step)) {
	_, out := Pipes()
	w := &wire{w: out}
	switch order {
	case "panic":
		panic("on this picture")
	case "segfault":
		_ = unix.Kill(os.Getpid(), unix.SIGSEGV) // not allowed; so:
		_ = unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGSEGV)
		time.Sleep(time.Hour)
	case "exit":
		os.Exit(0)
	case "spin":
		for { //nolint:staticcheck // it is to spin
		}
	case "block":
		at(photo.StepDecode)
		_ = unix.Nanosleep(&unix.Timespec{Sec: 3600}, nil) // holds its thread, as a call into C does
	case "eat":
		var all [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b) //nolint:staticcheck // it is to eat
		}
	case "close":
		_ = out.Close()
		time.Sleep(time.Hour)
	case "huge-frame":
		_, _ = out.Write([]byte{byte(framePicture), 0xFF, 0xFF, 0xFF, 0xFF})
	case "unknown-frame":
		_, _ = out.Write([]byte{'?', 0, 0, 0, 0})
	case "noise":
		_, _ = out.WriteString("HTTP/1.1 200 OK\r\n\r\n")
	case "unknown-step":
		_ = w.send(frameStep, []byte("mining"))
	case "endless-steps":
		for w.send(frameStep, []byte(photo.StepDecode)) == nil {
		}
	case "unknown-reason":
		_ = w.sendJSON(frameOutcome, outcome{Reason: "because"})
		_, _, _ = w.send(framePicture, nil), w.send(frameReport, nil), w.send(frameKept, nil)
	case "no-jpeg":
		_ = w.sendJSON(frameOutcome, outcome{})
		_, _, _ = w.send(framePicture, []byte("<script>")), w.send(frameReport, []byte("{}")), w.send(frameKept, nil)
	case "pixels-that-cannot-be":
		_ = w.sendJSON(frameOutcome, outcome{Pixels: pixels{Now: 2, Most: 1}})
		_, _, _ = w.send(framePicture, jpegStart), w.send(frameReport, []byte("{}")), w.send(frameKept, nil)
	case "stolen-step-time":
		_ = w.sendJSON(frameOutcome, outcome{Steps: []pipeline.StepTime{{Step: "secret", Took: 1}}})
		_, _, _ = w.send(framePicture, jpegStart), w.send(frameReport, []byte("{}")), w.send(frameKept, nil)
	}
}

// probe tries what a child must not be able to do.
func probe() map[string]string {
	say := func(err error) string {
		if err == nil {
			return "ALLOWED"
		}
		return "refused"
	}
	_, socket := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	_, dial := net.DialTimeout("tcp", "127.0.0.1:1", time.Second)
	_, unixSocket := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	_, read := os.ReadFile("/etc/hostname")
	_, environ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", os.Getppid()))
	var core unix.Rlimit
	_ = unix.Getrlimit(unix.RLIMIT_CORE, &core)
	return map[string]string{
		"socket": say(socket), "dial": say(dial), "unix socket": say(unixSocket),
		"read a file": say(read), "read the parent's environment": say(environ),
		"write a file":                say(os.WriteFile("/tmp/studio-probe", []byte("x"), 0o600)),
		"start a program":             say(exec.Command("/bin/true").Run()),
		"signal the parent":           say(unix.Kill(os.Getppid(), 0)),
		"signal the parent's threads": say(unix.Tgkill(os.Getppid(), os.Getppid(), 0)),
		"raise a limit":               say(unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1000, Max: 1000})),
		"be dumpable again":           say(unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)),
		"dump core":                   say(map[bool]error{true: errors.New("no"), false: nil}[core.Max == 0]),
	}
}

// beParent has a child in its hands that blocks, says the child's number, and
// waits to be killed.
func beParent() {
	p, err := NewPool(Config{Slots: 1, Command: []string{os.Args[0], "studio"}, Log: slog.New(slog.DiscardHandler), Observer: newWatcher()})
	if err != nil {
		panic(err)
	}
	res, err := p.Develop(context.Background(), pipeline.Job{}, Given{Original: strings.NewReader("develop")}, func(photo.Step) {})
	if err != nil {
		panic(err)
	}
	_, _ = p.Develop(context.Background(), pipeline.Job{}, Given{Original: strings.NewReader("block")}, func(photo.Step) {
		fmt.Println(reportOf(res)["pid"])
	})
}

func reportOf(r pipeline.Result) map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(r.Report, &m); err != nil {
		panic(err)
	}
	return m
}
