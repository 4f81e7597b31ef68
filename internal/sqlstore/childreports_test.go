package sqlstore_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func (s store) children() *sqlstore.ChildReports { return sqlstore.NewChildReports(s.db) }

// reported files a report about whatever has a name.
func (s store) reported(name string, now time.Time) childreport.Report {
	s.t.Helper()
	c, given, _, err := childreport.New(childreport.Filing{
		Photo: name, Ground: string(childreport.WithoutPermission), Words: "She is mine.", Email: "ada@example.org", Now: now})
	s.ok(err)
	r, err := s.children().File(s.t.Context(), c, given)
	s.ok(err)
	return r
}

func (s store) childReport(id childreport.ID) childreport.Report {
	s.t.Helper()
	r, err := s.children().Find(s.t.Context(), id)
	s.ok(err)
	return r
}

// decide is what an officer does who has seen the report as it is.
func (s store) decide(id childreport.ID, state childreport.State, now time.Time) error {
	s.t.Helper()
	r := s.childReport(id)
	c, _, err := r.Decide(childreport.Decision{State: state, Reason: "Looked at.", Version: r.Version, Officer: "desk-a", Now: now})
	s.ok(err)
	return s.children().Save(s.t.Context(), c)
}

func (s store) trail(subject childreport.ID) (lines []string) {
	s.t.Helper()
	events, err := sqlstore.NewAudit(s.db).About(s.t.Context(), string(subject))
	s.ok(err)
	for _, e := range events {
		lines = append(lines, string(e.Action)+" "+string(e.Outcome)+" "+e.Actor)
	}
	return lines
}

// begun is how every erasure goes on, whoever began it.
func (s store) begun(id photo.ID) photo.Receipt {
	s.t.Helper()
	x, err := sqlstore.NewReceipts(s.db).BeginReceipt(s.t.Context(), id, fresh)
	s.ok(err)
	return x.Receipt
}

func TestAReportFreezesThePhotoForEverybodyAndItsTimeGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		ctx, held := t.Context(), s.claimed(noon)
		r := s.reported("https://photos.example/photos/"+string(held.ID)+"?x=1#top", noon.Add(time.Hour))
		s.equal(s.childReport(r.ID).Froze, true)
		p := s.get(held.ID)
		s.want(p.Stopped(), photo.ErrFrozen)
		s.equal(p.Status, photo.Queued)

		now := noon.Add(time.Hour)
		s.want(s.Finish(ctx, held, photo.Outcome{Status: photo.Ready, Now: now}), photo.ErrClaimLost)
		s.want(s.Renew(ctx, held, now), photo.ErrClaimLost)
		_, err := s.Claim(ctx, photo.Claim{ID: held.ID, Revision: 1, Attempt: 1}, now)
		s.want(err, photo.ErrClaimLost)
		_, err = s.Revise(ctx, p, photo.Revised{Now: now, ExpiresAt: now.Add(life)})
		s.want(err, photo.ErrChanged)
		s.stranded(now.Add(time.Hour), 10)
		s.equal(p.Expired(noon.Add(life)), true)
		s.equal(s.due(noon.Add(life)), []photo.ID{held.ID})

		ready := s.ready(noon)
		s.reported(string(ready.ID), now)
		s.want(s.contests().File(ctx, s.contestOf(ready, "head_height")), photo.ErrChanged)
		s.equal(s.trail(r.ID), []string{"file_child_report frozen (person)"})
	})
}

func TestARejectedReportLetsThePhotoGoOnAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		r := s.reported(string(held.ID), noon.Add(time.Second))
		s.ok(s.decide(r.ID, childreport.Rejected, noon.Add(time.Hour)))
		p := s.get(held.ID)
		s.ok(p.Stopped())
		s.equal(p.ExpiresAt, noon.Add(life))
		s.stranded(noon.Add(time.Hour+time.Minute), 10, photo.Claim{ID: held.ID, Revision: 1, Attempt: 1})
		again := s.claim(photo.Claim{ID: held.ID, Revision: 1, Attempt: 1}, noon.Add(time.Hour))
		s.ok(s.Finish(t.Context(), again, photo.Outcome{Status: photo.Ready, Now: noon.Add(time.Hour)}))

		second := s.reported(string(held.ID), noon.Add(2*time.Hour))
		s.equal(second.Froze, false)
		s.ok(s.get(held.ID).Stopped())
		s.equal(s.trail(second.ID), []string{"file_child_report not_frozen_again (person)"})
		s.equal(s.trail(r.ID), []string{"file_child_report frozen (person)", "decide_child_report rejected desk-a"})
		s.ok(s.decide(second.ID, childreport.Upheld, noon.Add(3*time.Hour)))
		s.status(held.ID, photo.Erasing)
	})
}

