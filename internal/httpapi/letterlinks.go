package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// The links in letters lead to two pages, one that proves an address and one that shows
// an answer. A link's secret stands after its #, which no server sees; the page's script
// puts it into the form, and whoever has no scripts types the letter's code in. Nothing
// happens before the form is sent, because mail scanners follow links.
//
// Each register whose letters have such links is asked in turn whether a secret is one
// of its own.

// errNotOurs says that a secret opens nothing in this register.
var errNotOurs = errors.New("this opens nothing here")

// confirmer is a register that asks for addresses to be proved.
type confirmer interface {
	// confirm takes the proof, and says what comes next. Beside errNotOurs its problems
	// are linkUsed and linkExpired.
	confirm(ctx context.Context, link secret.Key) (webui.Message, error)
	// renew mails another link in place of one whose time is over.
	renew(ctx context.Context, link secret.Key) error
}

// answerer is a register whose answers are read by a link.
type answerer interface {
	// answer finds what a secret opens, and returns how to show it.
	answer(ctx context.Context, key secret.Key) (shown, error)
}

// shown renders a page.
type shown func(p *webui.Pages, w io.Writer) error

// confirmers and answerers list the registers that there are.
func (a *API) confirmers() []confirmer {
	return []confirmer{ownRequests{a}, ownChildReports{a}, ownComplaints{a}}
}
func (a *API) answerers() []answerer {
	return []answerer{ownRequests{a}, ownChildReports{a}, ownComplaints{a}}
}

// routeLetterLinks adds both pages.
func (a *API) routeLetterLinks() {
	a.engine.GET(letter.ConfirmPath, func(c *gin.Context) { a.askForSecret(c, confirmDoor(), nil) })
	a.engine.POST(letter.ConfirmPath, a.confirmLetter)
	a.engine.GET(letter.AnswerPath, func(c *gin.Context) { a.askForSecret(c, answerDoor(), nil) })
	a.engine.POST(letter.AnswerPath, a.showAnswer)
}

func confirmDoor() webui.Door {
	return webui.Door{
		Path: letter.ConfirmPath, Title: "Confirm your e-mail address",
		Lead: "This tells us that what came under your address is yours. If you did not write to us, close this page.", Button: "Confirm my address",
	}
}

func answerDoor() webui.Door {
	return webui.Door{Path: letter.AnswerPath, Title: "Your request and our answer", Lead: "You can read it here with the link from our mail, its code, or the key that you got when you asked.", Button: "Open it"}
}

// askForSecret shows the form that takes a secret, with why the last one was not taken.
func (a *API) askForSecret(c *gin.Context, d webui.Door, p *Problem) {
	status := http.StatusOK
	if p != nil {
		status, d.Problem = p.Status, p.Detail
		p.headers(c.Writer)
	}
	a.page(c, status, func(w io.Writer) error { return a.around(c).Door(w, d) })
}

// secretIn reads what was sent to open something: a link's secret, or what was typed in,
// a code or a key.
func secretIn(form url.Values) secret.Key {
	if token := form.Get("token"); token != "" {
		return secret.Key(token)
	}
	if code, is := secret.ParseCode(form.Get("code")); is {
		return code
	}
	return secret.Key(strings.ToLower(strings.Join(strings.Fields(form.Get("code")), "")))
}

func (a *API) confirmLetter(c *gin.Context) {
	form, err := formOf(c, maxRight)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	link := secretIn(form)
	if form.Get("again") != "" {
		a.renewLetter(c, link)
		return
	}
	next, err := a.confirm(c.Request.Context(), link)
	if err == nil {
		a.page(c, http.StatusOK, func(w io.Writer) error { return a.around(c).Message(w, next) })
		return
	}
	p, door := a.problemOf(err), confirmDoor()
	if p.Code == linkExpired().Code {
		door.Renews = link.Reveal() // which opens nothing any more but a new mail to the same address
	}
	a.askForSecret(c, door, p)
}

func (a *API) confirm(ctx context.Context, link secret.Key) (webui.Message, error) {
	for _, r := range a.confirmers() {
		if next, err := r.confirm(ctx, link); !errors.Is(err, errNotOurs) {
			return next, err
		}
	}
	return webui.Message{}, unknownLink()
}

// renewLetter answers the button under a link whose time is over.
func (a *API) renewLetter(c *gin.Context, link secret.Key) {
	err := errNotOurs
	for _, r := range a.confirmers() {
		if err = r.renew(c.Request.Context(), link); !errors.Is(err, errNotOurs) {
			break
		}
	}
	if errors.Is(err, errNotOurs) {
		err = unknownLink()
	}
	if err != nil {
		a.askForSecret(c, confirmDoor(), a.problemOf(err))
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.around(c).Message(w, webui.Message{Title: "A new link is on its way", Detail: "We have mailed it to the same address. Look also where unwanted mail goes. The links before it open nothing any more."})
	})
}

func (a *API) showAnswer(c *gin.Context) {
	form, err := formOf(c, maxRight)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	key, err := secretIn(form), errNotOurs
	var show shown
	for _, r := range a.answerers() {
		if show, err = r.answer(c.Request.Context(), key); !errors.Is(err, errNotOurs) {
			break
		}
	}
	if errors.Is(err, errNotOurs) {
		err = unknownAnswer()
	}
	if err != nil {
		a.askForSecret(c, answerDoor(), a.problemOf(err))
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return show(a.around(c), w) })
}

func unknownLink() *Problem {
	return problem(http.StatusNotFound, "unknown_link", "This link or code opens nothing here. Check the code against the newest mail from us: an older link ends when a newer one is sent.")
}

func unknownAnswer() *Problem {
	return problem(http.StatusNotFound, "unknown_answer", "This opens nothing here. Check it letter by letter. An answer can be read for 14 days; then it is deleted, and its link and code with it.")
}
