package sqlstore_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func (s store) letters() *sqlstore.Letters { return sqlstore.NewLetters(s.db) }

// letterTo is a letter with secrets, not written into the outbox yet.
func (s store) letterTo(address string, now time.Time) letter.Letter {
	s.t.Helper()
	return s.letterOf(address, letter.ConfirmAddress{
		Case: letter.Case{Matter: letter.Access, Reference: "r-1"}, Secrets: secret.NewPair(), Until: now.Add(240 * time.Hour),
	}, now)
}

func (s store) letterOf(address string, c letter.Content, now time.Time) letter.Letter {
	s.t.Helper()
	to, err := email.Parse(address)
	s.ok(err)
	w := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}
	l, err := w.Write(letter.Envelope{To: to, About: "arequest", Now: now}, c)
	s.ok(err)
	return l
}

// posted has a letter in the outbox since now.
func (s store) posted(address string, now time.Time) letter.Letter {
	s.t.Helper()
	l := s.letterTo(address, now)
	s.ok(s.letters().Write(s.t.Context(), l, letter.StandardRation()))
	return l
}

// held is a claim on a letter that was tried so often before.
func (s store) held(id letter.ID, tries int, now time.Time) (letter.Letter, letter.Claim) {
	s.t.Helper()
	l, c, err := s.letters().Claim(s.t.Context(), letter.Claim{ID: id, Try: tries}, now)
	s.ok(err)
	return l, c
}

func (s store) letter(id letter.ID) letter.Record {
	s.t.Helper()
	all, err := s.letters().About(s.t.Context(), "arequest")
	s.ok(err)
	for _, r := range all {
		if r.ID == id {
			return r
		}
	}
	s.t.Fatalf("there is no letter %s", id)
	return letter.Record{}
}

// secrets is how many letters' secrets are kept.
func (s store) secrets() (n int) {
	s.t.Helper()
	s.ok(s.db.QueryRow("SELECT COUNT(*) FROM letter_secrets").Scan(&n))
	return n
}

func TestALetterIsClaimedAsItWasWrittenAndShownWithoutItsSecrets(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		l := s.posted("person@mail.example", noon)
		got, held := s.held(l.ID, 0, noon)
		s.equal(got.Secrets == l.Secrets && got.To == l.To, true)
		s.equal(got.Text, l.Text)
		s.equal(got.HTML, l.HTML)
		s.equal(held, letter.Claim{ID: l.ID, Try: 1})

		r := s.letter(l.ID)
		s.equal(r.Secrets == secret.Pair{}, true)
		s.equal(r.Shown(), l.Shown())
		s.equal(r.State, letter.Waiting)
		s.equal(r.Tries, 1)
	})
}

func TestALetterIsTriedByOneAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l := s.posted("person@mail.example", noon)
		const tries = 8
		errs := make(chan error, tries)
		for range tries {
			go func() {
				_, _, err := s.letters().Claim(t.Context(), letter.Claim{ID: l.ID}, noon)
				errs <- err
			}()
		}
		won := 0
		for range tries {
			switch err := <-errs; {
			case err == nil:
				won++
			case !errors.Is(err, letter.ErrClaimLost):
				t.Error(err)
			}
		}
		s.equal(won, 1)
		due, err := s.letters().Due(t.Context(), noon, 10)
		s.ok(err)
		s.equal(len(due), 0)
	})
}

func TestTheLetterOfADeadSenderIsTakenUpAndTheDeadCannotFinishIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l := s.posted("person@mail.example", noon)
		_, dead := s.held(l.ID, 0, noon)
		early := noon.Add(letter.Lease - time.Millisecond)
		_, _, err := s.letters().Claim(t.Context(), letter.Claim{ID: l.ID, Try: 1}, early)
		s.want(err, letter.ErrClaimLost)

		late := noon.Add(letter.Lease)
		due, err := s.letters().Due(t.Context(), late, 10)
		s.ok(err)
		s.equal(due, []letter.Claim{{ID: l.ID, Try: 1}})
		_, alive := s.held(l.ID, 1, late)
		s.want(s.letters().Finish(t.Context(), dead, letter.Outcome{State: letter.Failed, Reason: letter.Refused, Now: late}), letter.ErrClaimLost)
		s.equal(s.secrets(), 1)
		s.ok(s.letters().Finish(t.Context(), alive, letter.Outcome{State: letter.Sent, Now: late}))
		s.want(s.letters().Finish(t.Context(), alive, letter.Outcome{State: letter.Sent, Now: late}), letter.ErrClaimLost)
		r := s.letter(l.ID)
		s.equal(r.State, letter.Sent)
		s.equal(r.Closed, late)
	})
}

