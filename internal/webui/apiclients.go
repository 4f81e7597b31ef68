package webui

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// APIClients is what the operators' page of API clients shows.
type APIClients struct {
	Current, Revoked []apiclient.Client
	Used             map[apiclient.ID]int // photos of today
	Events           map[apiclient.ID][]audit.Event
	Webhooks         map[apiclient.ID]webhook.Endpoint
	Notices          map[apiclient.ID][]webhook.Record // the newest first
	Tried            Tried
	By               SignedIn
	Now              time.Time
}

type apiClientsView struct {
	Title            string
	Bar              *barView
	Decides, Stray   bool // Stray: the form's entry is not among these any more
	Current, Revoked []apiClientView
	New              formView
}

type apiClientView struct {
	Name, Added, Revoked  string
	Today                 string
	Keys                  []apiKeyView
	Change, Issue, Revoke formView
	Hook, Test, Unhook    formView
	Webhook               webhookView
	Open, Quicker         bool
	Events                []eventView
}

type webhookView struct {
	URL, Stands string
	Bad         bool
	Notices     []noticeView
}

type noticeView struct{ At, Kind, Stands string }

type apiKeyView struct{ Hint, Issued, Used, Ends string }

// APIClients renders the operators' page of API clients.
func (p *Pages) APIClients(w io.Writer, in APIClients) error {
	v := apiClientsView{Title: "API clients", Bar: in.By.bar(), Decides: in.By.Operator.Decides(), Stray: in.Tried.Quicker}
	for _, c := range in.Current {
		one := in.client(c)
		v.Stray = v.Stray && !one.Quicker
		v.Current = append(v.Current, one)
	}
	for _, c := range in.Revoked {
		v.Revoked = append(v.Revoked, apiClientView{Name: c.Name, Added: dayOf(c.Added), Revoked: instant(c.Revoked), Events: eventViews(in.Events[c.ID])})
	}
	v.New = in.form("add", apiclient.Client{ID: "new", PhotosPerDay: 1000})
	return p.render(w, "apiclients", v)
}

func (in APIClients) client(c apiclient.Client) apiClientView {
	v := apiClientView{
		Name: c.Name, Added: dayOf(c.Added), Today: fmt.Sprintf("%d of %d photos today (UTC)", in.Used[c.ID], c.PhotosPerDay),
		Change: in.form("change", c), Issue: in.form("key", c), Revoke: in.form("revoke", c), Events: eventViews(in.Events[c.ID]),
	}
	for _, k := range c.Keys {
		if k.Valid(in.Now) {
			v.Keys = append(v.Keys, keyView(k))
		}
	}
	v.Hook, v.Test, v.Unhook = in.form("webhook", c), in.form("test", c), in.form("unhook", c)
	if e, has := in.Webhooks[c.ID]; has {
		v.Webhook = hookView(e, in.Notices[c.ID])
	}
	v.Open = v.Change.Open || v.Issue.Open || v.Revoke.Open || v.Hook.Open || v.Unhook.Open
	v.Quicker = v.Open && in.Tried.Quicker
	return v
}

func keyView(k apiclient.KeyRecord) apiKeyView {
	v := apiKeyView{Hint: k.Hint, Issued: dayOf(k.Issued), Used: "never used"}
	if !k.Used.IsZero() {
		v.Used = "last used on " + dayOf(k.Used)
	}
	if !k.Ends.IsZero() {
		v.Ends = instant(k.Ends)
	}
	return v
}

func hookView(e webhook.Endpoint, notices []webhook.Record) webhookView {
	v := webhookView{URL: e.URL, Stands: "nothing was delivered yet"}
	switch {
	case e.Off == webhook.Gone:
		v.Bad, v.Stands = true, "switched off "+instant(e.OffAt)+": it answered that it is gone for good (410)"
	case e.Off != "":
		v.Bad, v.Stands = true, "switched off "+instant(e.OffAt)+": it had failed since "+instant(e.FailingSince)
	case !e.FailingSince.IsZero():
		v.Bad, v.Stands = true, "has failed since "+instant(e.FailingSince)
	case !e.Delivered.IsZero():
		v.Stands = "works; the last notice was delivered " + instant(e.Delivered)
	}
	for _, n := range notices {
		v.Notices = append(v.Notices, noticeView{instant(n.At), string(n.Kind), noticeWords(n)})
	}
	return v
}

