package webui

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// deskPath is where the desk's pages are.
const deskPath = "/ops/desk"

// Desk is what the officers' list of all that waits shows, in its order.
type Desk struct {
	Living, Waiting []docket.Item
	Tally           docket.Tally // nil on a later page
	MostLiving      int          // that are listed
	More            string       // the address of the next page; empty for none
	Calendar        subjectrequest.Calendar
	Zone            *time.Location
	By              SignedIn
	Now             time.Time
}

// deskHead is what stands above each of the desk's pages.
type deskHead struct {
	Title   string
	Bar     *barView
	Decides bool
	Links   []linkView
	Sought  string // what the search field has
}

func (s SignedIn) deskHead(title string) deskHead {
	h := deskHead{Title: title, Bar: s.bar(), Decides: s.Operator.Decides()}
	h.Links = []linkView{
		{Href: deskPath, Label: "What waits"},
		{Href: deskPath + "/search", Label: "Search"},
		{Href: deskPath + "/reports", Label: "Reports"},
	}
	if h.Decides {
		h.Links = append(h.Links, linkView{Href: deskPath + "/requests/new", Label: "Enter a request"})
	}
	for i, l := range h.Links {
		h.Links[i].Here = s.Here == l.Href
	}
	return h
}

type deskView struct {
	deskHead
	First, Full     bool // Full: there may be more about living photos
	Living, Waiting []itemView
	Counts          []tallyView
	More            string
}

type itemView struct{ Path, Matter, ID, Short, State, Due, Left, Photo, Urgency string }

type tallyView struct{ Label, Count, Urgency string }

// Desk renders the list of all that waits.
func (p *Pages) Desk(w io.Writer, in Desk) error {
	v := deskView{deskHead: in.By.deskHead("Desk"), First: in.Tally != nil, More: in.More, Full: len(in.Living) == in.MostLiving}
	for _, i := range in.Living {
		v.Living = append(v.Living, in.item(i))
	}
	for _, i := range in.Waiting {
		v.Waiting = append(v.Waiting, in.item(i))
	}
	if v.First {
		v.Counts = counts(in.Tally)
	}
	return p.render(w, "desk", v)
}

// counts are those above the list.
func counts(t docket.Tally) []tallyView {
	var bands [6]int
	all := 0
	for _, some := range t {
		for band, n := range some {
			bands[band] += n
			all += n
		}
	}
	day, week := bands[1], bands[1]+bands[2]+bands[3]+bands[4]
	coloured := func(n int, u docket.Urgency) string {
		if n == 0 {
			return ""
		}
		return string(u)
	}
	return []tallyView{
		{"overdue", strconv.Itoa(bands[0]), coloured(bands[0], docket.Overdue)},
		{"due in the next 24 hours", strconv.Itoa(day), coloured(day, docket.Today)},
		{"due in the next 7 days", strconv.Itoa(week), ""},
		{"in all", strconv.Itoa(all), ""},
	}
}

// shortReference is how many characters of an ID a list shows.
const shortReference = 8

func short(id string) string { return id[:min(shortReference, len(id))] }

func (in Desk) item(i docket.Item) itemView {
	v := itemView{
		Path: i.Path, Matter: raised(i.Matter.AtDesk()), ID: i.ID, Short: short(i.ID), State: standsAt(i.Matter, i.State),
		Left: leftOf(i, in.Calendar, in.Now), Urgency: string(i.Urgency(in.Now)),
	}
	last := in.Calendar.LastDay(i.Due)
	v.Due = dayWords(last)
	if !in.Calendar.End(last).Equal(i.Due) { // by the hour
		v.Due = i.Due.In(in.Zone).Format("2 January 2006, 15:04")
	}
	if i.Lives(in.Now) {
		v.Photo = span(i.Expires.Sub(in.Now)) + " left"
	}
	return v
}

// leftOf says how long is left until something is due: in hours where it is due at a
// moment, else in days.
func leftOf(i docket.Item, c subjectrequest.Calendar, now time.Time) string {
	if !c.End(c.LastDay(i.Due)).Equal(i.Due) {
		words, _ := timeLeft(i.Due, now)
		return words
	}
	return daysLeft(i.Left(c, now))
}

// daysLeft says in words how many days are left; 0 is the last day.
func daysLeft(days int) string {
	switch {
	case days < -1:
		return fmt.Sprintf("overdue by %d days", -days)
	case days == -1:
		return "overdue by 1 day"
	case days == 0:
		return "due today"
	case days == 1:
		return "1 day left"
	}
	return fmt.Sprintf("%d days left", days)
}

// urgencyOf colours what is due at a moment.
func urgencyOf(end, now time.Time) string { return string(docket.UrgencyOf(end, now)) }
