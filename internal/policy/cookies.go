package policy

import (
	"fmt"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// The names of the cookies. No other is ever set, and pages leave nothing else on a
// device.
const (
	KeyCookie     = "photo_key"
	VisitorCookie = "visitor"
	NoticeCookie  = "policy_seen"
	ChoiceCookie  = "statistics_choice"
	// OperatorCookie is the one of those who run the service.
	OperatorCookie = "__Host-operator"
)

// How long a device remembers that a notice was dismissed, and what its owner
// chose about outside statistics.
const (
	NoticeLife = retention.Year
	ChoiceLife = 180 * retention.Day
)

// Cookie is one line of the list of what is kept on people's devices.
type Cookie struct {
	Name    string
	Purpose string        // and when it is set
	Life    time.Duration // at most
}

// Cookies lists them all. With outside statistics there is one more.
func Cookies(statistics bool) []Cookie {
	list := []Cookie{
		{KeyCookie, "Opens one photo, on that photo's addresses only. Set by its upload, gone with its deletion.", retention.PictureCeiling},
		{VisitorCookie, "The random user ID of the server log. Set by your first upload, never before.", accesslog.VisitorLife},
		{NoticeCookie, "The number of the policy whose notice you closed. Set when you close it; the same for everybody.", NoticeLife},
	}
	list = append(list, Cookie{OperatorCookie, "Keeps the people who run the service signed in. Set when one of them signs in, for nobody else.", retention.Of(retention.OperatorSessions).Longest})
	if statistics {
		list = append(list, Cookie{ChoiceCookie, "Whether you agreed to statistics by another site, and to which version of this policy. Set when you choose.", ChoiceLife})
	}
	return list
}

// cookieTable writes the list as a Markdown table.
func (f Facts) cookieTable() string {
	var b strings.Builder
	b.WriteString("| Cookie | What for | For at most |\n|---|---|---|\n")
	for _, c := range Cookies(f.Statistics != "") {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, escape(c.Purpose), retention.Words(c.Life))
	}
	return b.String()
}
