package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// TestMain lets the test's program be a worker, as simcluster lets its own.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerWord {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		end(work(ctx))
	}
	os.Exit(m.Run())
}

// small is a simulation of some seconds.
func small(t *testing.T) simulation {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return simulation{self: self, checkout: root, slots: 2, idle: 200 * time.Millisecond, measured: time.Second, say: testapp.Log(t)}
}

func TestFourTimesTheWorkersMakeFourTimesThePhotosWhileRedisIsNotFull(t *testing.T) {
	s := small(t)
	var steps []step
	for _, n := range []int{1, 4} {
		one, err := s.step(t.Context(), queueMode(s, 100*time.Millisecond), n)
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, one)
	}
	if e := efficiency(steps); e < .7 || e > 1.3 { // other things run on the machine
		t.Errorf("four workers make %.1f photos a second and one makes %.1f", steps[1].rate, steps[0].rate)
	}
	if steps[1].busy.Redis.Trips() == 0 || steps[1].idle.Redis.Trips() == 0 {
		t.Error("no request to Redis was counted")
	}
}

func TestRealWorkersWithAStubStudioMakePhotosFromTheStores(t *testing.T) {
	_ = testapp.Binary(t, "worker") // or the test says what is missing
	s := small(t)
	s.workers = []int{2}
	text, err := s.linear(t.Context(), "whole", wholeMode(s, 100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "| 2 | ") || !strings.Contains(text, "PostgreSQL, % of a core") {
		t.Errorf("the table is\n%s", text)
	}
}

func TestWhatOnePhotoAsksOfRedisIsRecordedAndPlayed(t *testing.T) {
	s := small(t)
	s.measured = 300 * time.Millisecond
	r, err := rig.Start(t.Context(), rig.Options{RedisOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Stop()
	life, err := s.lifeOfOne(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	news := 0
	for _, one := range life {
		if one.is("spublish") {
			news++
		}
	}
	if want := len(photo.Steps()) + 2; news != want {
		t.Errorf("of %d news of a photo %d were recorded: %s", want, news, describe(life))
	}
	for _, c := range []crowd{{2, false}, {2, true}} {
		rate, _, err := s.play(t.Context(), r, life, c) // it checks that each life was lived
		if err != nil {
			t.Fatal(err)
		}
		if rate == 0 {
			t.Errorf("%s nothing was played", c)
		}
	}
}

func TestARequestIsReadAsItWasSent(t *testing.T) {
	sent := request{[]byte("SET"), []byte("{default}:x"), []byte("a\r\nb")}
	got, err := readRequest(bufio.NewReader(bytes.NewReader(sent.bytes("{default}", "{q1}"))))
	if err != nil {
		t.Fatal(err)
	}
	if string(got[1]) != "{q1}:x" || string(got[2]) != "a\r\nb" {
		t.Errorf("read %q", got)
	}
	for _, reply := range []string{"+OK\r\n", ":1\r\n", "$-1\r\n", "$3\r\nabc\r\n", "*2\r\n$1\r\na\r\n:5\r\n", "*-1\r\n"} {
		r := bufio.NewReader(strings.NewReader(reply))
		if failed, err := skipReply(r); failed != nil || err != nil {
			t.Errorf("%q: %v, %v", reply, failed, err)
		}
		if rest, _ := io.ReadAll(r); len(rest) > 0 {
			t.Errorf("of %q %q is left", reply, rest)
		}
	}
	if failed, err := skipReply(bufio.NewReader(strings.NewReader("-NOT FOUND\r\n"))); err != nil || failed == nil || failed.Error() != gone {
		t.Errorf("an error is read as %v, %v", failed, err)
	}
}

func TestAWorkerEndsWithItsContext(t *testing.T) {
	r, err := rig.Start(t.Context(), rig.Options{RedisOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Stop()
	t.Setenv(redisVariable, r.RedisURL)
	t.Setenv(slotsVariable, "1")
	t.Setenv(costVariable, "1ms")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := work(ctx); err != nil {
		t.Error(err)
	}
}