// noticeWords says how a notice stands.
func noticeWords(n webhook.Record) string {
	words := string(n.State)
	if n.Tries > 1 {
		words += fmt.Sprintf(" after %d tries", n.Tries)
	}
	if n.State == webhook.Delivered || n.Last.Trouble == "" {
		return words
	}
	why := map[webhook.Trouble]string{
		webhook.Unreachable: "nobody answers there", webhook.NotAllowed: "the name leads to an address that is not public", webhook.NotTrusted: "its certificate is not good for the name",
		webhook.TooSlow: "it was too slow", webhook.Sealed: "the secret can't be opened at the moment",
	}[n.Last.Trouble]
	if n.Last.Code != 0 {
		why = fmt.Sprintf("it answered %d", n.Last.Code)
	}
	return words + ": " + why
}

// FormerEndsNow is sent when the key before a new one is to end at once.
const FormerEndsNow = "now"

// NewSecret is sent when a webhook is to get another secret.
const NewSecret = "new"

// form is one of the page's forms.
func (in APIClients) form(action string, c apiclient.Client) formView {
	f := formView{ID: string(c.ID), Action: action, Version: strconv.Itoa(c.Revision), Token: in.By.FormToken, tried: in.Tried, kept: map[string]string{
		"name": c.Name, "photos_per_day": strconv.Itoa(c.PhotosPerDay), "former": "later", "url": in.Webhooks[c.ID].URL, "secret": "keep",
	}}
	if in.Tried.ID == f.ID && in.Tried.Action == action {
		f.Open = true
		if !in.Tried.Quicker {
			f.Version = in.Tried.Sent.Get("version")
		}
	}
	switch action {
	case "key":
		f.add(fieldView{Name: "former", Label: "The key that they have", Type: "select", Options: []optionView{
			{"later", "works for 7 more days"}, {FormerEndsNow, "ends at once, because it was lost or seen"},
		}})
	case "webhook":
		f.add(fieldView{Name: "url", Label: "Address of the webhook", Type: "text", Max: webhook.MaxURL, Hint: "Such as https://hooks.town.example/photos."})
		if in.Webhooks[c.ID].URL != "" {
			f.add(fieldView{Name: "secret", Label: "The secret that signs", Type: "select", Options: []optionView{{"keep", "stays as it is"}, {NewSecret, "is made anew"}}})
		}
	case "add", "change":
		f.add(fieldView{Name: "name", Label: "Name of the organisation", Type: "text", Max: apiclient.MaxName, Hint: "Not of a person."})
		f.add(fieldView{Name: "photos_per_day", Label: "Photos a day", Type: "number"})
	}
	return f
}

// APIKey is what the one page shows that shows a key.
type APIKey struct {
	Key        string
	Signs      bool      // it is the secret of a webhook
	FormerEnds time.Time // when the key before it ends; zero if there was none
	Now        time.Time
	By         SignedIn
}

type apiKeyPageView struct {
	Title, Key, Former string
	Signs              bool
	Bar                *barView
}

// APIKey renders the one page that shows a key.
func (p *Pages) APIKey(w io.Writer, in APIKey) error {
	v := apiKeyPageView{Title: "The API key", Key: in.Key, Signs: in.Signs, Bar: in.By.bar()}
	switch {
	case in.Signs:
		v.Title = "The webhook's secret"
	case in.FormerEnds.IsZero():
	case in.FormerEnds.After(in.Now):
		v.Former = "The key that they have works until " + instant(in.FormerEnds) + "."
	default:
		v.Former = "The keys that they had work no more."
	}
	return p.render(w, "apikey", v)
}
