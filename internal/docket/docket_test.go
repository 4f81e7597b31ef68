package docket_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func in(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }

func TestTheColourFollowsWhateverEndsFirst(t *testing.T) {
	for _, tt := range []struct {
		due, expires int
		want         docket.Urgency
	}{
		{-1, 0, docket.Overdue}, {0, 0, docket.Overdue}, {1, 0, docket.Today}, {24, 0, docket.Today}, {25, 0, docket.Soon},
		{96, 0, docket.Soon}, {97, 0, docket.Week}, {192, 0, docket.Week}, {193, 0, docket.Later},
		{500, 20, docket.Today}, {500, 60, docket.Soon}, {10, 60, docket.Today}, {500, -5, docket.Later}, // a photo that is gone hurries nobody
	} {
		i := docket.Item{Due: in(tt.due)}
		if tt.expires != 0 {
			i.Expires = in(tt.expires)
		}
		if got := i.Urgency(noon); got != tt.want {
			t.Errorf("due in %d h, photo %d h: %s, want %s", tt.due, tt.expires, got, tt.want)
		}
	}
}

// shelf is a register with its items in order.
type shelf []docket.Item

func (s shelf) Living(context.Context, time.Time, int) ([]docket.Item, error) { return s, nil }

func (s shelf) Waiting(_ context.Context, _ time.Time, after docket.Place, limit int) (page []docket.Item, _ error) {
	for _, i := range s {
		if i.Due.After(after.Due) || i.Due.Equal(after.Due) && i.ID > after.ID {
			page = append(page, i)
		}
	}
	return page[:min(limit, len(page))], nil
}

func (s shelf) DueBy(ctx context.Context, _ time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return s.Waiting(ctx, noon, after, limit)
}

func TestAllRegistersAreOneListThatCanBeGoneThroughPageByPage(t *testing.T) {
	b := docket.Board{
		shelf{{ID: "b", Due: in(1)}, {ID: "d", Due: in(3)}, {ID: "e", Due: in(3)}},
		shelf{{ID: "a", Due: in(2)}, {ID: "c", Due: in(3)}},
		shelf{},
	}
	var ids []string
	for place := (docket.Place{}); ; {
		page, err := b.Waiting(t.Context(), noon, place, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, i := range page {
			ids = append(ids, i.ID)
		}
		place = page[len(page)-1].Place()
	}
	if diff := cmp.Diff([]string{"b", "a", "c", "d", "e"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestLivingPhotosComeByTheirEnd(t *testing.T) {
	b := docket.Board{shelf{{ID: "a", Due: in(1), Expires: in(9)}}, shelf{{ID: "b", Due: in(2), Expires: in(5)}}}
	page, err := b.Living(t.Context(), noon, 1)
	if err != nil || len(page) != 1 || page[0].ID != "b" {
		t.Errorf("%v, %v", page, err)
	}
}

// ended is a register that counts by itself.
type ended struct{ shelf }

func (ended) Count(context.Context, docket.Ends) (docket.Tally, error) {
	return docket.Tally{letter.Contest: {7, 0, 0, 0, 1}}, nil
}

func TestItemsAreCountedByMatterAndTheDaysThatAreLeft(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin") // which puts its clocks forward on 29 March
	if err != nil {
		t.Fatal(err)
	}
	c, err := subjectrequest.NewCalendar(zone)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 27, 9, 0, 0, 0, zone)
	var requests shelf
	for i, day := range []int{25, 26, 26, 27, 28, 28, 29, 30, 31, 34, 35, 36} { // of March, some of them in April
		due := time.Date(2026, 3, day+1, 0, 0, 0, 0, zone)
		if left := (docket.Item{Due: due}).Left(c, now); left != day-27 {
			t.Errorf("on 27 March %d days are left to the %dth", left, day)
		}
		requests = append(requests, docket.Item{Matter: letter.Access, ID: string(rune('a' + i)), Due: due})
	}
	for n := range 600 { // more than a page
		requests = append(requests, docket.Item{Matter: letter.Complaint, ID: fmt.Sprintf("z%03d", n), Due: time.Date(2026, 5, 1, 0, 0, 0, 0, zone)})
	}
	hours := shelf{{Matter: letter.ChildReport, ID: "a", Due: now}, {Matter: letter.ChildReport, ID: "b", Due: now.Add(time.Minute)}, {Matter: letter.Contest, ID: "c", Due: now.Add(time.Minute)}}
	got, err := (docket.Board{requests, ended{}, hours}).Count(t.Context(), docket.EndsAt(c, now))
	want := docket.Tally{
		letter.Access: {3, 1, 2, 2, 2, 2}, letter.Complaint: {0, 0, 0, 0, 0, 600},
		letter.ChildReport: {1, 1}, letter.Contest: {7, 1, 0, 0, 1},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestLateBeforeAShortDayTheBandsFollowEachOther(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c, err := subjectrequest.NewCalendar(zone)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 28, 23, 59, 0, 0, zone) // the next day has 23 hours
	e := docket.EndsAt(c, now)
	for i := 1; i < len(e); i++ {
		if e[i].Before(e[i-1]) {
			t.Errorf("band %d ends at %s, that before at %s", i, e[i], e[i-1])
		}
	}
}

type broken struct{ shelf }

func (broken) Living(context.Context, time.Time, int) ([]docket.Item, error) {
	return nil, errors.New("no answer")
}

func TestAListWithAHoleIsNone(t *testing.T) {
	if got, err := (docket.Board{shelf{{ID: "a"}}, broken{}}).Living(t.Context(), noon, 9); err == nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}
