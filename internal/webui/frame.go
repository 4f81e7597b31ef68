package webui

import (
	"html/template"
	"io"
)

// Frame is what stands around every page that people see. Its zero value has the
// name above, the links below, and nothing that concerns one visitor.
type Frame struct {
	Version    int    // of the privacy policy in force; 0 leaves it out
	Day        string // from which that holds
	Notice     *Notice
	Statistics *Statistics // nil where no other site's are offered
	Script     string      // address of an outside statistics script; empty for none
	Back       string      // the address of this page, where small forms lead back to
}

// Notice tells that the policy has changed.
type Notice struct{ Changed []string }

// Statistics is how it stands with those of another site.
type Statistics struct {
	Host    string
	Asks    bool // the visitor has not chosen yet
	Allowed bool
	Refused bool // by a setting of the browser, which nothing here overrides
}

// In returns the pages with a frame around them.
func (p *Pages) In(f Frame) *Pages {
	framed := *p
	framed.frame = f
	return &framed
}

// framed is a page's view, which has a Title, with its frame.
type framed struct {
	Frame Frame
	Main  any
}

// Policy is what the page of the privacy policy shows.
type Policy struct {
	Markdown string
	Version  int
	Day      string
	InForce  bool
	Versions []PolicyVersion // all there are
}

// PolicyVersion is a version to choose.
type PolicyVersion struct {
	Number int
	Day    string
}

type policyView struct {
	Policy
	Title string
	Text  template.HTML
}

// Policy renders a version of the privacy policy.
func (p *Pages) Policy(w io.Writer, in Policy) error {
	text, err := html(in.Markdown)
	if err != nil {
		return err
	}
	return p.render(w, "policy", policyView{in, "Privacy policy", text})
}
