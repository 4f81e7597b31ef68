package webui

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// DeskSearch is what the desk's search shows.
type DeskSearch struct {
	Search   subjectrequest.Search // as it was asked for
	Sought   string                // what was typed in
	Found    []subjectrequest.Request
	Most     int          // that a page lists
	Others   []FoundEntry // what other registers have
	Calendar subjectrequest.Calendar
	By       SignedIn
	Now      time.Time
}

// FoundEntry is an entry of another register.
type FoundEntry struct {
	Matter   letter.Matter
	ID, Path string
}

type deskSearchView struct {
	deskHead
	Kinds, States []optionView
	Kind, State   string
	Found         []foundView
	Others        []foundView
	More          string
}

type foundView struct{ Path, ID, Short, What, State, Arrived, Person, Due, Urgency string }

// DeskSearch renders the desk's search.
func (p *Pages) DeskSearch(w io.Writer, in DeskSearch) error {
	v := deskSearchView{deskHead: in.By.deskHead("Search"), Kind: string(in.Search.Kind), State: string(in.Search.State), More: in.more()}
	v.Sought = in.Sought
	v.Kinds, v.States = []optionView{{"", "Any kind"}}, []optionView{{"", "Any state"}}
	for _, k := range subjectrequest.Kinds() {
		v.Kinds = append(v.Kinds, optionView{string(k), KindWords(k)})
	}
	for _, s := range subjectrequest.States() {
		v.States = append(v.States, optionView{string(s), raised(stateWords(s))})
	}
	for _, r := range in.Found {
		v.Found = append(v.Found, in.found(r))
	}
	for _, o := range in.Others {
		v.Others = append(v.Others, foundView{Path: o.Path, ID: o.ID, What: raised(o.Matter.AtDesk())})
	}
	return p.render(w, "desksearch", v)
}

func (in DeskSearch) found(r subjectrequest.Request) foundView {
	v := foundView{
		Path: deskPath + "/requests/" + string(r.ID), ID: string(r.ID), Short: short(string(r.ID)), What: KindWords(r.Kind),
		State: stateWords(r.State), Arrived: dayWords(r.ArrivedOn),
	}
	if r.Email != (email.Address{}) && in.By.Operator.Decides() {
		v.Person = r.Email.Reveal()
	}
	switch due := r.Due(); {
	case !due.IsZero():
		v.Due = daysLeft(in.Calendar.DaysLeft(due, in.Now))
		v.Urgency = urgencyOf(in.Calendar.End(due), in.Now)
	case !r.AnsweredOn.IsZero():
		v.Due = "answered " + dayWords(r.AnsweredOn)
	}
	return v
}

// more is the address of the next page; empty for none.
func (in DeskSearch) more() string {
	if len(in.Found) < in.Most || in.Most == 0 {
		return ""
	}
	last := in.Found[len(in.Found)-1].Filed()
	q := url.Values{"before": {strconv.FormatInt(last.At.UnixMilli(), 10) + "." + string(last.ID)}}
	for name, value := range map[string]string{"q": in.Sought, "kind": string(in.Search.Kind), "state": string(in.Search.State)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return deskPath + "/search?" + q.Encode()
}
