package sqlstore_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func (s store) requests() *sqlstore.SubjectRequests { return sqlstore.NewSubjectRequests(s.db) }

// by is an officer at a time, in UTC and without holidays.
func (s store) by(now time.Time) subjectrequest.By {
	s.t.Helper()
	c, err := subjectrequest.NewCalendar(time.UTC)
	s.ok(err)
	return subjectrequest.By{Actor: "desk-a", Now: now, Calendar: c}
}

// request files one and returns it as it is kept, with its keys.
func (s store) request(f subjectrequest.Filing, now time.Time) (subjectrequest.Request, subjectrequest.Keys) {
	s.t.Helper()
	c, keys, err := subjectrequest.New(f, s.by(now))
	s.ok(err)
	r, err := s.requests().File(s.t.Context(), c)
	s.ok(err)
	return r, keys
}

// step keeps a change and returns the request after it.
func (s store) step(c subjectrequest.Change, err error) subjectrequest.Request {
	s.t.Helper()
	s.ok(err)
	s.ok(s.requests().Save(s.t.Context(), c))
	return c.Request
}

func (s store) requestNow(id subjectrequest.ID) subjectrequest.Request {
	s.t.Helper()
	r, err := s.requests().Find(s.t.Context(), id)
	s.ok(err)
	return r
}

func emailed(k subjectrequest.Kind) subjectrequest.Filing {
	return subjectrequest.Filing{Kind: k, Channel: subjectrequest.ByEmail, Email: "ada@example.org", Message: "Please."}
}

func about(k subjectrequest.Kind, p photo.Photo) subjectrequest.Filing {
	return subjectrequest.Filing{Kind: k, Channel: subjectrequest.PhotoKey, Photo: p}
}

var noGrounds = subjectrequest.Refusal{Reason: "We hold nothing.", Authority: "The authority", Remedy: "The court"}

func requestIDs(rs []subjectrequest.Request) (ids []subjectrequest.ID) {
	for _, r := range rs {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestARequestIsKeptAtEachStepWithItsHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, keys := s.request(emailed(subjectrequest.Access), noon)
		same := func() {
			t.Helper()
			s.equal(s.requestNow(r.ID), r)
			byKey, err := s.requests().OfAnswer(t.Context(), keys.Own)
			s.ok(err)
			s.equal(byKey, r)
		}
		same()
		day := func(n int) subjectrequest.By { return s.by(noon.AddDate(0, 0, n)) }
		r = s.step(r.AskIdentity("Who are you?", day(2)))
		same()
		r = s.step(r.SettleIdentity(civil.Date{Year: 2026, Month: 3, Day: 6}, day(5)))
		same()
		r = s.step(r.Accept(day(6)))
		r = s.step(r.Extend("Many requests.", day(7)))
		same()
		r = s.step(r.Fulfil(subjectrequest.Answer{Note: "Here.", Receipt: "areceipt"}, day(8)))
		same()
		r = s.step(r.Close(subjectrequest.Answered, day(22)))
		same()
		if r.Email != (email.Address{}) || r.Message != "" {
			t.Error("the closed request remembers the person")
		}

		events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(r.ID))
		s.ok(err)
		var said []string
		for _, e := range events {
			said = append(said, string(e.Action)+": "+string(e.Outcome))
		}
		s.equal(said, []string{"file_request: received", "ask_identity: identity_pending", "settle_identity: received", "accept_request: accepted",
			"extend_request: extended", "fulfil_request: fulfilled", "close_request: answered"})

		refused, _ := s.request(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.Letter}, noon)
		refused = s.step(refused.Refuse(noGrounds, s.by(noon)))
		s.equal(s.requestNow(refused.ID), refused)
		_, err = s.requests().Find(t.Context(), subjectrequest.NewID())
		s.want(err, subjectrequest.ErrNotFound)
		_, err = s.requests().OfAnswer(t.Context(), secret.NewKey())
		s.want(err, subjectrequest.ErrNotFound)
	})
}

