package webui

import (
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// DeskFiling is what the page shows on which an officer enters a request.
type DeskFiling struct {
	Tried    Tried
	Calendar subjectrequest.Calendar
	By       SignedIn
	Now      time.Time
}

// The fields of a request that an officer enters, as they are sent.
const (
	KindField    = "kind"
	ChannelField = "channel"
	ArrivedField = "arrived"
	EmailField   = "email"
	MessageField = "message"
)

type deskFilingView struct {
	deskHead
	Form    formView
	Problem string
}

// Entered are the ways in which what an officer enters arrived.
func Entered() []subjectrequest.Channel {
	return []subjectrequest.Channel{subjectrequest.Letter, subjectrequest.Phone, subjectrequest.DesignatedMail}
}

// DeskFiling renders the page on which an officer enters a request.
func (p *Pages) DeskFiling(w io.Writer, in DeskFiling) error {
	v := deskFilingView{deskHead: in.By.deskHead("Enter a request")}
	v.Form = formView{Action: "new", Token: in.By.FormToken, tried: in.Tried, Open: in.Tried.Sent != nil, kept: map[string]string{ArrivedField: in.Calendar.Day(in.Now).String()}}
	kinds, channels := []optionView{{"", "Choose one"}}, []optionView{{"", "Choose one"}}
	for _, k := range subjectrequest.Kinds() {
		kinds = append(kinds, optionView{string(k), KindWords(k)})
	}
	for _, c := range Entered() {
		channels = append(channels, optionView{string(c), raised(channelWords(c))})
	}
	v.Form.add(fieldView{Name: KindField, Label: "What the person asks for", Type: "select", Options: kinds})
	v.Form.add(fieldView{Name: ChannelField, Label: "How it arrived", Type: "select", Options: channels})
	v.Form.add(fieldView{Name: ArrivedField, Label: "Day on which it arrived", Type: "date", Hint: "The time to answer runs from this day, not from today."})
	v.Form.add(fieldView{Name: EmailField, Label: "E-mail address, if the person gave one", Type: "text", Max: 254, Hint: "An acknowledgement and the answer go there. Without one, give the person the key that the next page shows."})
	v.Form.add(fieldView{Name: MessageField, Label: "What the person says, in their words", Type: "area", Max: subjectrequest.MaxWords, Rows: 8, Hint: "At most " + strconv.Itoa(subjectrequest.MaxWords) + " characters. It is forgotten when the request is closed."})
	if in.Tried.Field == "" {
		v.Problem = in.Tried.Problem
	}
	return p.render(w, "deskfiling", v)
}

// DeskFiled is what is shown once of a request that an officer has entered.
type DeskFiled struct {
	Request subjectrequest.Request
	Key     string // the person's
	By      SignedIn
}

type deskFiledView struct {
	deskHead
	ID, Due, Key string
	Door         string // where the key opens the answer
}

// DeskFiled renders the page that gives the officer the person's key.
func (p *Pages) DeskFiled(w io.Writer, in DeskFiled) error {
	return p.render(w, "deskfiled", deskFiledView{
		deskHead: in.By.deskHead("The request is entered"), ID: string(in.Request.ID), Due: dayWords(in.Request.Due()), Key: in.Key, Door: letter.AnswerPath,
	})
}
