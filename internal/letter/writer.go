package letter

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
)

// The pages that letters link to, below the site's address. The first two take the
// token after the # or the code in a form.
const (
	ConfirmPath = "/privacy/confirm"
	AnswerPath  = "/privacy/answer"
	DeskPath    = "/ops/desk"
)

// Writer writes letters in the service's name.
type Writer struct {
	Site string         // the service's address, such as https://photos.example
	From string         // who signs: the controller's name
	Zone *time.Location // in which days and hours are meant
}

// Envelope says to whom a letter goes and what it belongs to.
type Envelope struct {
	To    email.Address
	About string // the ID of the request or the like
	Now   time.Time
}

//go:embed templates/letter.txt templates/letter.html
var templates embed.FS

var (
	textTemplate = texttemplate.Must(texttemplate.New("letter.txt").Funcs(texttemplate.FuncMap{"wrap": wrap, "indent": indent}).
			ParseFS(templates, "templates/letter.txt"))
	htmlTemplate = htmltemplate.Must(htmltemplate.New("letter.html").ParseFS(templates, "templates/letter.html"))
)

// Write returns the letter; ErrContent if it can't be written like that.
func (w Writer) Write(e Envelope, c Content) (Letter, error) {
	if err := c.check(); err != nil {
		return Letter{}, err
	}
	if e.To == (email.Address{}) || e.About == "" {
		return Letter{}, wrong("it has no addressee or belongs to nothing")
	}
	l := Letter{ID: NewID(), Kind: c.kind(), About: e.About, To: e.To, Written: e.Now, Until: e.Now.Add(keepTrying)}
	var works time.Time
	if l.Secrets, works = c.secrets(); !works.IsZero() && works.Before(l.Until) {
		l.Until = works
	}
	p := &page{writer: w, letter: l}
	c.compose(p)
	var text, html bytes.Buffer
	words := struct {
		Subject, From, Site string
		Blocks              []block
		ToPerson            bool
	}{p.subject, w.From, w.Site, p.blocks, l.Kind != Reminder}
	err := errors.Join(textTemplate.Execute(&text, words), htmlTemplate.Execute(&html, words))
	if err != nil {
		return Letter{}, fmt.Errorf("write a letter: %w", err)
	}
	l.Subject, l.Text, l.HTML = p.subject, strings.TrimLeft(text.String(), "\n"), html.String()
	return l, nil
}

// width is that of a paragraph as text, in characters.
const width = 72

// wrap breaks a paragraph into lines.
func wrap(s string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(s) {
		long := len([]rune(word))
		switch {
		case i == 0:
		case column+1+long > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += long
	}
	return b.String()
}

// indent sets what somebody wrote off from our own words, so that no line of it can
// pass for one of ours.
func indent(s string) string { return "  | " + strings.ReplaceAll(s, "\n", "\n  | ") }
