package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
)

func TestAHashedPasswordLetsItsOperatorIn(t *testing.T) {
	var out bytes.Buffer
	if err := hashPassword([]string{"desk-a", "officer"}, strings.NewReader("correct horse battery\n"), &out); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(process, map[string]string{"OPERATORS": out.String()})
	if err != nil {
		t.Fatal(err)
	}
	list, err := operator.Parse(cfg.Operators)
	if err != nil {
		t.Fatal(err)
	}
	got, err := operator.NewDoor(operator.Options{List: list, Tally: noTally{}, Now: time.Now}).Open(t.Context(),
		operator.Knock{Name: "desk-a", Password: "correct horse battery"},
		func(context.Context, operator.Operator) (bool, error) { return true, nil })
	if want := (operator.Operator{Name: "desk-a", Role: operator.Officer}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

// noTally has counted nothing.
type noTally struct{}

func (noTally) Counted(context.Context, string) (int, time.Time, error) { return 0, time.Time{}, nil }

func (noTally) Count(context.Context, string, time.Time, time.Duration) error { return nil }

func TestAPasswordIsHashedForWholeEntriesOnly(t *testing.T) {
	for _, tt := range []struct {
		args  []string
		input string
	}{
		{nil, "correct horse battery\n"}, {[]string{"desk-a"}, "correct horse battery\n"}, {[]string{"desk-a", "boss"}, "correct horse battery\n"},
		{[]string{"desk-a", "officer"}, ""}, {[]string{"desk-a", "officer"}, "short\n"},
	} {
		var out bytes.Buffer
		if err := hashPassword(tt.args, strings.NewReader(tt.input), &out); err == nil || out.Len() > 0 || strings.Contains(err.Error(), "horse") {
			t.Errorf("%q: %v, printed %q", tt.args, err, out.String())
		}
	}
}