func TestALetterThatWaitsIsTriedAtItsTimeAndOneThatEndedIsNot(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for _, end := range []letter.Outcome{{State: letter.Sent}, {State: letter.Failed, Reason: letter.Refused}} {
			l := s.posted("person@mail.example", noon)
			_, held := s.held(l.ID, 0, noon)
			next := noon.Add(time.Hour)
			s.ok(s.letters().Finish(t.Context(), held, letter.Outcome{State: letter.Waiting, Reason: letter.Deferred, Next: next, Now: noon}))
			r := s.letter(l.ID)
			s.equal(r.Reason, letter.Deferred)
			s.equal(r.Next, next)
			_, _, err := s.letters().Claim(t.Context(), letter.Claim{ID: l.ID, Try: 1}, next.Add(-1))
			s.want(err, letter.ErrClaimLost)

			_, held = s.held(l.ID, 1, next)
			end.Now = next
			s.ok(s.letters().Finish(t.Context(), held, end))
			s.equal(s.letter(l.ID).Next.IsZero(), true)
			_, _, err = s.letters().Claim(t.Context(), letter.Claim{ID: l.ID, Try: 2}, next.Add(time.Hour))
			s.want(err, letter.ErrClaimLost)
			s.equal(s.secrets(), 0)
		}
	})
}

func TestALetterWithoutAPointAnyMoreIsGivenUpUnlessSomebodyIsAtIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l, other := s.posted("person@mail.example", noon), s.posted("other@mail.example", noon.Add(time.Hour))
		_, held := s.held(l.ID, 0, l.Until.Add(-time.Second))
		by, err := s.letters().GiveUp(t.Context(), l.Until)
		s.ok(err)
		s.equal(len(by), 0)
		s.ok(s.letters().Finish(t.Context(), held, letter.Outcome{State: letter.Waiting, Reason: letter.Deferred, Next: l.Until, Now: l.Until}))
		by, err = s.letters().GiveUp(t.Context(), l.Until)
		s.ok(err)
		s.equal(by, map[letter.Kind]int{letter.AddressConfirmation: 1})
		s.equal(s.letter(l.ID).Reason, letter.Undelivered)
		s.equal(s.letter(other.ID).State, letter.Waiting)
		s.equal(s.secrets(), 1)
	})
}

func TestAMailboxIsRationedHoweverManyAskAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		const tries = 20
		errs := make(chan error, tries)
		for i := range tries {
			l := s.letterTo([]string{"person@mail.example", "PERSON+1@mail.example"}[i%2], noon)
			go func() { errs <- s.letters().Write(t.Context(), l, letter.StandardRation()) }()
		}
		written := 0
		for range tries {
			switch err := <-errs; {
			case err == nil:
				written++
			case !errors.Is(err, letter.ErrTooMany):
				t.Error(err)
			}
		}
		s.equal(written, letter.StandardRation().PerHour)
		all, err := s.letters().Page(t.Context(), "", letter.Place{}, 100)
		s.ok(err)
		s.equal(len(all), written)
		s.posted("other@mail.example", noon)
		s.posted("person@mail.example", noon.Add(time.Hour))
	})
}

func TestTheDayHasARationOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		midnight, r := noon.Add(-12*time.Hour), letter.StandardRation()
		for i := range r.PerDay {
			s.posted("person@mail.example", midnight.Add(time.Duration(i)*time.Hour))
		}
		late := midnight.Add(23 * time.Hour)
		s.want(s.letters().Write(t.Context(), s.letterTo("person@mail.example", late), r), letter.ErrTooMany)
		s.posted("person@mail.example", late.Add(time.Hour))
	})
}

func TestWhatAnOfficerWritesIsNotRationed(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		one := letter.Ration{PerHour: 1, PerDay: 1}
		s.ok(s.letters().Write(t.Context(), s.letterTo("person@mail.example", noon), one))
		s.want(s.letters().Write(t.Context(), s.letterTo("person@mail.example", noon), one), letter.ErrTooMany)
		extension := letter.Extend{Case: letter.Case{Matter: letter.Access, Reference: "r-1"}, Reasons: "Many.", AnswerBy: noon}
		s.ok(s.letters().Write(t.Context(), s.letterOf("person@mail.example", extension, noon), one))
	})
}

func TestAnOfficerFindsLettersByMatterByStateAndByAge(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		first, second := s.posted("a@mail.example", noon), s.posted("b@mail.example", noon.Add(time.Minute))
		_, held := s.held(first.ID, 0, noon)
		s.ok(s.letters().Finish(t.Context(), held, letter.Outcome{State: letter.Failed, Reason: letter.Refused, Now: noon}))
		about, err := s.letters().About(t.Context(), "arequest")
		s.ok(err)
		s.equal([]letter.ID{about[0].ID, about[1].ID}, []letter.ID{first.ID, second.ID})
		newest, err := s.letters().Page(t.Context(), "", letter.Place{}, 1)
		s.ok(err)
		s.equal(newest[0].ID, second.ID)
		failed, err := s.letters().Page(t.Context(), letter.Failed, letter.Place{}, 10)
		s.ok(err)
		s.equal(len(failed) == 1 && failed[0].ID == first.ID && strings.Contains(failed[0].Shown(), "only in the mail"), true)
		by, oldest, err := s.letters().Counts(t.Context())
		s.ok(err)
		s.equal(by, map[letter.State]int{letter.Failed: 1, letter.Waiting: 1})
		s.equal(oldest, second.Written)
	})
}