func TestOfTwoOfficersOneActsAndTheOtherIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, _ := s.request(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter}, noon)
		accept, errA := r.Accept(s.by(noon))
		refuse, errR := r.Refuse(noGrounds, s.by(noon))
		s.ok(errors.Join(errA, errR))
		errs := make(chan error, 2)
		for _, c := range []subjectrequest.Change{accept, refuse} {
			go func() { errs <- s.requests().Save(t.Context(), c) }()
		}
		a, b := <-errs, <-errs
		if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), subjectrequest.ErrChanged) {
			t.Fatalf("they acted with %v and %v", a, b)
		}
		now := s.requestNow(r.ID)
		if now.Version != 2 {
			t.Errorf("the version is %d", now.Version)
		}
		events, err := sqlstore.NewAudit(s.db).About(t.Context(), string(r.ID))
		s.ok(err)
		if len(events) != 2 || events[0].Outcome == audit.Outcome(now.State) == (events[1].Outcome == audit.Outcome(now.State)) {
			t.Errorf("the trail says %+v of a request that is %s", events, now.State)
		}
	})
}

func TestAStepThatCanNotBeAuditedIsNotMade(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, _ := s.request(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter}, noon)
		accept, err := r.Accept(s.by(noon))
		s.ok(err)
		another, _, err := subjectrequest.New(emailed(subjectrequest.Access), s.by(noon))
		s.ok(err)
		_, err = s.db.ExecContext(t.Context(), `DROP TABLE audit_events`)
		s.ok(err)
		if err := s.requests().Save(t.Context(), accept); err == nil {
			t.Error("the step was made")
		}
		if _, err := s.requests().File(t.Context(), another); err == nil {
			t.Error("a request was filed")
		}
		s.equal(s.requestNow(r.ID), r)
		_, err = s.requests().Find(t.Context(), another.Request.ID)
		s.want(err, subjectrequest.ErrNotFound)
	})
}

// confirm follows a link.
func (s store) confirm(link secret.Key, by subjectrequest.By) (subjectrequest.Request, error) {
	r, err := s.requests().OfLink(s.t.Context(), link)
	if err != nil {
		return r, err
	}
	c, err := r.Confirm(by)
	if err != nil {
		return r, err
	}
	return c.Request, s.requests().Save(s.t.Context(), c)
}

func TestAMailedLinkConfirmsOnceHoweverOftenItIsFollowedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		_, keys := s.request(emailed(subjectrequest.Access), noon)
		const tries = 5
		errs := make(chan error, tries)
		for range tries {
			go func() {
				_, err := s.confirm(keys.Link.Token, s.by(noon))
				errs <- err
			}()
		}
		confirmed := 0
		for range tries {
			switch err := <-errs; {
			case err == nil:
				confirmed++
			case !errors.Is(err, subjectrequest.ErrLinkUsed) && !errors.Is(err, subjectrequest.ErrChanged):
				t.Error(err)
			}
		}
		s.equal(confirmed, 1)
		_, err := s.confirm(keys.Link.Token, s.by(noon))
		s.want(err, subjectrequest.ErrLinkUsed)

		_, late := s.request(emailed(subjectrequest.Access), noon)
		_, err = s.confirm(late.Link.Token, s.by(noon.Add(subjectrequest.LinkLife)))
		s.want(err, subjectrequest.ErrLinkExpired)
		for _, other := range []secret.Key{"", secret.NewKey(), late.Own} {
			_, err = s.confirm(other, s.by(noon))
			s.want(err, subjectrequest.ErrNotFound)
		}

		r, former := s.request(emailed(subjectrequest.Access), noon)
		c, fresh, err := r.SendLink(s.by(noon))
		s.step(c, err)
		_, err = s.confirm(former.Link.Token, s.by(noon))
		s.want(err, subjectrequest.ErrNotFound)
		got, err := s.confirm(fresh.Code, s.by(noon))
		s.ok(err)
		s.equal(s.requestNow(r.ID), got)
	})
}

func TestAPhotoThatLivesHasOneOpenRequestOfAKind(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		file := func(f subjectrequest.Filing, now time.Time) error {
			c, _, err := subjectrequest.New(f, s.by(now))
			s.ok(err)
			_, err = s.requests().File(t.Context(), c)
			return err
		}
		first, _ := s.request(about(subjectrequest.Access, p), noon)
		s.want(file(about(subjectrequest.Access, p), noon), subjectrequest.ErrDuplicate)
		s.ok(file(about(subjectrequest.Erasure, p), noon))
		s.step(first.Close(subjectrequest.Withdrawn, s.by(noon)))
		s.ok(file(about(subjectrequest.Access, p), noon))

		s.want(file(about(subjectrequest.Portability, p), p.ExpiresAt), subjectrequest.ErrPhotoGone)
		s.want(file(about(subjectrequest.Access, photo.Photo{ID: photo.NewID()}), noon), subjectrequest.ErrPhotoGone)
		_, err := s.BeginErasure(t.Context(), p.ID)
		s.ok(err)
		s.want(file(about(subjectrequest.Portability, p), noon), subjectrequest.ErrPhotoGone)
	})
}

func TestAfterAnErasureNoRequestNamesThePhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p, other := s.ready(noon), s.ready(noon)
		r, _ := s.request(about(subjectrequest.Access, p), noon)
		erasure, _ := s.request(about(subjectrequest.Erasure, p), noon)
		kept, _ := s.request(about(subjectrequest.Erasure, other), noon)
		s.equal(s.requestNow(r.ID).Photo, subjectrequest.Photo{ID: p.ID, ExpiresAt: p.ExpiresAt})
		_, err := s.BeginErasure(t.Context(), p.ID)
		s.ok(err)
		s.equal(s.requestNow(r.ID).Photo, subjectrequest.Photo{})
		s.equal(s.requestNow(kept.ID).Photo.ID, other.ID)

		// Who asked for the erasure waits for the receipt.
		s.equal(s.requestNow(erasure.ID).Photo.ID, p.ID)
		receipts := sqlstore.NewReceipts(s.db)
		x, err := receipts.BeginReceipt(t.Context(), p.ID, fresh)
		s.ok(err)
		_, err = receipts.BeginReceipt(t.Context(), p.ID, fresh)
		s.ok(err)
		now := s.requestNow(erasure.ID)
		s.equal(now.Photo, subjectrequest.Photo{})
		s.equal(now.Answer.Receipt, x.Receipt.ID)
		s.step(erasure.Accept(s.by(noon))) // by whoever read it before
		s.equal(s.requestNow(erasure.ID).Answer.Receipt, x.Receipt.ID)

		// An officer who read the request before does not bring the photo back.
		s.step(r.Accept(s.by(noon)))
		s.equal(s.requestNow(r.ID).Photo, subjectrequest.Photo{})
		var left int
		s.ok(s.db.QueryRow(`SELECT COUNT(*) FROM subject_requests WHERE photo_id = $1`, p.ID).Scan(&left))
		s.equal(left, 0)
	})
}

func TestShineTheLightIsAnsweredOnceAYear(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		ask := func(email string, now time.Time) subjectrequest.Request {
			r, _ := s.request(subjectrequest.Filing{Kind: subjectrequest.ShineTheLight, Channel: subjectrequest.DesignatedMail,
				Email: email, RequesterKey: []byte("0123456789abcdef")}, now)
			return r
		}
		first := ask("ada@example.org", noon)
		s.equal(first.Repeated, false)
		again := ask("ADA@example.org", noon.AddDate(0, 1, 0))
		s.equal(again.Repeated, true)
		s.equal(s.requestNow(again.ID), again)
		s.equal(ask("bob@example.org", noon).Repeated, false)
		s.equal(ask("ada@example.org", noon.AddDate(1, 0, 0)).Repeated, false)

		// What was not answered does not count; what was does, after the address is gone.
		s.step(first.Close(subjectrequest.Withdrawn, s.by(noon)))
		s.step(again.Refuse(noGrounds, s.by(noon.AddDate(0, 1, 0))))
		third := ask("ada@example.org", noon.AddDate(0, 2, 0))
		s.equal(third.Repeated, false)
		third = s.step(third.Accept(s.by(noon)))
		third = s.step(third.Fulfil(subjectrequest.Answer{Note: "None."}, s.by(noon)))
		s.step(third.Close(subjectrequest.Answered, s.by(noon.AddDate(0, 0, subjectrequest.AnswerDays))))
		s.equal(ask("ada@example.org", noon.AddDate(0, 3, 0)).Repeated, true)

		s.ok(s.requests().ForgetRequesters(t.Context(), 2027))
		var left int
		s.ok(s.db.QueryRow(`SELECT COUNT(*) FROM subject_requests WHERE requester IS NOT NULL`).Scan(&left))
		s.equal(left, 1) // next year's
	})
}

