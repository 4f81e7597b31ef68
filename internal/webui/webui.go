// Package webui makes the pages people look at: choose a document and a picture,
// watch the photo being made, see it with its report, take it or delete it.
// Pages are plain HTML that works without a script; one small script adds a
// progress bar and live steps. Nothing comes from another host.
//
// The package turns records into words and HTML. It reads nothing and answers
// no requests: httpapi does that.
package webui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"mime"
	"path"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets
var assets embed.FS

// Pages renders the pages.
type Pages struct {
	byName map[string]*template.Template
	assets map[string][]byte
	frame  Frame
}

// New reads the templates of this build.
func New() (*Pages, error) {
	p := &Pages{byName: map[string]*template.Template{}, assets: map[string][]byte{}}
	files, err := assets.ReadDir("assets")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	for _, f := range files {
		if p.assets[f.Name()], err = assets.ReadFile("assets/" + f.Name()); err != nil {
			return nil, fmt.Errorf("asset: %w", err)
		}
	}
	for _, name := range []string{"home", "photo", "policy", "login", "childform", "ownchildreport", "owncomplaint", "requestform", "door", "filed", "answer"} {
		if err := p.parse(name, "frame.html"); err != nil {
			return nil, err
		}
	}
	// These are for operators, or may be, and have their bar.
	for _, name := range []string{"message", "overview", "authenticator", "recovery", "contests", "contest", "restrictions", "processors", "breaches", "breach", "disclosures", "restriction", "privacy", "letters", "letter", "childreports", "childreport", "complaints", "complaint", "notes", "complaintform", "status", "apiclients", "apikey"} {
		if err := p.parse(name, "frame.html", "operator.html"); err != nil {
			return nil, err
		}
	}
	// These are the desk's, and have its links and search.
	for _, name := range []string{"desk", "deskrequest", "deskfiling", "deskfiled", "desksearch", "deskreports", "deskreport"} {
		if err := p.parse(name, "frame.html", "operator.html", "deskparts.html"); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// parse reads a page's template after those that it is put into.
func (p *Pages) parse(name string, around ...string) error {
	t := template.New(around[0]).Funcs(template.FuncMap{"asset": p.address})
	for _, file := range append(around, name+".html") {
		if _, err := t.ParseFS(templates, "templates/"+file); err != nil {
			return fmt.Errorf("template %s: %w", name, err)
		}
	}
	p.byName[name] = t
	return nil
}

// address names an asset by its content, so that browsers may keep it and still
// get a new one at once.
func (p *Pages) address(name string) string {
	sum := sha256.Sum256(p.assets[name])
	return "/assets/" + name + "?v=" + hex.EncodeToString(sum[:6])
}

// Asset returns a style sheet, script or picture and its content type.
func (p *Pages) Asset(name string) (content []byte, contentType string, ok bool) {
	content, ok = p.assets[name]
	return content, mime.TypeByExtension(path.Ext(name)), ok
}

func (p *Pages) render(w io.Writer, name string, view any) error {
	if err := p.byName[name].Execute(w, framed{p.frame, view}); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return nil
}

// Message is a page that only says something.
type Message struct {
	Title  string
	Detail string
	Code   string // shown small, to copy; may be empty
	// Back is where its link leads, and BackText what it says; to the first page
	// if empty.
	Back, BackText string
	By             *SignedIn // the operator whom it is for; nil for anybody
}

type messageView struct {
	Message
	Bar *barView
}

// Message renders a page that only says something.
func (p *Pages) Message(w io.Writer, m Message) error {
	if m.Back == "" {
		m.Back, m.BackText = "/", "To the first page"
	}
	v := messageView{Message: m}
	if m.By != nil {
		v.Bar = m.By.bar()
	}
	return p.render(w, "message", v)
}
