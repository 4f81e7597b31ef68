package policy

import (
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Controller is who runs the service, as Art. 13 GDPR wants it told. All are plain
// text in one line; what is empty is not told.
type Controller struct {
	Name, Address  string
	Email          string // for everything about privacy
	ShineTheLight  string // the one address for requests under California's law
	Representative string // in the European Union
	Officer        string // for data protection
	Authority      string // that takes complaints
}

// Facts are what the policy's text is filled with.
type Facts struct {
	Controller Controller
	// Periods is how long the things of each class are kept here. A class that is
	// not in it counts with its default.
	Periods map[retention.Name]retention.Period
	// Statistics is the address of an outside statistics script; empty for none.
	Statistics string

	// Processors are who works for the controller, those of today; they are Unread
	// when they could not be looked up.
	Processors []register.Processor
	Unread     bool
}

// Host is the site that the outside statistics script comes from; empty for none.
func (f Facts) Host() string {
	u, err := url.Parse(f.Statistics)
	if err != nil {
		return ""
	}
	return u.Host
}

// words are what a version's text can ask for.
func (f Facts) words() template.FuncMap {
	return template.FuncMap{
		"kept":       func(n string) string { return retention.Words(f.period(retention.Name(n)).Length()) },
		"ceiling":    func(n string) string { return retention.Words(retention.Of(retention.Name(n)).Ceiling) },
		"plain":      escape,
		"mail":       mail,
		"host":       func() string { return escape(f.Host()) },
		"cookies":    f.cookieTable,
		"classes":    f.classList,
		"processors": f.processorList,
		"answer":     func() string { return retention.Words(retention.AnswerWithin) },
		"child":      func() string { return hours(retention.ChildDecision) },
		"export":     func() string { return hours(retention.LogExportLife) },
		"lifted":     func() string { return hours(retention.LiftedFloor) },
	}
}

func (f Facts) period(n retention.Name) retention.Period {
	if p, known := f.Periods[n]; known {
		return p
	}
	class := retention.Of(n)
	p, err := class.For(class.Default, false)
	if err != nil {
		panic(err) // the table's own test holds every default against its bounds
	}
	return p
}

// hours says a short period in hours, which is exacter than a day.
func hours(d time.Duration) string { return fmt.Sprintf("%d hours", int(d.Hours())) }

// classList says of each retention class what it is for and how long it is kept.
func (f Facts) classList() string {
	var b strings.Builder
	for _, c := range retention.Classes() {
		since := map[retention.Anchor]string{
			retention.LastEdit: "after your last edit", retention.Creation: "after they were made", retention.Closing: "after they were closed",
			retention.YearEnd: "after the end of their year",
		}[c.Anchor]
		fmt.Fprintf(&b, "- **%s**: %s %s, %s (%s).\n", escape(upper(c.Holds)), retention.Words(f.period(c.Name).Length()), since, escape(c.Purpose), escape(c.Basis))
	}
	return b.String()
}

// processorList says who works for the controller.
func (f Facts) processorList() string {
	switch {
	case f.Unread:
		return "The list can't be read at the moment. Please load this page again in a minute.\n"
	case len(f.Processors) == 0:
		return "At the moment nobody is in it.\n"
	}
	var b strings.Builder
	for _, p := range f.Processors {
		fmt.Fprintf(&b, "- **%s**: %s. Where: %s. ", escape(p.Name), escape(p.Role), escape(p.Region))
		if p.Safeguard != "" {
			fmt.Fprintf(&b, "What protects the data there: %s. ", escape(p.Safeguard))
		}
		fmt.Fprintf(&b, "Contract of %s.\n", p.ContractDate.Format("2 January 2006"))
	}
	return b.String()
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// unset stands, on a developer's machine, for what production has to be told.
const unset = "*(not set on this machine)*"

// escape makes a text stand in Markdown as it is, in one line.
func escape(s string) string {
	if strings.TrimSpace(s) == "" {
		return unset
	}
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if r < 0x80 && strings.ContainsRune("\\`*_{}[]()#+-.!|<>&~\"'$%,/:;=?@^", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mail is an e-mail address to write to.
func mail(address string) string {
	if address == "" {
		return unset
	}
	return "[" + escape(address) + "](<mailto:" + (&url.URL{Path: address}).EscapedPath() + ">)"
}