func TestLettersAreGoneThroughPageByPageFromTheNewestOn(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		var want []letter.ID
		for n := range 7 { // some of one moment
			want = append(want, s.posted("a@mail.example", noon.Add(time.Duration(n/2)*time.Hour)).ID)
		}
		for _, state := range []letter.State{"", letter.Waiting} {
			var got []letter.Record
			for place := (letter.Place{}); ; {
				page, err := s.letters().Page(t.Context(), state, place, 2)
				s.ok(err)
				if len(page) == 0 {
					break
				}
				got = append(got, page...)
				place = page[len(page)-1].Place()
			}
			s.equal(len(got), len(want))
			for i := 1; i < len(got); i++ {
				if got[i].Written.After(got[i-1].Written) || got[i].ID == got[i-1].ID {
					t.Errorf("%s of %s comes after one of %s", got[i].ID, got[i].Written, got[i-1].Written)
				}
			}
		}
		none, err := s.letters().Page(t.Context(), letter.Sent, letter.Place{}, 2)
		s.ok(err)
		s.equal(len(none), 0)
		one, err := s.letters().Find(t.Context(), want[3])
		s.ok(err)
		s.equal(one.ID, want[3])
		_, err = s.letters().Find(t.Context(), letter.NewID())
		s.want(err, letter.ErrNotFound)
	})
}

// failed is a letter that the mail server refused.
func (s store) failed(c letter.Content, now time.Time) letter.Letter {
	s.t.Helper()
	l := s.letterOf("person@mail.example", c, now)
	s.ok(s.letters().Write(s.t.Context(), l, letter.StandardRation()))
	_, held := s.held(l.ID, 0, now)
	s.ok(s.letters().Finish(s.t.Context(), held, letter.Outcome{State: letter.Failed, Reason: letter.Refused, Now: now}))
	return l
}

func TestALetterThatFailedIsSentAgainOnceUnlessItsLinkIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		about := letter.Case{Matter: letter.Access, Reference: "r-1"}
		l := s.failed(letter.Refuse{Case: about, Reasons: "We hold nothing.", Authority: "The authority.", Remedy: "The court."}, noon)
		sealed := s.failed(letter.Answer{Case: about, Secrets: secret.NewPair(), Until: noon.AddDate(0, 0, 14)}, noon)
		later := noon.AddDate(0, 0, 5)
		retry := func(id letter.ID) error {
			return s.letters().Retry(t.Context(), id, audit.Event{At: later, Actor: "desk-a", Action: audit.RetryLetter, Subject: string(id), Outcome: audit.Allowed})
		}
		s.want(retry(sealed.ID), letter.ErrFinal)
		s.ok(retry(l.ID))
		s.want(retry(l.ID), letter.ErrFinal)
		s.want(retry(letter.NewID()), letter.ErrNotFound)

		r := s.letter(l.ID)
		s.equal([]any{r.State, r.Reason, r.Next, r.Closed.IsZero()}, []any{letter.Waiting, letter.Reason(""), later, true})
		by, err := s.letters().GiveUp(t.Context(), later)
		s.ok(err)
		s.equal(len(by), 0)
		_, held := s.held(l.ID, 1, later)
		s.ok(s.letters().Finish(t.Context(), held, letter.Outcome{State: letter.Sent, Now: later}))
		s.want(retry(l.ID), letter.ErrFinal)
		events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(l.ID))
		s.ok(err)
		s.equal(len(events), 1)
	})
}

func TestLettersGoWithWhatTheyAreAbout(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		s.posted("a@mail.example", noon)
		s.ok(s.letters().Forget(t.Context(), "another"))
		s.equal(s.secrets(), 1)
		s.ok(s.letters().Forget(t.Context(), "arequest"))
		s.equal(s.secrets(), 0)
		all, err := s.letters().Page(t.Context(), "", letter.Place{}, 10)
		s.ok(err)
		s.equal(len(all), 0)
	})
}

func TestALettersCountsArePurgedWithIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		l := s.posted("a@mail.example", noon)
		_, held := s.held(l.ID, 0, noon)
		s.ok(s.letters().Finish(t.Context(), held, letter.Outcome{State: letter.Sent, Now: noon}))
		s.posted("b@mail.example", noon.Add(48*time.Hour))
		for _, want := range []int{1, 0} {
			n, err := s.letters().Purge(t.Context(), noon.Add(24*time.Hour), 10)
			s.ok(err)
			s.equal(n, want)
		}
		var counts int
		s.ok(s.db.QueryRow("SELECT COUNT(*) FROM letter_rations").Scan(&counts))
		s.equal(counts, 2) // the hour and the day of the other
	})
}
