// Package policy is the privacy policy: what people are promised, in our own words.
// Each version is a Markdown file with the date from which it holds and what has
// changed, in words. The text holds no figure and no name of its own: periods come
// from the retention table, cookies from the list here, and who runs the service from
// its configuration, so that none of them can say something else than what is done.
//
// A version that people have seen is never edited: a change is a new file, with the
// next number as its name.
package policy

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"
	"time"
)

//go:embed versions/*.md
var versions embed.FS

// ErrUnknown says that there is no such version.
var ErrUnknown = errors.New("no such version of the policy")

// Version is one edition of the policy.
type Version struct {
	Number int       // the first is 1
	Date   time.Time // the day from which it holds, at its beginning in UTC

	changed []string // templates; what is new, a sentence or two each
	text    string   // a template of Markdown
}

// Policy is all versions, oldest first; there is at least one.
type Policy struct{ versions []Version }

// Load reads the versions of this build.
func Load() (*Policy, error) { return read(versions) }

func read(files fs.FS) (*Policy, error) {
	p := &Policy{}
	for n := 1; ; n++ {
		content, err := fs.ReadFile(files, "versions/"+strconv.Itoa(n)+".md")
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("policy %d: %w", n, err)
		}
		v, err := parse(n, content)
		if err != nil {
			return nil, fmt.Errorf("policy %d: %w", n, err)
		}
		if n > 1 && v.Date.Before(p.versions[n-2].Date) {
			return nil, fmt.Errorf("policy %d: it is older than the one before", n)
		}
		p.versions = append(p.versions, v)
	}
	if len(p.versions) == 0 {
		return nil, errors.New("there is no policy")
	}
	return p, nil
}

// parse reads a version's file: "date: 2026-11-25", an empty line, "- " before each
// change, an empty line, and the text.
func parse(number int, content []byte) (Version, error) {
	v := Version{Number: number}
	head, rest, _ := strings.Cut(string(content), "\n\n")
	day, ok := strings.CutPrefix(head, "date: ")
	var err error
	if v.Date, err = time.Parse(time.DateOnly, day); !ok || err != nil {
		return v, errors.New("it does not begin with its date, such as date: 2026-11-25")
	}
	changes, text, _ := strings.Cut(rest, "\n\n")
	for s := bufio.NewScanner(strings.NewReader(changes)); s.Scan(); {
		if what, begins := strings.CutPrefix(s.Text(), "- "); begins {
			v.changed = append(v.changed, what)
		} else if n := len(v.changed); n > 0 {
			v.changed[n-1] += " " + strings.TrimSpace(s.Text())
		}
	}
	if v.text = text; len(v.changed) == 0 || strings.TrimSpace(text) == "" {
		return v, errors.New("it does not say what changed, or nothing else")
	}
	return v, nil
}

// InForce is the version that holds: the newest whose day has come.
func (p *Policy) InForce(now time.Time) Version {
	in := p.versions[0] // holds also before its day: there is none before it
	for _, v := range p.versions[1:] {
		if !now.Before(v.Date) {
			in = v
		}
	}
	return in
}

// Find returns a version by its number; ErrUnknown if there is none.
func (p *Policy) Find(number int) (Version, error) {
	if number < 1 || number > len(p.versions) {
		return Version{}, ErrUnknown
	}
	return p.versions[number-1], nil
}

// Versions returns all, oldest first.
func (p *Policy) Versions() []Version { return p.versions }

// Day is the version's date in words.
func (v Version) Day() string { return v.Date.Format("2 January 2006") }

// Changed says what is new in this version, in words without markup.
func (v Version) Changed(f Facts) ([]string, error) {
	said := make([]string, len(v.changed))
	for i, c := range v.changed {
		var err error
		if said[i], err = f.fill(c); err != nil {
			return nil, fmt.Errorf("policy %d: %w", v.Number, err)
		}
	}
	return said, nil
}

// Markdown is the version's text with the facts in it. A heading's anchor stands
// behind it, as {#anchor}.
func (v Version) Markdown(f Facts) (string, error) {
	changed, err := v.Changed(f)
	if err != nil {
		return "", err
	}
	text, err := f.fill(v.text)
	if err != nil {
		return "", fmt.Errorf("policy %d: %w", v.Number, err)
	}
	var b strings.Builder
	b.WriteString(text)
	for _, c := range changed {
		b.WriteString("- " + escape(c) + "\n")
	}
	return b.String(), nil
}

// fill executes a template.
func (f Facts) fill(text string) (string, error) {
	t, err := template.New("policy").Option("missingkey=error").Funcs(f.words()).Parse(text)
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, f); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return b.String(), nil
}
