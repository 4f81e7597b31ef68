package sqlstore_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func (s store) complaints() *sqlstore.Complaints { return sqlstore.NewComplaints(s.db) }

func (s store) notes() *sqlstore.SupportNotes { return sqlstore.NewSupportNotes(s.db) }

func deskAt(now time.Time) complaint.By { return complaint.By{Actor: "desk-a", Now: now} }

// complaintOf is a filing about a photo, or none, that is due in 30 days.
func (s store) complaintOf(to string, about photo.ID) complaint.Change {
	s.t.Helper()
	f := complaint.Filing{Words: "My ears were cut off.", Email: to, Now: noon, DueAt: noon.AddDate(0, 0, 30)}
	if about != "" {
		f.Photo = s.get(about)
		f.Report = []byte(`{"verdict": "take_another", "checks": [{"name": "head_height", "outcome": "fail", "value": 40, "unit": "mm"}]}`)
	}
	c, _, err := complaint.New(f)
	s.ok(err)
	return c
}

// complained files a complaint and returns it as it is kept.
func (s store) complained(to string, about photo.ID) complaint.Complaint {
	s.t.Helper()
	c := s.complaintOf(to, about)
	s.ok(s.complaints().File(s.t.Context(), c))
	return s.complaint(c.Complaint.ID)
}

func (s store) complaint(id complaint.ID) complaint.Complaint {
	s.t.Helper()
	c, err := s.complaints().Find(s.t.Context(), id)
	s.ok(err)
	return c
}

// replied answers it at a time.
func (s store) replied(c complaint.Complaint, now time.Time) complaint.Complaint {
	s.t.Helper()
	change, _, err := c.Reply("We are sorry.", deskAt(now))
	s.ok(err)
	s.ok(s.complaints().Save(s.t.Context(), change))
	return s.complaint(c.ID)
}

func ids(all []complaint.Complaint, err error) (ids []complaint.ID) {
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	if err != nil {
		ids = append(ids, complaint.ID(err.Error()))
	}
	return ids
}

func TestAComplaintIsKeptAsItWasFiledWithItsTrail(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.ready(noon).ID
		change := s.complaintOf("ada@example.org", id)
		s.ok(s.complaints().File(t.Context(), change))
		got := s.complaint(change.Complaint.ID)
		want := change.Complaint
		want.Photo.ExpiresAt = noon.Add(life)
		s.equal(got.Email.Reveal(), "ada@example.org")
		got.Email, want.Email = email.Address{}, email.Address{}
		s.equal(got, want)

		events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(got.ID))
		s.ok(err)
		s.equal(events, []audit.Event{change.Event})
		_, err = s.complaints().Find(t.Context(), complaint.NewID())
		s.want(err, complaint.ErrNotFound)
	})
}

func TestAnErasureTakesThePhotoAndLeavesWhatTheChecksSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.ready(noon).ID
		c := s.complained("", id)
		seen := c
		_, err := s.BeginErasure(t.Context(), id)
		s.ok(err)
		after := s.complaint(c.ID)
		s.equal([]any{after.Photo.ID, after.About.Document, len(after.About.Checks), after.Version}, []any{photo.ID(""), "us-passport", 1, 1})
		change, err := seen.Take(deskAt(noon))
		s.ok(err)
		s.ok(s.complaints().Save(t.Context(), change)) // with the photo that it had when it was read
		s.equal(s.complaint(c.ID).Photo.ID, photo.ID(""))
		s.want(s.complaints().File(t.Context(), s.complaintOf("", id)), complaint.ErrPhotoGone)
		var none complaint.TooManyError
		s.equal(errors.As(err, &none), false)
	})
}

func TestOnePersonCanNotFillTheDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		id := s.ready(noon).ID
		var open []complaint.ID
		for range complaint.MaxPerPhoto {
			open = append(open, s.complained("", id).ID)
		}
		var many complaint.TooManyError
		err := s.complaints().File(t.Context(), s.complaintOf("", id))
		s.equal(errors.As(err, &many), true)
		s.equal(len(many.Open), len(open))
		s.replied(s.complaint(open[0]), noon)
		s.complained("", id) // there is room again

		for range complaint.MaxPerAddress {
			s.complained("ada@example.org", "")
		}
		err = s.complaints().File(t.Context(), s.complaintOf("ADA@example.org", ""))
		s.equal(errors.As(err, &many), true)
		s.equal(len(many.Open), 0)
		s.complained("eve@example.org", "")
	})
}

func TestOfTwoStepsAtOnceOneIsKeptAndTheOtherKnows(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		other := sqlstore.NewComplaints(open(t, s.url)) // another process
		for i := range 20 {
			c := s.complained("", "")
			take, err := c.Take(deskAt(noon))
			s.ok(err)
			reply, _, err := c.Reply("We are sorry.", deskAt(noon))
			s.ok(err)
			var took, replied error
			var both sync.WaitGroup
			both.Go(func() { took = s.complaints().Save(t.Context(), take) })
			both.Go(func() { replied = other.Save(t.Context(), reply) })
			both.Wait()
			if (took == nil) == (replied == nil) || !errors.Is(errors.Join(took, replied), complaint.ErrChanged) {
				t.Fatalf("run %d: %v, %v", i, took, replied)
			}
			events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(c.ID))
			s.ok(err)
			s.equal(len(events), 2)
		}
	})
}

func TestLettersAndAComplaintAreKeptTogetherOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		writer := letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC}
		for i := range letter.StandardRation().PerHour + 1 {
			c := s.complaintOf("ada+"+strings.Repeat("x", i)+"@example.org", "")
			pair := secret.NewPair()
			l, err := writer.Write(letter.Envelope{To: c.Complaint.Email, About: string(c.Complaint.ID), Now: noon}, letter.ConfirmAddress{
				Case: letter.Case{Matter: letter.Complaint, Reference: string(c.Complaint.ID)}, Secrets: pair, Until: noon.Add(time.Hour)})
			s.ok(err)
			err = s.complaints().File(t.Context(), c, l)
			if i < letter.StandardRation().PerHour {
				s.ok(err)
				continue
			}
			s.want(err, letter.ErrTooMany)
			_, err = s.complaints().Find(t.Context(), c.Complaint.ID)
			s.want(err, complaint.ErrNotFound)
		}
	})
}

func TestALinkAndAnAnswerAreFoundByWhatWasMailed(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		filed, keys, err := complaint.New(complaint.Filing{Words: "x", Email: "ada@example.org", Now: noon, DueAt: noon})
		s.ok(err)
		s.ok(s.complaints().File(t.Context(), filed))
		for _, given := range []secret.Key{keys.Link.Token, keys.Link.Code} {
			c, err := s.complaints().OfLink(t.Context(), given)
			s.ok(err)
			s.equal(c.ID, filed.Complaint.ID)
		}
		confirm, _, err := filed.Complaint.Confirm(noon)
		s.ok(err)
		reply, pair, err := confirm.Complaint.Reply("We are sorry.", deskAt(noon))
		s.ok(err)
		s.ok(s.complaints().Save(t.Context(), confirm))
		s.ok(s.complaints().Save(t.Context(), reply))
		for _, given := range []secret.Key{pair.Token, pair.Code, keys.Own} {
			c, err := s.complaints().OfAnswer(t.Context(), given)
			s.ok(err)
			s.equal(c.Answer, "We are sorry.")
		}
		for _, wrong := range []secret.Key{secret.NewKey(), keys.Link.Token, ""} {
			_, err := s.complaints().OfAnswer(t.Context(), wrong)
			s.want(err, complaint.ErrNotFound)
		}
	})
}

func TestWhatWasMergedGoesOnWithTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		register := s.complaints()
		a, b, c := s.complained("ada@example.org", ""), s.complained("ada@example.org", ""), s.complained("ada@example.org", "")
		merge := func(from, into complaint.ID) error {
			merged, kept, err := s.complaint(from).Merge(s.complaint(into), deskAt(noon))
			s.ok(err)
			return register.Merge(t.Context(), merged, kept)
		}
		s.ok(merge(a.ID, b.ID))
		stale, kept, err := s.complaint(b.ID).Merge(c, deskAt(noon))
		s.ok(err)
		s.ok(merge(b.ID, c.ID))
		s.want(register.Merge(t.Context(), stale, kept), complaint.ErrChanged)
		s.equal(len(ids(register.MergedInto(t.Context(), c.ID))), 2)
		s.equal(s.complaint(a.ID).MergedInto, c.ID)

		later := noon.AddDate(0, 0, 99)
		s.equal(ids(register.Lapsed(t.Context(), later, 9)), []complaint.ID(nil)) // the other waits for its answer
		answered := s.replied(s.complaint(c.ID), noon)
		s.equal(ids(register.Lapsed(t.Context(), noon.Add(-time.Millisecond), 9)), []complaint.ID(nil))
		s.equal(ids(register.Lapsed(t.Context(), later, 9)), []complaint.ID{c.ID})
		lapsed, err := answered.Lapse(deskAt(later))
		s.ok(err)
		s.ok(register.Save(t.Context(), lapsed))
		s.equal(len(ids(register.Lapsed(t.Context(), later, 9))), 2)
	})
}

func TestComplaintsAreFoundByAddressIDReferenceAndWords(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		register, reference := s.complaints(), secret.NewName()
		filed, _, err := complaint.New(complaint.Filing{Words: "100% of my Ears_", Reference: reference, Now: noon, DueAt: noon})
		s.ok(err)
		s.ok(register.File(t.Context(), filed))
		told, other := filed.Complaint.ID, s.complained("ada@example.org", "").ID
		search := func(q complaint.Search) []complaint.ID { return ids(register.Search(t.Context(), q, 9)) }
		for text, want := range map[string][]complaint.ID{
			" ADA@example.org": {other}, string(other): {other}, string(told[:12]): {told}, reference: {told},
			"0% of my ears_": {told}, "%": {told}, "s_": {told}, "cut off": {other}, "nothing": nil, "eve@example.org": nil, "a\x00b": nil, "\xff": nil, strings.Repeat("a", 300): nil,
		} {
			s.equal(search(complaint.Search{Text: text}), want)
		}
		s.replied(s.complaint(other), noon)
		s.equal(search(complaint.Search{Text: "cut off"}), []complaint.ID(nil)) // only open ones
		s.equal(search(complaint.Search{State: complaint.Answered}), []complaint.ID{other})
		s.equal(search(complaint.Search{State: "a\x00b"}), []complaint.ID(nil))
		counts, err := register.Counts(t.Context())
		s.ok(err)
		s.equal(counts, map[complaint.State]int{complaint.Received: 1, complaint.Answered: 1})
	})
}

func TestOpenComplaintsWaitInTheDocketAndThoseOfLivingPhotosByTheirEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		register, id := s.complaints(), s.ready(noon).ID
		var source docket.Source = register
		living, plain := s.complained("", id), s.complained("", "")
		s.replied(s.complained("", ""), noon)
		item := docket.Item{Matter: letter.Complaint, ID: string(living.ID), State: "received", Due: living.DueAt, Expires: noon.Add(life), Path: "/ops/complaints/" + string(living.ID)}
		got, err := source.Living(t.Context(), noon, 9)
		s.ok(err)
		s.equal(got, []docket.Item{item})
		got, err = source.Waiting(t.Context(), noon, docket.Place{}, 9)
		s.ok(err)
		s.equal(len(got), 1)
		s.equal([]any{got[0].ID, got[0].Expires.IsZero()}, []any{string(plain.ID), true})
		got, err = source.Waiting(t.Context(), noon, got[0].Place(), 9)
		s.ok(err)
		s.equal(len(got), 0)
		tally, err := register.Count(t.Context(), docket.Ends{noon, noon, noon, noon, living.DueAt})
		s.ok(err)
		s.equal(tally, docket.Tally{letter.Complaint: {4: 2}})
		for at, want := range map[time.Time]int{living.DueAt: 2, living.DueAt.Add(-time.Millisecond): 0} {
			got, err = source.DueBy(t.Context(), at, docket.Place{}, 9)
			s.ok(err)
			s.equal(len(got), want)
		}
	})
}

