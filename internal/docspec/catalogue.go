package docspec

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

//go:embed data/*.json
var data embed.FS

// ErrUnknown is the answer where no document of that ID is in the catalogue.
var ErrUnknown = errors.New("no such document")

// Catalogue holds every document, in the order of their IDs.
type Catalogue struct{ specs []Spec }

// Load reads the embedded catalogue. An error means that this build's data is
// wrong.
func Load() (*Catalogue, error) {
	files, err := fs.Glob(data, "data/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	c := &Catalogue{}
	for _, name := range files {
		specs, err := readCountry(name)
		if err != nil {
			return nil, fmt.Errorf("catalogue file %s: %w", name, err)
		}
		c.specs = append(c.specs, specs...)
	}
	sort.Slice(c.specs, func(i, j int) bool { return c.specs[i].ID < c.specs[j].ID })
	return c, nil
}

// country is the shape of a data file: the country and its sources are said
// once for all its documents.
type country struct {
	Country     string            `json:"country"`
	CountryName string            `json:"country_name"`
	Sources     map[string]Source `json:"sources"`
	Documents   []Spec            `json:"documents"`
}

func readCountry(name string) ([]Spec, error) {
	raw, err := data.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var c country
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, err
	}
	for i := range c.Documents {
		s := &c.Documents[i]
		s.Country, s.CountryName = c.Country, c.CountryName
		s.fillIn()
		s.citeSources(c.Sources)
		if !strings.HasPrefix(s.ID, strings.ToLower(c.Country)+"-") {
			return nil, fmt.Errorf("document %q does not begin with its country", s.ID)
		}
		if err := s.validate(); err != nil {
			return nil, fmt.Errorf("document %s: %w", s.ID, err)
		}
	}
	return c.Documents, nil
}

// Find returns the document of the ID, or ErrUnknown.
func (c *Catalogue) Find(id string) (Spec, error) {
	i := sort.Search(len(c.specs), func(i int) bool { return c.specs[i].ID >= id })
	if i == len(c.specs) || c.specs[i].ID != id {
		return Spec{}, ErrUnknown
	}
	return c.specs[i], nil
}

// Query narrows a listing. Text is looked for in ID, name and country; an empty
// field narrows nothing. The listing starts after the ID After.
type Query struct {
	Text    string
	Country string
	After   string
	Limit   int
}

// Search returns the documents that match, in the order of their IDs, and
// whether more follow.
func (c *Catalogue) Search(q Query) (found []Spec, more bool) {
	text := strings.ToLower(strings.TrimSpace(q.Text))
	for _, s := range c.specs {
		if s.ID <= q.After || !s.matches(text, q.Country) {
			continue
		}
		if len(found) == q.Limit {
			return found, true
		}
		found = append(found, s)
	}
	return found, false
}

func (s Spec) matches(text, country string) bool {
	if country != "" && !strings.EqualFold(country, s.Country) {
		return false
	}
	return text == "" || strings.Contains(strings.ToLower(s.ID+" "+s.CountryName+" "+s.Name), text)
}