func TestOpenRequestsAreListedByExpiryOrByDueDate(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		on := func(day int, f subjectrequest.Filing) subjectrequest.ID {
			r, _ := s.request(f, noon.AddDate(0, 0, day))
			return r.ID
		}
		late, early := s.ready(noon.Add(2*time.Hour)), s.ready(noon.Add(time.Hour))
		restricted := s.ready(noon)
		second, first := on(0, about(subjectrequest.Access, late)), on(0, about(subjectrequest.Access, early))
		held := on(0, about(subjectrequest.Restriction, restricted))
		_, err := s.Restrict(t.Context(), restricted.ID, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.NeedsForClaim, Since: noon, ReviewBy: noon.Add(time.Hour)})
		s.ok(err)
		later, sooner := on(2, emailed(subjectrequest.Access)), on(1, emailed(subjectrequest.Erasure))
		answered, _ := s.request(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter}, noon)
		s.step(answered.Refuse(noGrounds, s.by(noon)))

		living, err := s.requests().Living(t.Context(), noon, 10)
		s.ok(err)
		s.equal(requestIDs(living), []subjectrequest.ID{first, second})
		waiting, err := s.requests().Waiting(t.Context(), noon, sqlstore.DuePlace{}, 2)
		s.ok(err)
		s.equal(requestIDs(waiting), []subjectrequest.ID{held, sooner})
		rest, err := s.requests().Waiting(t.Context(), noon, sqlstore.DuePlace{Due: waiting[1].Due(), ID: waiting[1].ID}, 2)
		s.ok(err)
		s.equal(requestIDs(rest), []subjectrequest.ID{later})

		due, err := s.requests().DueBy(t.Context(), civil.Date{Year: 2026, Month: 3, Day: 31}, sqlstore.DuePlace{}, 10)
		s.ok(err)
		s.equal(len(due), 3) // 30 days from 1 March
		counts, err := s.requests().CountOpen(t.Context())
		s.ok(err)
		byDay := map[int]int{}
		for _, c := range counts {
			byDay[c.Due.DaysSince(civil.Date{Year: 2026, Month: 4, Day: 1})] += c.Count
		}
		s.equal(byDay, map[int]int{-1: 3, 0: 1, 1: 1}) // the law's first of April comes before the promise of the second's
		done, err := s.requests().AnsweredBy(t.Context(), civil.Date{Year: 2026, Month: 3, Day: 1}, 10)
		s.ok(err)
		s.equal(requestIDs(done), []subjectrequest.ID{answered.ID})
	})
}

func TestRequestsAreFoundByAddressBeginningOfTheIDPhotoKindAndState(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		p := s.ready(noon)
		a, _ := s.request(emailed(subjectrequest.Access), noon)
		b, _ := s.request(emailed(subjectrequest.Erasure), noon.Add(time.Hour))
		c, _ := s.request(about(subjectrequest.Access, p), noon.Add(2*time.Hour))
		c = s.step(c.Accept(s.by(noon)))
		for name, tt := range map[string]struct {
			q    subjectrequest.Search
			want []subjectrequest.ID
		}{
			"all, newest first": {subjectrequest.Search{}, []subjectrequest.ID{c.ID, b.ID, a.ID}},
			"address":           {subjectrequest.Search{Text: " Ada@Example.org "}, []subjectrequest.ID{b.ID, a.ID}},
			"another address":   {subjectrequest.Search{Text: "bob@example.org"}, nil},
			"ID":                {subjectrequest.Search{Text: string(a.ID)}, []subjectrequest.ID{a.ID}},
			"beginning":         {subjectrequest.Search{Text: string(b.ID[:8])}, []subjectrequest.ID{b.ID}},
			"anything":          {subjectrequest.Search{Text: "' OR 1=1 --"}, nil},
			"photo":             {subjectrequest.Search{Photo: p.ID}, []subjectrequest.ID{c.ID}},
			"kind":              {subjectrequest.Search{Kind: subjectrequest.Access}, []subjectrequest.ID{c.ID, a.ID}},
			"state":             {subjectrequest.Search{State: subjectrequest.Received}, []subjectrequest.ID{b.ID, a.ID}},
			"both":              {subjectrequest.Search{Kind: subjectrequest.Access, State: subjectrequest.Received}, []subjectrequest.ID{a.ID}},
			"next page":         {subjectrequest.Search{Before: subjectrequest.FiledPlace{At: b.FiledAt, ID: b.ID}}, []subjectrequest.ID{a.ID}},
		} {
			found, err := s.requests().Search(t.Context(), tt.q, 10)
			s.ok(err)
			if got := requestIDs(found); !slices.Equal(got, tt.want) {
				t.Errorf("%s: found %v, want %v", name, got, tt.want)
			}
		}
		s.step(a.Close(subjectrequest.Withdrawn, s.by(noon)))
		found, err := s.requests().Search(t.Context(), subjectrequest.Search{Text: "ada@example.org"}, 10)
		s.ok(err)
		s.equal(requestIDs(found), []subjectrequest.ID{b.ID})
	})
}
