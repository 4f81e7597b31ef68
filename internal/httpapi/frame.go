package httpapi

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// around returns the pages with the frame that this visitor gets: the policy in
// force, the notice until they close it, and what they chose about an outside
// statistics script. Only with their yes does the answer let the browser load that.
func (a *API) around(c *gin.Context) *webui.Pages {
	current := a.Policy.InForce(a.Now())
	f := webui.Frame{Version: current.Number, Day: current.Day(), Back: "/"}
	if c.Request.Method == http.MethodGet {
		f.Back = c.Request.URL.Path
	}
	if cookieValue(c.Request, policy.NoticeCookie) != strconv.Itoa(current.Number) {
		f.Notice = &webui.Notice{Changed: a.changed[current.Number]}
	}
	if a.Facts.Statistics != "" {
		f.Statistics = a.statisticsFor(c.Request, current)
		if f.Statistics.Allowed && showsNoPhoto(c.FullPath()) {
			f.Script = a.Facts.Statistics
			c.Header("Content-Security-Policy", contentPolicy(a.Facts.Statistics))
		}
	}
	return a.pages.In(f)
}

// statisticsFor reads the visitor's choice. A signal of their browser comes before it.
func (a *API) statisticsFor(r *http.Request, current policy.Version) *webui.Statistics {
	s := &webui.Statistics{Host: a.Facts.Host(), Refused: signalsNo(r)}
	choice, made := policy.ParseChoice(cookieValue(r, policy.ChoiceCookie))
	made = made && choice.Holds(current.Number)
	s.Asks = !made && !s.Refused
	s.Allowed = made && choice.Allowed && !s.Refused
	return s
}

// signalsNo reports whether the browser says no for its owner: by Global Privacy
// Control or by Do Not Track.
func signalsNo(r *http.Request) bool {
	return r.Header.Get("Sec-GPC") == "1" || r.Header.Get("DNT") == "1"
}

// showsNoPhoto reports whether another site's script may run on a page: it could read
// whatever the page shows and open. Forms of the privacy desk show what people say.
func showsNoPhoto(route string) bool {
	return route == "/" || route == "/privacy" || route == "/privacy/:version"
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// remember leaves on the device what its owner chose. It is not for strangers' pages,
// but goes along when somebody follows a link to us.
func remember(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
}

// maxChoice is far more than the small forms of the frame take.
const maxChoice = 4 << 10

// closeNotice is the form of the notice.
func (a *API) closeNotice(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxChoice)
	number, err := strconv.Atoi(c.Request.PostFormValue("version"))
	if err == nil {
		_, err = a.Policy.Find(number)
	}
	if err != nil {
		a.problemPage(c, brokenChoice())
		return
	}
	remember(c.Writer, policy.NoticeCookie, strconv.Itoa(number), policy.NoticeLife)
	c.Redirect(http.StatusSeeOther, wayBack(c.Request.PostFormValue("back")))
}

// chooseStatistics is the form that asks about outside statistics, and the one that
// takes the answer back.
func (a *API) chooseStatistics(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxChoice)
	word := c.Request.PostFormValue("choice")
	if word != "accept" && word != "refuse" {
		a.problemPage(c, brokenChoice())
		return
	}
	choice := policy.Choice{Allowed: word == "accept" && !signalsNo(c.Request), Version: a.Policy.InForce(a.Now()).Number}
	remember(c.Writer, policy.ChoiceCookie, choice.String(), policy.ChoiceLife)
	c.Redirect(http.StatusSeeOther, wayBack(c.Request.PostFormValue("back")))
}

func brokenChoice() *Problem {
	return problem(http.StatusUnprocessableEntity, "invalid_choice", "This choice is none that our pages offer. Go back to the page and choose there.")
}

// wayBack is a page of ours; the first one when what was sent names none.
func wayBack(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Path != path || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return "/"
	}
	return path
}
