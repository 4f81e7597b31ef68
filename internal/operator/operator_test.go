package operator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

const password = "correct horse battery"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func made(t *testing.T, name, role, password string) string {
	t.Helper()
	e, err := Entry(name, role, password)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func parsed(t *testing.T, s string) List {
	t.Helper()
	l, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// clock is a time that a test moves.
type clock struct{ now time.Time }

func door(t *testing.T) (*Door, *clock) {
	t.Helper()
	c := &clock{noon}
	l := parsed(t, made(t, "desk-a", "officer", password)+" "+made(t, "desk-b", "viewer", password+"!"))
	return NewDoor(Options{List: l, Tally: noTally{}, Now: func() time.Time { return c.now }}), c
}

// noTally has counted nothing.
type noTally struct{}

func (noTally) Counted(context.Context, string) (int, time.Time, error) { return 0, time.Time{}, nil }

func (noTally) Count(context.Context, string, time.Time, time.Duration) error { return nil }

// knock asks for no code.
func knock(ctx context.Context, d *Door, k Knock) (Operator, error) {
	return d.Open(ctx, k, func(context.Context, Operator) (bool, error) { return true, nil })
}

func TestTheRightPasswordOpensAndNothingElse(t *testing.T) {
	d, _ := door(t)
	for _, tt := range []struct {
		name, password string
		want           Operator
	}{
		{"desk-a", password, Operator{"desk-a", Officer}},
		{"desk-b", password + "!", Operator{"desk-b", Viewer}},
		{"desk-a", password + "!", Operator{}},
		{"desk-a", "", Operator{}},
		{"desk-a", strings.Repeat("x", 1<<20), Operator{}},
		{"", "", Operator{}},
		{"reader", password, Operator{}},
		{"ADA", password, Operator{}},
	} {
		got, err := knock(t.Context(), d, Knock{Name: tt.name, Password: tt.password, Client: "here"})
		if got != tt.want || (err == nil) != (tt.want.Name != "") || err != nil && !errors.Is(err, ErrUnknown) {
			t.Errorf("%q opens for %+v, %v", tt.name, got, err)
		}
	}
	if o := (Operator{Role: Viewer}); o.Decides() || !(Operator{Role: Officer}).Decides() {
		t.Error("the roles are mixed up")
	}
}

func TestADoorWithoutOperatorsStaysShut(t *testing.T) {
	d := NewDoor(Options{List: parsed(t, "  "), Tally: noTally{}, Now: time.Now})
	for _, k := range []Knock{{}, {Name: "desk-a", Password: password}} {
		if o, err := knock(t.Context(), d, k); !errors.Is(err, ErrUnknown) {
			t.Errorf("%+v is let in: %v", o, err)
		}
	}
}

func TestGuessingIsStoppedForAWhile(t *testing.T) {
	d, clock := door(t)
	try := func(name, password, client string) error {
		_, err := knock(t.Context(), d, Knock{Name: name, Password: password, Client: client})
		return err
	}
	for i := range perClient {
		if err := try("desk-a", fmt.Sprint("guess", i), "there"); !errors.Is(err, ErrUnknown) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	var often TooOftenError
	if err := try("desk-a", password, "there"); !errors.As(err, &often) || often.After != window {
		t.Errorf("after %d guesses: %v", perClient, err)
	}
	for _, other := range [][3]string{{"desk-a", password, "here"}, {"desk-b", password + "!", "there"}} {
		if err := try(other[0], other[1], other[2]); err != nil {
			t.Errorf("%s from %s: %v", other[0], other[2], err)
		}
	}
	clock.now = noon.Add(window)
	if err := try("desk-a", password, "there"); err != nil {
		t.Errorf("when the window is over: %v", err)
	}
}

func TestANameIsGuardedAgainstManyClients(t *testing.T) {
	d, _ := door(t)
	for _, name := range []string{"desk-a", "nobody"} { // both answer the same
		for i := range perName - 1 {
			d.attempts.failed(Knock{Name: name, Client: fmt.Sprint(i)}, noon)
		}
		last := Knock{Name: name, Password: "guess", Client: "another"}
		if _, err := knock(t.Context(), d, last); !errors.Is(err, ErrUnknown) {
			t.Errorf("the last guess of %s: %v", name, err)
		}
		if _, err := knock(t.Context(), d, Knock{Name: name, Password: password, Client: "yet another"}); !errors.As(err, new(TooOftenError)) {
			t.Errorf("%s after %d guesses: %v", name, perName, err)
		}
	}
}

func TestGuessesAtTheSameTimeAreAllCounted(t *testing.T) {
	d, _ := door(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 3 * perClient {
		wg.Go(func() {
			if _, err := knock(context.Background(), d, Knock{Name: "desk-a", Password: "guess", Client: "there"}); errors.Is(err, ErrUnknown) {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if tried > perClient {
		t.Errorf("%d guesses were tried, want at most %d", tried, perClient)
	}
}

func TestTheCodeIsAskedForOnlyBehindTheRightPassword(t *testing.T) {
	d, _ := door(t)
	asked := 0
	wrong := func(context.Context, Operator) (bool, error) { asked++; return false, nil }
	for i := range perClient {
		word := password
		if i%2 == 1 {
			word = "guess"
		}
		if _, err := d.Open(t.Context(), Knock{Name: "desk-a", Password: word, Client: "there"}, wrong); !errors.Is(err, ErrUnknown) {
			t.Errorf("try %d: %v", i, err)
		}
	}
	if asked != perClient/2 {
		t.Errorf("a code was asked for %d times", asked)
	}
	if _, err := d.Open(t.Context(), Knock{Name: "desk-a", Password: password, Client: "there"}, wrong); !errors.As(err, new(TooOftenError)) {
		t.Errorf("wrong codes don't count: %v", err)
	}
	broken := errors.New("no database")
	_, err := d.Open(t.Context(), Knock{Name: "desk-b", Password: password + "!"}, func(context.Context, Operator) (bool, error) { return false, broken })
	if !errors.Is(err, broken) {
		t.Errorf("trouble of ours is told as %v", err)
	}
}

// lostTally can't be reached.
type lostTally struct{}

func (lostTally) Counted(context.Context, string) (int, time.Time, error) {
	return perName, noon, errors.New("no tally")
}

func (lostTally) Count(context.Context, string, time.Time, time.Duration) error {
	return errors.New("no tally")
}

func TestWithoutATallyAProcessCountsForItself(t *testing.T) {
	l := parsed(t, made(t, "desk-a", "officer", password))
	d := NewDoor(Options{List: l, Tally: lostTally{}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }})
	for range perClient {
		if _, err := knock(t.Context(), d, Knock{Name: "desk-a", Password: "guess"}); !errors.Is(err, ErrUnknown) {
			t.Fatal(err)
		}
	}
	if _, err := knock(t.Context(), d, Knock{Name: "desk-a", Password: password}); !errors.As(err, new(TooOftenError)) {
		t.Errorf("after %d guesses: %v", perClient, err)
	}
}

// names keeps the names that are counted under.
type names struct{ seen map[string]bool }

func (n names) Counted(_ context.Context, name string) (int, time.Time, error) {
	n.seen[name] = true
	return 0, time.Time{}, nil
}

func (names) Count(context.Context, string, time.Time, time.Duration) error { return nil }

func TestTheTallyLearnsNoNameAndNoAddressAndIsTheSameForAllProcesses(t *testing.T) {
	l, n := parsed(t, made(t, "desk-a", "officer", password)), names{map[string]bool{}}
	for range 2 {
		d := NewDoor(Options{List: l, Tally: n, Now: time.Now})
		if _, err := knock(t.Context(), d, Knock{Name: "desk-a", Password: password, Client: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(n.seen) != 2 {
		t.Errorf("two processes count under %d names, want 2", len(n.seen))
	}
	for name := range n.seen {
		if strings.Contains(name, "desk") || strings.Contains(name, "192") {
			t.Errorf("the tally learns %s", name)
		}
	}
}

func TestAnUnknownNameCostsTheSameWork(t *testing.T) {
	l := parsed(t, strings.ReplaceAll(made(t, "desk-a", "officer", password), "$m=19456,t=2,p=1$", "$m=40000,t=3,p=2$"))
	d := NewDoor(Options{List: l, Tally: noTally{}, Now: time.Now})
	if d.nobody.work != l.entries[0].hash.work {
		t.Errorf("an unknown name costs %+v, a known one %+v", d.nobody.work, l.entries[0].hash.work)
	}
}

func TestABadListIsRefusedWithoutRepeatingIt(t *testing.T) {
	good := made(t, "desk-a", "officer", password)
	sum := good[strings.LastIndex(good, "$")+1:]
	for name, bad := range map[string]string{
		"no role":        "desk-a:" + strings.SplitN(good, ":", 3)[2],
		"unknown role":   strings.Replace(good, "officer", "admin", 1),
		"upper case":     strings.Replace(good, "desk-a", "Ada", 1),
		"no name":        strings.Replace(good, "desk-a", "", 1),
		"a clear word":   "desk-a:officer:" + password,
		"another kind":   strings.Replace(good, "argon2id", "argon2i", 1),
		"cheap":          strings.Replace(good, "m=19456", "m=8", 1),
		"very costly":    strings.Replace(good, "m=19456", "m=4000000", 1),
		"no rounds":      strings.Replace(good, "t=2", "t=0", 1),
		"cut off":        good[:len(good)-3],
		"signs":          strings.Replace(good, "m=19456", "m=+19456", 1),
		"the same twice": good + " " + good,
		"mixed work":     good + " " + strings.Replace(strings.Replace(good, "desk-a", "desk-b", 1), "t=2", "t=3", 1),
	} {
		_, err := Parse(bad)
		if err == nil || !strings.Contains(err.Error(), "entry ") || strings.Contains(err.Error(), sum) || strings.Contains(err.Error(), "horse") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEntryIsMadeOfAGoodPassword(t *testing.T) {
	for _, tt := range []struct{ name, role, password string }{
		{"desk-a", "officer", "short"}, {"desk-a", "officer", strings.Repeat("x", maxPassword+1)},
		{"desk-a b", "officer", password}, {"desk-a", "boss", password},
	} {
		if e, err := Entry(tt.name, tt.role, tt.password); err == nil {
			t.Errorf("made %s", e)
		}
	}
	if a, b := made(t, "desk-a", "officer", password), made(t, "desk-a", "officer", password); a == b || strings.ContainsAny(a, " \n") {
		t.Errorf("entries without salt or with spaces: %s, %s", a, b)
	}
}

func TestMemoryForGuessesIsBounded(t *testing.T) {
	a := newAttempts(List{}, noTally{})
	for i := range mostCounters {
		a.failed(Knock{Name: fmt.Sprint(i)}, noon)
	}
	later := noon.Add(window - time.Second)
	if wait := a.wait(Knock{Name: "desk-a"}, later); wait == 0 {
		t.Error("a guess that can't be counted would be tried")
	}
	if wait := a.wait(Knock{Name: "desk-a"}, noon.Add(window)); wait != 0 || len(a.counters) != 0 {
		t.Errorf("after the window: wait %s, %d counters", wait, len(a.counters))
	}
}