func TestAPhotoIsFrozenWhileAnyReportOfItIsOpen(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		id := s.ready(noon).ID
		first, second := s.reported(string(id), noon), s.reported(string(id), noon)
		s.equal(s.childReport(first.ID).Photo.Others, 1)
		s.ok(s.decide(first.ID, childreport.Rejected, noon))
		s.want(s.get(id).Stopped(), photo.ErrFrozen)
		s.ok(s.decide(second.ID, childreport.Rejected, noon))
		s.ok(s.get(id).Stopped())
	})
}

func TestAnUpheldReportEndsWithTheReceiptWhereverTheProcessStops(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		id := s.ready(noon).ID
		r, other := s.reported(string(id), noon), s.reported(string(id), noon.Add(-time.Hour))
		s.ok(s.decide(r.ID, childreport.Upheld, noon.Add(time.Minute)))

		// The process is killed here. The sweep of another finds the photo.
		s.equal(s.due(noon.Add(time.Minute)), []photo.ID{id})
		s.equal(s.sweep(id, noon.Add(time.Minute)), true)
		receipt := s.begun(id)
		s.equal(string(receipt.Reason), string(photo.ErasedOnRequest))
		s.begun(id) // and once more
		upheld, ended := s.childReport(r.ID), s.childReport(other.ID)
		s.equal([]any{upheld.State, upheld.Receipt, upheld.Photo.ID, upheld.ClosedAt}, []any{childreport.Upheld, receipt.ID, photo.ID(""), noon.Add(time.Minute)})
		s.equal([]any{ended.State, ended.Receipt, ended.Photo.ID}, []any{childreport.Ended, receipt.ID, photo.ID("")})
		s.equal(s.trail(other.ID), []string{"file_child_report frozen (person)", "end_child_report ended (service)"})
	})
}

func TestAPhotosOwnEndClosesItsReportsWithTheReceipt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		expired, deleted := s.ready(noon).ID, s.ready(noon).ID
		a, b := s.reported(string(expired), noon), s.reported(string(deleted), noon)
		_, err := s.BeginErasure(t.Context(), deleted)
		s.ok(err)
		s.equal(s.sweep(expired, noon.Add(life)), true)
		for id, r := range map[photo.ID]childreport.ID{expired: a.ID, deleted: b.ID} {
			receipt := s.begun(id)
			got := s.childReport(r)
			s.equal([]any{got.State, got.Receipt, got.Photo.ID, got.ClosedAt.IsZero()}, []any{childreport.Ended, receipt.ID, photo.ID(""), false})
		}
	})
}

func TestAReportOfNoPhotoIsTakenInAllTheSame(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		over := s.ready(noon.Add(-life)).ID
		for _, name := range []string{string(photo.NewID()), string(over), string(s.erasing()), string(s.reserved(noon))} {
			r := s.reported(name, noon)
			s.equal([]any{r.State, r.Photo.ID, r.Froze}, []any{childreport.Received, photo.ID(""), false})
			s.ok(s.decide(r.ID, childreport.Ended, noon))
		}
	})
}

func TestAPhotoIsFoundByTheReferenceOfItsStatistics(t *testing.T) {
	onBoth(t, func(_ *testing.T, s store) {
		id, entry := s.referred(noon)
		r := s.reported(entry.Reference, noon)
		s.equal(r.Photo.ID, id)
		s.want(s.get(id).Stopped(), photo.ErrFrozen)
	})
}

func TestOfTwoOfficersAtOnceOneDecides(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		other := sqlstore.NewChildReports(open(t, s.url)) // another process
		for i := range 30 {
			id := s.ready(noon).ID
			r := s.reported(string(id), noon)
			seen := s.childReport(r.ID)
			uphold, _, err := seen.Decide(childreport.Decision{State: childreport.Upheld, Reason: "Hers.", Version: 1, Officer: "desk-a", Now: noon})
			s.ok(err)
			reject, _, err := seen.Decide(childreport.Decision{State: childreport.Rejected, Reason: "His.", Version: 1, Officer: "desk-b", Now: noon})
			s.ok(err)
			var upheld, rejected error
			var both sync.WaitGroup
			both.Go(func() { upheld = s.children().Save(t.Context(), uphold) })
			both.Go(func() { rejected = other.Save(t.Context(), reject) })
			both.Wait()
			if (upheld == nil) == (rejected == nil) {
				t.Fatalf("run %d: %v, %v", i, upheld, rejected)
			}
			p := s.get(id)
			if gone := p.Status == photo.Erasing; gone != (upheld == nil) || !gone && p.Stopped() != nil {
				t.Fatalf("run %d: the photo is %s, frozen %v", i, p.Status, p.Frozen())
			}
			s.equal(len(s.trail(r.ID)), 2)
		}
	})
}