func TestWhoAsksToBeForgottenIsButNotInWhatIsOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		open, over := s.complained("ada@example.org", ""), s.replied(s.complained("ada@example.org", ""), noon)
		s.complained("eve@example.org", "")
		for _, c := range []complaint.Complaint{open, over} {
			n, e, err := complaint.NewNote(complaint.Subject{Complaint: c.ID}, "Called.", deskAt(noon))
			s.ok(err)
			s.ok(s.notes().Write(t.Context(), n, e))
			if c.ID == over.ID {
				n, e, err = n.Close(deskAt(noon))
				s.ok(err)
				s.ok(s.notes().Close(t.Context(), n, e))
				s.want(s.notes().Close(t.Context(), n, e), complaint.ErrNotNow)
			}
		}
		s.equal(len(ids(s.complaints().FiledUnder(t.Context(), open.Email))), 2)
		n, err := s.notes().Forget(t.Context(), open.Email)
		s.ok(err)
		s.equal(n, 1)
		n, err = s.complaints().Forget(t.Context(), open.Email, deskAt(noon))
		s.ok(err)
		s.equal(n, 1)
		s.equal(ids(s.complaints().FiledUnder(t.Context(), open.Email)), []complaint.ID{open.ID})
		for _, proved := range []int{0, 1} { // anybody can type an address
			left, err := s.notes().FiledUnder(t.Context(), open.Email)
			s.ok(err)
			s.equal(len(left), proved)
			if proved == 0 {
				change, _, err := open.Confirm(noon)
				s.ok(err)
				s.ok(s.complaints().Save(t.Context(), change))
			}
		}
		s.equal([]any{s.complaint(over.ID).Forgotten(), s.complaint(over.ID).Closing}, []any{true, complaint.WasAnswered})
	})
}

func TestNotesAreSearchedAndEndWithTheirComplaint(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c, reference := s.complained("", ""), secret.NewName()
		ada, err := email.Parse("ada@example.org")
		s.ok(err)
		for i, subject := range []complaint.Subject{{Complaint: c.ID}, {Email: ada}, {Reference: reference}} {
			n, e, err := complaint.NewNote(subject, "Asked about 100% of it.", deskAt(noon.Add(time.Duration(i)*time.Second)))
			s.ok(err)
			s.ok(s.notes().Write(t.Context(), n, e))
		}
		found := func(q complaint.NoteSearch) int {
			all, err := s.notes().Search(t.Context(), q, 9)
			s.ok(err)
			return len(all)
		}
		for text, want := range map[string]int{"": 3, "ADA@example.org": 1, string(c.ID): 1, reference: 1, "100%": 3, "100_": 0, "\x00": 0, "\xff": 0} {
			s.equal(found(complaint.NoteSearch{Text: text}), want)
		}
		change, _, err := c.Close(complaint.Withdrawn, "", deskAt(noon.Add(time.Hour)))
		s.ok(err)
		s.ok(s.complaints().Save(t.Context(), change))
		s.equal(found(complaint.NoteSearch{}), 2)
		s.equal(found(complaint.NoteSearch{Closed: true}), 3)
		s.equal(found(complaint.NoteSearch{Closed: true, Before: docket.Place{Due: noon.Add(time.Second), ID: "0"}}), 1)

		for _, register := range []interface {
			Oldest(ctx context.Context) (time.Time, bool, error)
			Purge(ctx context.Context, cutoff time.Time, limit int) (int, error)
		}{s.notes(), s.complaints()} {
			at, is, err := register.Oldest(t.Context())
			s.ok(err)
			s.equal([]any{at, is}, []any{noon.Add(time.Hour), true})
			n, err := register.Purge(t.Context(), noon.Add(time.Hour), 9)
			s.ok(err)
			s.equal(n, 1)
		}
		s.equal(found(complaint.NoteSearch{Closed: true}), 2)
	})
}
