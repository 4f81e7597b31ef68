package letter

import (
	"fmt"
	"strings"
	"time"
)

// page collects what a letter says. Both templates render the same blocks, so the
// text and the HTML can't say different things.
type page struct {
	writer  Writer
	letter  Letter // for its marks
	subject string // of our own words and a reference only
	blocks  []block
}

// block is one paragraph or the like: one of the fields is set, and Label with a URL or
// a fact.
type block struct {
	Say   string // our words
	Quote string // somebody's words
	Code  string // to be typed in
	Label string
	URL   string
	Fact  string
}

func (p *page) say(format string, args ...any) {
	p.blocks = append(p.blocks, block{Say: fmt.Sprintf(format, args...)})
}

func (p *page) quote(text string) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	p.blocks = append(p.blocks, block{Quote: text})
}

func (p *page) link(label, path string) {
	p.blocks = append(p.blocks, block{Label: label, URL: p.writer.Site + path})
}

// secretLink is a link with the token, and the code to be typed in at the same page.
func (p *page) secretLink(label, path string) {
	p.link(label, path+"#"+p.letter.tokenMark())
	p.say("If the link does not work, go to %s and type in this code:", p.writer.Site+path)
	p.blocks = append(p.blocks, block{Code: p.letter.codeMark()})
}

func (p *page) fact(label, value string) {
	p.blocks = append(p.blocks, block{Label: label, Fact: value})
}

// reference tells how to refer to the case.
func (p *page) reference(c Case) {
	p.fact("Reference", c.Reference)
	p.say("You can answer this mail; please leave the reference in its subject.")
}

func (p *page) day(t time.Time) string { return t.In(p.writer.Zone).Format("Monday, 2 January 2006") }

// moment is a day with the time, for what ends within it.
func (p *page) moment(t time.Time) string {
	return t.In(p.writer.Zone).Format("Monday, 2 January 2006, 15:04 MST")
}