// TestAReportAndTheSweepAtTheSameInstantLoseNothing has them meet at
// the photo's last millisecond, as the clocks of two processes allow.
func TestAReportAndTheSweepAtTheSameInstantLoseNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		other := store{sqlstore.NewPhotos(open(t, s.url)), t, nil, s.url}
		came := map[bool]int{}
		for i := range 30 {
			id := s.ready(noon).ID
			c, name, _, err := childreport.New(childreport.Filing{Photo: string(id), Ground: "uploaded_by_child", Words: "x", Now: noon.Add(life - time.Millisecond)})
			s.ok(err)
			var filed childreport.Report
			var swept bool
			var both sync.WaitGroup
			both.Go(func() { filed, err = s.children().File(t.Context(), c, name) })
			both.Go(func() { swept = other.sweep(id, noon.Add(life)) })
			both.Wait()
			s.ok(err)
			if !swept {
				t.Fatalf("run %d: the freeze kept the photo from expiring", i)
			}
			receipt := s.begun(id)
			got := s.childReport(filed.ID)
			if filed.Froze && (got.State != childreport.Ended || got.Receipt != receipt.ID) || !filed.Froze && got.State != childreport.Received || got.Photo.ID != "" {
				t.Fatalf("run %d: filed %+v, then %+v", i, filed, got)
			}
			came[filed.Froze]++
		}
		t.Logf("the report came first %d times, the sweep %d times", came[true], came[false])
	})
}

func TestAReportWhileAWorkerFinishesLeavesOneOfTwoStates(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		for i := range 30 {
			held := s.claimed(noon)
			var finished error
			var both sync.WaitGroup
			both.Go(func() { finished = s.Finish(t.Context(), held, photo.Outcome{Status: photo.Ready, Now: noon}) })
			both.Go(func() { s.reported(string(held.ID), noon) })
			both.Wait()
			p := s.get(held.ID)
			want := photo.Queued
			if finished == nil {
				want = photo.Ready
			}
			if !p.Frozen() || p.Status != want {
				t.Fatalf("run %d: %s, frozen %v, finish said %v", i, p.Status, p.Frozen(), finished)
			}
		}
	})
}

func TestWordsAndAddressAreForgottenAndDatesStay(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		early, late := s.reported(string(photo.NewID()), noon), s.reported(string(photo.NewID()), noon)
		s.reported(string(photo.NewID()), noon) // stays open
		s.ok(s.decide(early.ID, childreport.Ended, noon))
		s.ok(s.decide(late.ID, childreport.Ended, noon.Add(time.Hour)))
		n, err := s.children().Forget(t.Context(), noon, 10)
		s.ok(err)
		s.equal(n, 1)
		got := s.childReport(early.ID)
		s.equal([]any{got.Words, got.Reason, got.Email.Reveal(), got.State, got.ClosedAt}, []any{"", "", "", childreport.Ended, noon})
		s.equal(s.childReport(late.ID).Words, "She is mine.")
		n, err = s.children().Forget(t.Context(), noon, 10)
		s.ok(err)
		s.equal(n, 0)
	})
}

func TestAMailedLinkIsFoundByItsTokenAndByItsCodeAsPeopleTypeIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		c, name, keys, err := childreport.New(childreport.Filing{Photo: string(photo.NewID()), Ground: "uploaded_by_child", Words: "x", Email: "a@example.org", Now: noon})
		s.ok(err)
		_, err = s.children().File(t.Context(), c, name)
		s.ok(err)
		for _, given := range []string{keys.Link.Token.Reveal(), strings.ToUpper(keys.Link.Spoken())} {
			r, err := s.children().FindByLink(t.Context(), given)
			s.ok(err)
			s.equal(r.ID, c.Report.ID)
			_, err = s.children().FindByAnswer(t.Context(), given)
			s.want(err, childreport.ErrNotFound)
		}
	})
}

func TestOpenReportsAreOnTheDocketAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		living := s.reported(string(s.ready(noon).ID), noon)
		gone := s.reported(string(photo.NewID()), noon.Add(time.Hour))
		closed := s.reported(string(photo.NewID()), noon)
		s.ok(s.decide(closed.ID, childreport.Ended, noon))
		d := sqlstore.ChildReportDocket{ChildReports: s.children()}
		var ids [3][]string
		for i, list := range []func() ([]docket.Item, error){
			func() ([]docket.Item, error) { return d.Living(t.Context(), noon, 10) },
			func() ([]docket.Item, error) { return d.Waiting(t.Context(), noon, docket.Place{}, 10) },
			func() ([]docket.Item, error) { return d.DueBy(t.Context(), noon.Add(24*time.Hour), docket.Place{}, 10) },
		} {
			items, err := list()
			s.ok(err)
			for _, item := range items {
				ids[i] = append(ids[i], item.ID)
			}
		}
		s.equal(ids, [3][]string{{string(living.ID)}, {string(gone.ID)}, {string(living.ID)}})
		all, overdue, err := s.children().Counts(t.Context(), noon.Add(24*time.Hour))
		s.ok(err)
		s.equal([]int{all, overdue}, []int{2, 1})
		for text, want := range map[string]int{"": 3, "ada@example.org": 3, string(gone.ID[:8]): 1, "<b>": 0, "other@example.org": 0} {
			found, err := s.children().Search(t.Context(), childreport.Search{Text: text}, 10)
			s.ok(err)
			s.equal(len(found), want)
		}
	})
}
