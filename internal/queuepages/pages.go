// Package queuepages is Asynqmon, the pages of the queue's own project, made fit to
// stand beside ours. They come as one page of scripts that wants more than our pages
// do, so each answer says for itself what a browser may do with it: run the scripts of
// this very page, which are known by their hashes, and its styles, which carry a nonce
// made anew each time. Nothing else is allowed, and nothing from another host: the
// links to fonts elsewhere are taken out, and would be refused.
//
// Who may see the pages, and whose requests may change something, is decided before
// they come here. What an entry holds is shown through the eyes of the caller, so that
// an entry that somebody else put into Redis shows nothing but that it is foreign.
package queuepages

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/hibiken/asynq"
	"github.com/hibiken/asynqmon"
)

// Options are what the pages work with; all are needed.
type Options struct {
	Redis asynq.RedisConnOpt
	Root  string // the path under which they stand, without a slash at its end
	// Describe says what is shown of an entry's payload.
	Describe func(taskType string, payload []byte) string
}

// Pages are for those who may change something and for those who may not.
type Pages struct{ writers, readers *pages }

// New reads the pages of this build. It does not connect to Redis yet. An error means
// that they are not what this package knows how to serve.
func New(o Options) (*Pages, error) {
	writers, err := open(o, false)
	if err != nil {
		return nil, err
	}
	readers, err := open(o, true)
	if err != nil {
		return nil, errors.Join(err, writers.asynqmon.Close())
	}
	return &Pages{writers, readers}, nil
}

// For returns the pages for somebody who may change something, or may not: the others'
// have no buttons for it, and refuse it.
func (p *Pages) For(mayWrite bool) http.Handler {
	if mayWrite {
		return p.writers
	}
	return p.readers
}

// Close closes the connections to Redis.
func (p *Pages) Close() error {
	return errors.Join(p.writers.asynqmon.Close(), p.readers.asynqmon.Close())
}

// pages serve one of the two.
type pages struct {
	asynqmon *asynqmon.HTTPHandler
	root     string
	page     string   // with noncePlace in the place of the nonce
	scripts  []string // sources of its scripts, for the policy
}

func open(o Options, readOnly bool) (*pages, error) {
	p := &pages{root: o.Root, asynqmon: asynqmon.New(asynqmon.Options{
		RootPath: o.Root, RedisConnOpt: o.Redis, ReadOnly: readOnly,
		PayloadFormatter: asynqmon.PayloadFormatterFunc(o.Describe),
		// Our tasks have no results.
		ResultFormatter: asynqmon.ResultFormatterFunc(func(string, []byte) string { return "" }),
	})}
	w := httptest.NewRecorder()
	p.asynqmon.ServeHTTP(w, httptest.NewRequest(http.MethodGet, o.Root+"/", nil))
	if err := p.read(w.Body.String()); err != nil {
		return nil, errors.Join(err, p.asynqmon.Close())
	}
	return p, nil
}

const noncePlace = "[[nonce]]"

var (
	// Links to fonts elsewhere, and to what browsers fetch without the cookie.
	foreignLink  = regexp.MustCompile(`<link ([^>]*href="https?://|rel="manifest")[^>]*>`)
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

// read prepares the one page that there is.
func (p *pages) read(page string) error {
	if !strings.Contains(page, "<head>") {
		return errors.New("the queue's pages of this build have no head")
	}
	page = foreignLink.ReplaceAllString(page, "")
	for _, script := range inlineScript.FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(script[1]))
		p.scripts = append(p.scripts, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	if len(p.scripts) == 0 {
		return errors.New("the queue's pages of this build are not of the form that is known")
	}
	// Where its scripts look for the nonce of the styles that they make.
	p.page = strings.Replace(page, "<head>", `<head><meta property="csp-nonce" content="`+noncePlace+`"/>`, 1)
	return nil
}

// policy is what a browser may do with the page.
func (p *pages) policy(nonce string) string {
	return "default-src 'none'; script-src 'self' " + strings.Join(p.scripts, " ") + "; style-src 'nonce-" + nonce +
		"'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
}

// ServeHTTP answers what lies under /api and /static, and anything else with the page,
// whose scripts know what belongs at which address.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, p.root)
	switch {
	case strings.HasPrefix(rest, "/api/"):
		p.asynqmon.ServeHTTP(w, r)
	case strings.HasPrefix(rest, "/static/"):
		// Named by what is in them.
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
		p.asynqmon.ServeHTTP(w, r)
	case strings.HasSuffix(rest, ".png"), strings.HasSuffix(rest, ".ico"):
		p.asynqmon.ServeHTTP(w, r)
	default:
		nonce := rand.Text()
		w.Header().Set("Content-Security-Policy", p.policy(nonce))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, strings.Replace(p.page, noncePlace, nonce, 1))
	}
}
