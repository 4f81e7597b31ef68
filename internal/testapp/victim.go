package testapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// victim is the variable that makes a test's binary a process to be killed.
const victim = "TEST_VICTIM"

// Main is for the TestMain of tests that kill a process at work: it runs the tests, or,
// in a process that Victim made, does what that was ordered.
func Main[Order any](m *testing.M, obey func(ctx context.Context, o Order) error) {
	text := os.Getenv(victim)
	if text == "" {
		os.Exit(m.Run())
	}
	var o Order
	if err := errors.Join(json.Unmarshal([]byte(text), &o), obey(context.Background(), o)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Victim is a process, not started yet, that will do as it is ordered.
func Victim[Order any](t *testing.T, o Order) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self) // #nosec G204 -- this very binary
	c.Env = append(os.Environ(), victim+"="+string(text))
	return c
}
